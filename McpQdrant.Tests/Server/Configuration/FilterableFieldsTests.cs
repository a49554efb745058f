using McpQdrant.Core.Collections;
using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Tests.Server.Configuration;

public sealed class FilterableFieldsTests
{
    public static TheoryData<string, string> Refused => new()
    {
        { "[", "line 1, byte 2 is no JSON. It must be a JSON array of objects." },
        { "\"name\"", "it must be a JSON array of objects." },
        { "[1]", "Field 1 must be an object." },
        { """[{"description": "d", "field_type": "keyword"}]""", "Field 1 has no name." },
        { """[{"name": 7, "description": "d", "field_type": "keyword"}]""", "Field 1 must have a text as its name." },
        { Field("my field", "keyword", "=="), "The field 'my field' must have a name of 1 to 64 letters, digits, '_', '-' and '.'." },
        { Field("", "keyword", "=="), "The field '' must have a name of 1 to 64 letters, digits, '_', '-' and '.'." },
        { """[{"name": "a", "field_type": "keyword"}]""", "The field 'a' has no description." },
        { """[{"name": "a", "description": "d"}]""", "The field 'a' has no field_type. Allowed are keyword, integer, float, boolean." },
        { Field("a", "string", "=="), "The field 'a' has the field_type 'string'. Allowed are keyword, integer, float, boolean." },
        { Field("a", "keyword", "="), "The field 'a' has the condition '='. Allowed for keyword are ==, !=, any, except." },
        { Field("a", "keyword", ">"), "The field 'a' has the condition '>'. Allowed for keyword are ==, !=, any, except." },
        { Field("a", "float", "=="), "The field 'a' has the condition '=='. Allowed for float are >, >=, <, <=." },
        { Field("a", "boolean", "any"), "The field 'a' has the condition 'any'. Allowed for boolean are ==, !=." },
        { Field("a", "integer", "between"), "The field 'a' has the condition 'between'. Allowed for integer are ==, !=, >, >=, <, <=, any, except." },
        { Field("query", "keyword", "=="), "The field 'query' has the name of an argument that qdrant-find has already. Choose another one." },
        { """[{"name": "a", "description": "d", "field_type": "keyword", "required": "yes"}]""", "The field 'a' must have true or false as required." },
        {
            """[{"name": "a", "description": "d", "field_type": "keyword", "requierd": true}]""",
            "The field 'a' has the unknown property 'requierd'. Known are name, description, field_type, condition, required."
        },
        {
            """[{"name": "a", "description": "d", "field_type": "keyword"}, {"name": "a", "description": "d", "field_type": "keyword"}]""",
            "The field 'a' is there twice."
        },
        {
            """[{"name": "a", "description": "d", "field_type": "x"}, {"name": "b", "field_type": "keyword"}]""",
            "The field 'a' has the field_type 'x'. Allowed are keyword, integer, float, boolean. The field 'b' has no description."
        },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Load_refuses_a_field_and_names_it(string json, string sentences) =>
        Assert.Equal($"FILTERABLE_FIELDS: {sentences}", Load.Error(("FILTERABLE_FIELDS", json)));

    [Fact]
    public void Load_reads_fields_as_the_python_server_does()
    {
        var fields = Read("""
            [
              {"name": "project", "description": "The project", "field_type": "keyword", "condition": "==", "required": true},
              {"name": "author.name", "description": "", "field_type": "keyword", "condition": null},
              {"name": "year", "description": "The year", "field_type": "integer", "condition": ">="}
            ]
            """);

        Assert.Equal(
            [
                new FilterableField("project", "The project", FieldType.Keyword, FilterOperator.Equal, Required: true),
                new FilterableField("author.name", "", FieldType.Keyword, null, Required: false),
                new FilterableField("year", "The year", FieldType.Integer, FilterOperator.GreaterOrEqual, Required: false),
            ],
            fields);
    }

    [Theory]
    [InlineData("keyword", "==,!=,any,except")]
    [InlineData("integer", "==,!=,>,>=,<,<=,any,except")]
    [InlineData("float", ">,>=,<,<=")]
    [InlineData("boolean", "==,!=")]
    public void Load_allows_each_type_its_conditions(string type, string conditions)
    {
        foreach (var condition in "==,!=,>,>=,<,<=,any,except".Split(','))
        {
            if (conditions.Split(',').Contains(condition))
                Assert.NotNull(Assert.Single(Read(Field("a", type, condition))).Condition);
            else
                Load.Error(("FILTERABLE_FIELDS", Field("a", type, condition)));
        }
    }

    private static IReadOnlyList<FilterableField> Read(string json) => Load.Environment(("FILTERABLE_FIELDS", json)).Get(Settings.FilterableFields);

    private static string Field(string name, string type, string condition) =>
        $$"""[{"name": "{{name}}", "description": "d", "field_type": "{{type}}", "condition": "{{condition}}"}]""";
}
