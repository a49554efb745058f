using McpQdrant.Server.Http;

namespace McpQdrant.Server.Rest.OpenApi;

/// <summary>Which problems a route may answer, for the document.</summary>
internal static class Failures
{
    /// <summary>Of any route: who calls is not known or may not, calls too often, or the store doesn't answer.</summary>
    public static RouteGroupBuilder MayRefuse(this RouteGroupBuilder group)
    {
        foreach (var status in (int[])[StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status429TooManyRequests, StatusCodes.Status503ServiceUnavailable])
            group.WithMetadata(Of(status));
        return group;
    }

    /// <param name="statuses">Besides those of any route.</param>
    public static RouteHandlerBuilder MayFail(this RouteHandlerBuilder route, params int[] statuses)
    {
        foreach (var status in statuses)
            route.WithMetadata(Of(status));
        return route;
    }

    /// <summary>It takes a body in JSON, which may be none, too long, too slow, or of another type.</summary>
    public static RouteHandlerBuilder Takes<TBody>(this RouteHandlerBuilder route) where TBody : notnull => route
        .Accepts<TBody>("application/json")
        .MayFail(StatusCodes.Status400BadRequest, StatusCodes.Status408RequestTimeout, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType);

    private static ProducesResponseTypeMetadata Of(int status) => new(status, typeof(Problem), [Problem.ContentType]);
}
