using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using McpQdrant.Server.Http;
using McpQdrant.Server.Rest.OpenApi;
using Microsoft.AspNetCore.ResponseCompression;

namespace McpQdrant.Server.Rest;

/// <summary>The REST API: what people's programs and pages do with memories, by the same keys, policy, limits and audit as agents.</summary>
internal static class RestApi
{
    public const string Path = "/api/v1";

    /// <summary>Other programs may have stored metadata that are nested deeply: they can be answered.</summary>
    private const int MaxAnswerDepth = 1024;

    /// <param name="asksWhoCalls">Whether callers are authenticated.</param>
    public static IServiceCollection AddRestApi(this IServiceCollection services, bool asksWhoCalls) => services
        .AddRestDocument(asksWhoCalls)
        .AddSingleton<RestErrors>()
        .AddSingleton<AboutEndpoints>()
        .AddSingleton<CollectionEndpoints>()
        .AddSingleton<MemoryEndpoints>()
        .AddSingleton<SearchEndpoints>()
        .AddSingleton<ForgetEndpoints>()
        .AddSingleton<HistoryEndpoints>()
        .AddSingleton<MapEndpoints>()
        .AddSingleton<TransferEndpoints>()
        .AddSingleton<HealthEndpoints>()
        .AddResponseCompression(compression =>
        {
            // Answers hold no secret beside what a page of others could have put there, and such a page can't call at all.
            compression.EnableForHttps = true;
            compression.Providers.Add<GzipCompressionProvider>();
            compression.MimeTypes = ["application/json", Problem.ContentType, TransferEndpoints.Lines];
        })
        .ConfigureHttpJsonOptions(options =>
        {
            var json = options.SerializerOptions;
            json.TypeInfoResolverChain.Insert(0, RestJson.Default);
            json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            json.NumberHandling = JsonNumberHandling.Strict;
            json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            json.MaxDepth = MaxAnswerDepth;
        });

    public static void UseRestApi(this WebApplication app) => app.UseWhen(
        context => EndpointKind.Of(context) == EndpointKind.Rest,
        rest =>
        {
            rest.UseResponseCompression();
            rest.Use(app.Services.GetRequiredService<RestErrors>().InvokeAsync);
        });

    /// <param name="asksWhoCalls">Whether callers are authenticated.</param>
    public static void MapRestApi(this WebApplication app, bool asksWhoCalls)
    {
        var group = app.MapGroup(Path).WithMetadata(EndpointKind.Rest).MayRefuse();
        if (asksWhoCalls)
            group.RequireAuthorization();

        app.Services.GetRequiredService<AboutEndpoints>().Map(group.MapGroup("").WithTags("Server"));
        app.Services.GetRequiredService<CollectionEndpoints>().Map(group.MapGroup("").WithTags("Collections"));
        app.Services.GetRequiredService<MemoryEndpoints>().Map(group.MapGroup("").WithTags("Memories"));
        app.Services.GetRequiredService<SearchEndpoints>().Map(group.MapGroup("").WithTags("Search"));
        app.Services.GetRequiredService<ForgetEndpoints>().Map(group.MapGroup("").WithTags("Forgetting"));
        app.Services.GetRequiredService<HistoryEndpoints>().Map(group.MapGroup("").WithTags("History"));
        app.Services.GetRequiredService<MapEndpoints>().Map(group.MapGroup("").WithTags("Collections"));
        app.Services.GetRequiredService<TransferEndpoints>().Map(group.MapGroup("").WithTags("Transfer"));
        app.Services.GetRequiredService<HealthEndpoints>().Map(group.MapGroup("").WithTags("Server"));
        app.MapRestDocument(asksWhoCalls);
        group.MapOtherRequests();
    }
}
