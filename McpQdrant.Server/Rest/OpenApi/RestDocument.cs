using System.Text.Json;
using System.Text.Json.Nodes;
using McpQdrant.Server.Http;
using McpQdrant.Server.Mcp;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace McpQdrant.Server.Rest.OpenApi;

/// <summary>The API in OpenAPI 3.1, at <c>/api/v1/openapi.json</c>: made of the routes and the types of what they take and answer.</summary>
internal static class RestDocument
{
    public const string Path = $"{RestApi.Path}/openapi.json";

    private const string Bearer = "bearer";
    private const string KeyHeader = "key";

    /// <summary>Any file, under any type: its bytes and its name tell what it is.</summary>
    private static OpenApiRequestBody File => new()
    {
        Required = true,
        Content = new Dictionary<string, OpenApiMediaType> { ["application/octet-stream"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } } },
    };

    public static IServiceCollection AddRestDocument(this IServiceCollection services, bool asksWhoCalls) => services.AddOpenApi(options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = endpoint => endpoint.ActionDescriptor.EndpointMetadata.OfType<EndpointKind>().Contains(EndpointKind.Rest);
        options.CreateSchemaReferenceId = type => type.Type == typeof(JsonElement) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        options.AddDocumentTransformer((document, _, _) =>
        {
            Describe(document, asksWhoCalls);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<EndpointKind.Upload>().Any())
                operation.RequestBody = File;
            foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
                RestParameters.Describe(parameter);
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            // Metadata and filters are objects of the caller's own.
            if (context.JsonTypeInfo.Type == typeof(JsonElement) || context.JsonTypeInfo.Type == typeof(JsonElement?))
                schema.Type = JsonSchemaType.Object;
            return Task.CompletedTask;
        });
    });

    public static void MapRestDocument(this WebApplication app, bool asksWhoCalls)
    {
        var document = app.MapOpenApi(Path).WithMetadata(EndpointKind.Rest).WithName("openapi");
        if (asksWhoCalls)
            document.RequireAuthorization();
    }

    private static void Describe(OpenApiDocument document, bool asksWhoCalls)
    {
        document.Info = new OpenApiInfo { Title = "McpQdrant", Version = McpServices.Version, Description = "Memories of agents: look at them, mend them, take changes back." };
        // The address is the one that the document was read from, whatever stands before this server.
        document.Servers = [new OpenApiServer { Url = "/" }];
        if (!asksWhoCalls)
            return;

        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key, or a token of the authorization server." },
            [KeyHeader] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-API-Key", Description = "A key." },
        };
        document.Security = [Requirement(Bearer, document), Requirement(KeyHeader, document)];
    }

    private static OpenApiSecurityRequirement Requirement(string scheme, OpenApiDocument document) => new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
}

/// <summary>What the parameters of addresses and headers are.</summary>
internal static class RestParameters
{
    private static readonly Dictionary<string, string> Meanings = new(StringComparer.Ordinal)
    {
        ["collection"] = "The name of the collection.",
        ["id"] = "The id of the memory: a UUID, or a whole number.",
        ["limit"] = "How many at most.",
        ["cursor"] = "The nextCursor of the page before; without it the first page.",
        ["since"] = "The earliest time: 2026-01-31T09:00:00Z, 2026-01-31, or an age such as 7d.",
        ["until"] = "The latest time; a date includes its day.",
        ["metadata"] = "A JSON object of fields and the values that they must have.",
        ["filter"] = "A filter in Qdrant's language, as a JSON object.",
        ["memory"] = "Only changes of the memory with this id.",
        ["by"] = "Only changes of this caller.",
        ["name"] = "What the file is called: its end tells .csv, .tsv, .md and .txt.",
        ["onConflict"] = "What becomes of a memory whose id is taken by another content: keep what is there (keep), replace it, or keep the newer one.",
        ["dryRun"] = "true says what would be done, and stores nothing.",
        ["map"] = "For JSON and CSV: which fields are the text, id, created, updated and metadata, as text=FIELD,…",
        ["split"] = "true makes a memory of each turn of a conversation, and of each heading of a note.",
        ["If-Match"] = "The ETag of the memory as the caller knows it: in another state it is not changed.",
    };

    public static void Describe(OpenApiParameter parameter)
    {
        parameter.Description = Meanings[parameter.Name!];
        if (parameter.Name == "limit")
            parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = $"{RestLimits.MaxPage}", Default = JsonValue.Create(RestLimits.Page) };
    }
}

/// <summary>How many entries a page of a list has.</summary>
internal static class RestLimits
{
    public const int Page = 50;

    public const int MaxPage = 200;
}
