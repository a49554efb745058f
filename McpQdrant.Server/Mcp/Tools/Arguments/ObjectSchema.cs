using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpQdrant.Server.Mcp.Tools.Arguments;

/// <summary>A JSON schema of an object, put together from its properties.</summary>
internal sealed class ObjectSchema
{
    /// <summary>An object of any fields. It names one, since some clients refuse an object without properties.</summary>
    public const string AnyObject = """{"type": "object", "properties": {"kind": {"type": "string"}}, "additionalProperties": true}""";

    private readonly JsonObject _properties = [];
    private readonly JsonArray _required = [];

    public IReadOnlyList<string> Names => [.. _properties.Select(property => property.Key)];

    public ObjectSchema Required(string name, string schema, string description) => Add(name, schema, description, isRequired: true);

    public ObjectSchema Optional(string name, string schema, string description) => Add(name, schema, description, isRequired: false);

    /// <summary>The same with or without, so that a chain needn't be broken.</summary>
    public ObjectSchema When(bool condition, Func<ObjectSchema, ObjectSchema> add) => condition ? add(this) : this;

    public JsonElement Build()
    {
        var schema = new JsonObject { ["type"] = "object", ["properties"] = _properties.DeepClone() };
        if (_required.Count > 0)
            schema["required"] = _required.DeepClone();
        return JsonElement.Parse(schema.ToJsonString());
    }

    private ObjectSchema Add(string name, string schema, string description, bool isRequired)
    {
        var property = JsonNode.Parse(schema)!.AsObject();
        property["description"] = description;
        _properties.Add(name, property);
        if (isRequired)
            _required.Add((JsonNode)name);
        return this;
    }
}
