using McpQdrant.Server.Http;
using Microsoft.AspNetCore.Routing.Template;

namespace McpQdrant.Server.Rest;

/// <summary>Answers what no route of the API does: with 405 where another method would be served, with 415 where a body of another type would be, else with 404.</summary>
internal static class OtherRequests
{
    public static void MapOtherRequests(this RouteGroupBuilder group) => group.Map("{**path}", RefuseAsync).ExcludeFromDescription();

    private static Task RefuseAsync(HttpContext context, EndpointDataSource endpoints)
    {
        string[] methods = [.. MethodsAt(context.Request.Path, endpoints)];
        if (methods.Length == 0)
            return Problem.WriteAsync(context, StatusCodes.Status404NotFound, $"There is nothing at this address. What there is, GET {RestApi.Path} says.");

        if (methods.Contains(context.Request.Method, StringComparer.OrdinalIgnoreCase))
            return Problem.WriteAsync(context, StatusCodes.Status415UnsupportedMediaType, RestBody.WrongType);

        var allowed = string.Join(", ", methods);
        context.Response.Headers.Allow = allowed;
        return Problem.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, $"This address takes {allowed} only.");
    }

    private static IEnumerable<string> MethodsAt(PathString path, EndpointDataSource endpoints) => endpoints.Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.GetMetadata<EndpointKind>() == EndpointKind.Rest && Matches(endpoint, path))
        .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])
        .Distinct()
        .Order(StringComparer.Ordinal);

    private static bool Matches(RouteEndpoint endpoint, PathString path) =>
        new TemplateMatcher(TemplateParser.Parse(endpoint.RoutePattern.RawText!), []).TryMatch(path, []);
}
