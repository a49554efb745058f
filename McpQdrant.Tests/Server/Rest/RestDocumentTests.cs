using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using McpQdrant.Server.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace McpQdrant.Tests.Server.Rest;

/// <summary>The OpenAPI document is true: every route is in it, and whatever is asked, no answer is outside it.</summary>
/// <remarks>A few requests each time; <c>REST_REQUESTS=10000</c> makes as many.</remarks>
public sealed class RestDocumentTests
{
    private const int Standard = 600;

    private static readonly string[] Texts =
    [
        "notes", "others", "nowhere", "größe x", "..", "a:b", "", " ", "0", "7", "-1", "201", "18446744073709551615", "7d", "2026-01-31", "soon", "never", "the cat", "key", "{}", "[]", "null", "{\"kind\":\"fact\"}",
        "{\"must\":[{\"key\":\"metadata.kind\",\"match\":{\"value\":\"fact\"}}]}", "{\"must\":7}", "\"", "*", "\"tag\"", "W/\"tag\"", "00000000-0000-0000-0000-000000000000", "anonymous", "%2F", "\u0000", "😀", "true", "replace", "a.csv", "a.md", "text=body",
    ];

    private static readonly string[] Objects =
    [
        "{}", """{"kind":"fact"}""", """{"kind":null,"n":[1,2.5,true]}""", """{"must":[{"key":"metadata.kind","match":{"value":"fact"}}]}""", """{"must_not":[{"is_empty":{"key":"metadata.none"}}]}""",
        """{"should":[{"has_id":[7]}]}""", """{"must":{"key":7}}""", """{"a":{"b":{"c":{}}}}""",
    ];

    private static readonly string[] Files =
    [
        "", "no json", "{\"text\": \"a line\"}\n{\"text\": 7}\n{\"id\": \"7\", \"text\": \"b\", \"metadata\": {\"kind\": \"fact\"}}", "[{\"text\": \"a\"}]", "text,kind\na,b\n", "body\na\n", "# A note\n\nwith text", "PK\u0003\u0004", "SQLite format 3\0",
        "{\"format\":\"mcp-server-qdrant memories\",\"version\":1,\"collection\":\"secret\",\"memories\":9}\n{\"text\":\"x\"}", "{\"format\":\"mcp-server-qdrant memories\",\"version\":2,\"collection\":\"notes\"}",
    ];

