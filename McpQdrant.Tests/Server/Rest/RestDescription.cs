using System.Text.Json.Nodes;
using NJsonSchema;

namespace McpQdrant.Tests.Server.Rest;

/// <summary>What the server's own OpenAPI document says.</summary>
internal sealed class RestDescription
{
    private readonly Dictionary<string, JsonSchema> _schemas = [];

    private RestDescription(JsonNode document, IReadOnlyList<RestOperation> operations) => (Document, Operations) = (document, operations);

    public JsonNode Document { get; }

    public IReadOnlyList<RestOperation> Operations { get; }

    public static async Task<RestDescription> ReadAsync(RestServer rest, string? bearer = null)
    {
        var answer = await rest.SendAsync("GET", "/openapi.json", bearer: bearer);
        Assert.True(answer.Status == System.Net.HttpStatusCode.OK, answer.Body);
        var document = JsonNode.Parse(answer.Body)!;
        var description = new RestDescription(document,
        [
            .. from path in document["paths"]!.AsObject()
               from method in path.Value!.AsObject()
               select new RestOperation(method.Key.ToUpperInvariant(), path.Key, method.Value!["operationId"]!.GetValue<string>(), method.Value!),
        ]);
        foreach (var (name, _) in document["components"]!["schemas"]!.AsObject())
            description._schemas.Add(name, await description.SchemaAsync(name));
        return description;
    }

    public JsonObject Schema(string reference) => Document["components"]!["schemas"]![reference.Split('/')[^1]]!.AsObject();

    /// <summary>Holds an answer against what the document says of it.</summary>
    public void Check(RestOperation operation, RestAnswer answer)
    {
        var status = ((int)answer.Status).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var response = operation.Json["responses"]![status];
        Assert.True(response is not null, $"{operation.Id} answered {status}, which the document doesn't have: {answer.Body}\n{answer.Request}");
        if (response["content"] is not JsonObject content)
        {
            Assert.Empty(answer.Body);
            return;
        }

        var type = answer.ContentHeaders.ContentType?.MediaType;
        Assert.True(type is not null && content.ContainsKey(type), $"{operation.Id} answered {status} as {type}\n{answer.Request}");
        if (content[type]!["schema"]?["$ref"] is { } reference)
            Assert.Empty(_schemas[reference.GetValue<string>().Split('/')[^1]].Validate(answer.Body));
    }

    private async Task<JsonSchema> SchemaAsync(string name)
    {
        var schema = Schema(name).DeepClone();
        schema["definitions"] = Document["components"]!["schemas"]!.DeepClone();
        return await JsonSchema.FromJsonAsync(schema.ToJsonString().Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal));
    }
}

/// <param name="Path">With parameters in braces.</param>
internal sealed record RestOperation(string Method, string Path, string Id, JsonNode Json)
{
    public IEnumerable<(string Name, string In, JsonNode Schema)> Parameters =>
        (Json["parameters"]?.AsArray() ?? []).Select(parameter => (parameter!["name"]!.GetValue<string>(), parameter["in"]!.GetValue<string>(), parameter["schema"]!));

    public bool IsUpload => Json["requestBody"]?["content"]?["application/octet-stream"] is not null;

    /// <summary>The schema of its JSON body; null where it takes none.</summary>
    public JsonNode? Body => Json["requestBody"]?["content"]?["application/json"]?["schema"];
}
