using McpQdrant.Stores.Qdrant;

namespace McpQdrant.Server.Hosting.Configuration;

/// <summary>Reads the address of a Qdrant server as the Python server's client reads it, but for a path without a port.</summary>
internal static class QdrantUrl
{
    /// <summary>Where Qdrant's REST API listens; a host without a port means this one, also with https.</summary>
    public const int RestPort = QdrantOptions.RestPort;

    private const int GrpcPort = 6334;

    public static Uri Read(string text)
    {
        var url = HttpAddress.Read(WithScheme(text.Trim()));
        // Qdrant itself serves no path, so one means a proxy, which listens on the port of its scheme.
        if (!NamesPort(url) && url.AbsolutePath == "/")
            url = new Uri($"{url.Scheme}://{url.Host}:{RestPort}");

        return url.Port == GrpcPort
            ? throw new SettingException(
                $"port {GrpcPort} of {SettingText.Quote(text)} is Qdrant's gRPC port, and this server speaks REST. Name the REST port, usually {RestPort}.")
            : new Uri(url.OriginalString.TrimEnd('/'));
    }

    /// <summary>This machine may be named without a scheme. For another one, whether to encrypt is not ours to guess.</summary>
    private static string WithScheme(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal) || !Uri.TryCreate($"http://{text}", UriKind.Absolute, out var url) || url.UserInfo.Length > 0)
            return text;

        return url.IsLoopback
            ? $"http://{text}"
            : throw new SettingException($"{SettingText.Quote(text)} has no scheme. Write http://{text} or https://{text}.");
    }

    private static bool NamesPort(Uri url)
    {
        var authority = url.OriginalString.AsSpan(url.Scheme.Length + "://".Length);
        if (authority.IndexOf('/') is var end and >= 0)
            authority = authority[..end];

        return authority.LastIndexOf(':') > authority.LastIndexOf(']');
    }
}