    [Fact]
    public async Task Every_route_is_in_the_document_with_its_parameters()
    {
        await using var rest = await RestServer.StartAsync(isQdrant: false, ("MCP_API_KEY", "a-key-of-the-tests"));
        var unknown = await rest.SendAsync("GET", "/openapi.json");

        var description = await RestDescription.ReadAsync(rest, "a-key-of-the-tests");

        Assert.Equal(HttpStatusCode.Unauthorized, unknown.Status);
        Assert.StartsWith("3.1.", description.Document["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        var routes = from endpoint in rest.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                     where endpoint.Metadata.GetMetadata<EndpointKind>() == EndpointKind.Rest
                     from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []
                     select $"{method} /{endpoint.RoutePattern.RawText!.Trim('/')}";
        Assert.Equal(routes.Except(["GET /api/v1/openapi.json"]).Order(StringComparer.Ordinal), description.Operations.Select(operation => $"{operation.Method} {operation.Path}").Order(StringComparer.Ordinal));
        Assert.All(description.Operations, operation => Assert.NotNull(operation.Json["summary"]));
        Assert.All(description.Operations.SelectMany(operation => operation.Json["parameters"]?.AsArray() ?? []), parameter => Assert.NotNull(parameter!["description"]));
        Assert.Equal("bearer", description.Document["components"]!["securitySchemes"]!["bearer"]!["scheme"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_answer_is_outside_the_document(bool isQdrant)
    {
        await using var rest = await RestServer.StartAsync(isQdrant, ("FASTMCP_LOG_LEVEL", "ERROR"));
        var description = await RestDescription.ReadAsync(rest);
        await rest.StoreAsync("notes", "The key rotates on fridays.", """{"kind": "fact"}""");
        await rest.StoreAsync("others", "the cat");
        var known = new Dictionary<string, List<string>>();
        var requests = int.TryParse(Environment.GetEnvironmentVariable("REST_REQUESTS"), CultureInfo.InvariantCulture, out var count) ? count : Standard;

        await Gen.Int[0, int.MaxValue - 1].SampleAsync(async seed =>
        {
            var random = new RandomRequest(description, new Random(seed), known);
            var operation = description.Operations[random.Next(description.Operations.Count)];
            var answer = await random.SendAsync(rest, operation);

            description.Check(operation, answer);
            Assert.DoesNotContain("   at ", answer.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("Exception", answer.Body, StringComparison.Ordinal);
            Assert.DoesNotContain(rest.Server.Log.Events, entry => entry.Level >= LogLevel.Error);
            Learn(answer, known);
        }, iter: requests, threads: 1);
    }

    /// <summary>Random requests may never come to what an operation answers when all is well; these do, for each of them.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_operation_answers_as_the_document_says(bool isQdrant)
    {
        await using var rest = await RestServer.StartAsync(isQdrant);
        var description = await RestDescription.ReadAsync(rest);
        var done = new List<string>();
        const string Collection = "/collections/notes";

        var id = (await DoAsync("storeMemory", $"{Collection}/memories", """{"text": "The key rotates on fridays.", "metadata": {"kind": "fact"}, "expires": "30d"}""")).GetProperty("id").GetString();
        await DoAsync("about", "");
        await DoAsync("health", "/health");
        await DoAsync("listCollections", "/collections");
        await DoAsync("getCollection", Collection);
        await DoAsync("listMemories", $"{Collection}/memories?limit=1");
        await DoAsync("getMemory", $"{Collection}/memories/{id}");
        await DoAsync("updateMemory", $"{Collection}/memories/{id}", """{"text": "The key rotates on mondays."}""");
        await DoAsync("search", $"{Collection}/search", """{"query": "key"}""");
        await DoAsync("searchAll", "/search", """{"query": "key"}""");
        await DoAsync("map", $"{Collection}/map");
        await DoAsync("export", $"{Collection}/export");
        await DoAsync("import", $"{Collection}/import", """{"text": "a line"}""");
        var code = (await DoAsync("previewForget", $"{Collection}/forget/preview", $$"""{"ids": ["{{id}}"]}""")).GetProperty("code").GetString();
        var change = (await DoAsync("forget", $"{Collection}/forget", $$"""{"ids": ["{{id}}"], "code": "{{code}}"}""")).GetProperty("change").GetString();
        Assert.Equal(2, (await DoAsync("listChanges", $"{Collection}/changes")).GetProperty("changes").GetArrayLength());
        await DoAsync("undo", $"{Collection}/undo", $$"""{"changes": ["{{change}}"]}""");
        await DoAsync("forgetMemory", $"{Collection}/memories/{id}");

        Assert.Equal(description.Operations.Select(operation => operation.Id).Order(), done.Order());

        async Task<JsonElement> DoAsync(string name, string path, string? body = null)
        {
            var operation = Assert.Single(description.Operations, operation => operation.Id == name);
            var answer = await rest.SendAsync(operation.Method, path, body);
            Assert.True((int)answer.Status is >= 200 and < 300, $"{answer.Request}: {answer.Body}");
            description.Check(operation, answer);
            done.Add(name);
            return answer.ContentHeaders.ContentType?.MediaType == "application/json" ? answer.Json : default;
        }
    }

    /// <summary>Ids, codes and cursors are of use in requests that follow.</summary>
    private static void Learn(RestAnswer answer, Dictionary<string, List<string>> known)
    {
        if (answer.ContentHeaders.ContentType?.MediaType != "application/json")
            return;
        foreach (var name in new[] { "id", "change", "code", "nextCursor", "etag" })
        {
            var values = known.TryGetValue(name, out var there) ? there : known[name] = [];
            values.AddRange(Values(answer.Json, name));
            values.RemoveRange(0, Math.Max(0, values.Count - 10));
        }

        static IEnumerable<string> Values(JsonElement json, string name) => json.ValueKind switch
        {
            JsonValueKind.Object => json.EnumerateObject().SelectMany(field => field.Name == name && field.Value.ValueKind == JsonValueKind.String ? [field.Value.GetString()!] : Values(field.Value, name)),
            JsonValueKind.Array => json.EnumerateArray().SelectMany(item => Values(item, name)),
            _ => [],
        };
    }

    /// <summary>A request as the document has it, or nearly so.</summary>
    private sealed class RandomRequest(RestDescription description, Random random, Dictionary<string, List<string>> known)
    {
        public int Next(int count) => random.Next(count);

        public Task<RestAnswer> SendAsync(RestServer rest, RestOperation operation)
        {
            var (path, query, headers) = (operation.Path["/api/v1".Length..], new StringBuilder(), new List<(string, string)>());
            foreach (var (name, place, schema) in operation.Parameters)
            {
                if (place == "path")
                    path = path.Replace($"{{{name}}}", Segment(name), StringComparison.Ordinal);
                else if (random.Next(3) == 0 && place == "query")
                    query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(Value(name, schema)));
                else if (random.Next(2) == 0 && place == "header")
                    headers.Add((name, new string([.. Text(name).Where(char.IsAscii).Where(sign => !char.IsControl(sign))])));
            }
            return rest.SendAsync(operation.Method, path + query, operation.IsUpload ? Files[random.Next(Files.Length)] : operation.Body is { } body ? Body(body) : null, prepare: request => headers.ForEach(header => request.Headers.TryAddWithoutValidation(header.Item1, header.Item2)));
        }

        /// <summary>Dots alone would be taken for another address by the client itself, and an address with NUL is none to the listener.</summary>
        private string Segment(string name)
        {
            var text = name == "collection" && random.Next(3) > 0 ? "notes" : Text(name);
            return Uri.EscapeDataString(text.Trim('.', '\0').Length == 0 ? "notes" : text);
        }

        private string Value(string name, JsonNode schema) => schema["type"]!.GetValue<string>() == "integer" && random.Next(4) > 0 ? $"{random.Next(-2, 210)}" : Text(name);

        /// <summary>What an answer gave for it before, most of the time.</summary>
        private string Text(string name)
        {
            var kind = name switch { "ids" or "memory" => "id", "changes" => "change", "cursor" => "nextCursor", "If-Match" => "etag", _ => name };
            return known.TryGetValue(kind, out var values) && values.Count > 0 && random.Next(4) > 0 ? values[random.Next(values.Count)] : Texts[random.Next(Texts.Length)];
        }

        private string Body(JsonNode schema) => random.Next(20) switch
        {
            0 => "",
            1 => "{\"text\": \"\\ud800\"}",
            2 => Objects[random.Next(Objects.Length)],
            _ => Json("", schema)?.ToJsonString() ?? "null",
        };

        private JsonNode? Json(string name, JsonNode schema)
        {
            if (random.Next(40) == 0)
                return Objects[random.Next(Objects.Length)] is var odd && random.Next(2) == 0 ? JsonNode.Parse(odd) : JsonValue.Create(random.Next(-3, 60));
            if (schema["$ref"] is { } reference)
                return Json(name, description.Schema(reference.GetValue<string>()));
            if (schema["oneOf"] is JsonArray choices)
                return Json(name, choices[random.Next(choices.Count)]!);

            var type = schema["type"] is JsonArray types ? types[random.Next(types.Count)]!.GetValue<string>() : schema["type"]!.GetValue<string>();
            return type switch
            {
                "null" => null,
                "boolean" => JsonValue.Create(random.Next(2) == 0),
                "integer" => JsonValue.Create(random.Next(-1, 55)),
                "string" => JsonValue.Create(Text(name)),
                "array" => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Json(name, schema["items"]!))]),
                "object" when schema["properties"] is JsonObject properties => Fields(schema, properties),
                "object" => JsonNode.Parse(Objects[random.Next(Objects.Length)]),
                _ => throw new Xunit.Sdk.XunitException($"The document has the type {type}, which this test doesn't know."),
            };
        }

        private JsonObject Fields(JsonNode schema, JsonObject properties)
        {
            var required = (schema["required"]?.AsArray() ?? []).Select(name => name!.GetValue<string>()).ToHashSet();
            var json = new JsonObject();
            foreach (var (name, field) in properties)
            {
                if (random.Next(20) > 0 && required.Contains(name) || random.Next(5) < 2)
                    json[name] = Json(name, field!);
            }
            return json;
        }
    }
}
