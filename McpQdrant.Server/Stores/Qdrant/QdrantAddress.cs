using System.Diagnostics.CodeAnalysis;

namespace McpQdrant.Server.Stores.Qdrant;

/// <summary>Reads the address of a Qdrant server as people write it.</summary>
/// <remarks>
/// Without a port it is 6333, for https too, as Qdrant's own clients have it: <c>:443</c> has to be written out. A path is kept as
/// the prefix that a proxy serves Qdrant under. Without a scheme it is http.
/// </remarks>
internal static class QdrantAddress
{
    public const int DefaultPort = 6333;
    public const int GrpcPort = 6334;

    /// <param name="refusal">What is wrong with the text, as the end of a sentence.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out Uri? address, [NotNullWhen(false)] out string? refusal)
    {
        address = null;
        var spelled = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        if (!Uri.TryCreate(spelled.Trim(), UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            refusal = "is not a URL such as http://localhost:6333";
        else if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            refusal = $"has the scheme '{uri.Scheme}'; write http:// or https://";
        else if (uri.UserInfo.Length > 0)
            refusal = "holds a user name or password; give the key as QDRANT_API_KEY";
        else if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
            refusal = "has a query or fragment; end it after the port or the path";
        else
        {
            refusal = null;
            address = new UriBuilder(uri) { Port = HasPort(uri) ? uri.Port : DefaultPort, Path = $"{uri.AbsolutePath.TrimEnd('/')}/" }.Uri;
        }

        return address is not null;
    }

    /// <summary>Whether a port was written, be it the scheme's own.</summary>
    private static bool HasPort(Uri uri)
    {
        var rest = uri.OriginalString.AsSpan(uri.OriginalString.IndexOf("://", StringComparison.Ordinal) + 3);
        var end = rest.IndexOfAny("/\\");
        var authority = end < 0 ? rest : rest[..end];
        return authority.LastIndexOf(':') > authority.LastIndexOf(']');
    }
}
