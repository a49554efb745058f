using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpQdrant.Server.Mcp.Tools.Arguments;

/// <summary>A JSON schema of an object, put together from its properties.</summary>
internal sealed class ObjectSchema
{
    /// <summary>An object of any fields. It names one, since some clients refuse an object without properties.</summary>
    public const string AnyObject = """{"type": "object", "properties": {"kind": {"type": "string"}}, "additionalProperties": true}""";

    public const string AnyText = """{"type": "string"}""";

    private readonly JsonObject _properties = [];
    private readonly JsonArray _required = [];

    public IReadOnlyList<string> Names => [.. _properties.Select(property => property.Key)];

    /// <param name="description">Null where the name says it: whatever a schema holds is read by a model in each conversation.</param>
    public ObjectSchema Required(string name, string schema, string? description = null) => Add(name, schema, description, isRequired: true);

    /// <inheritdoc cref="Required"/>
    public ObjectSchema Optional(string name, string schema, string? description = null) => Add(name, schema, description, isRequired: false);

    /// <summary>The same with or without, so that a chain needn't be broken.</summary>
    public ObjectSchema When(bool condition, Func<ObjectSchema, ObjectSchema> add) => condition ? add(this) : this;

    public JsonElement Build()
    {
        var schema = new JsonObject { ["type"] = "object", ["properties"] = _properties.DeepClone() };
        if (_required.Count > 0)
            schema["required"] = _required.DeepClone();
        return JsonElement.Parse(schema.ToJsonString());
    }

    private ObjectSchema Add(string name, string schema, string? description, bool isRequired)
    {
        var property = JsonNode.Parse(schema)!.AsObject();
        if (description is not null)
            property["description"] = description;
        _properties.Add(name, property);
        if (isRequired)
            _required.Add((JsonNode)name);
        return this;
    }
}
