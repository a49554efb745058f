using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using McpQdrant.Server.Authentication;
using Microsoft.Net.Http.Headers;

namespace McpQdrant.Server.Explorer;

/// <summary>The Explorer: a page at <c>/</c> for people, who look at what agents kept and mend it. Its files are in the program.</summary>
internal static class ExplorerPage
{
    /// <summary>Where its files and its session are; the page itself is at <c>/</c>.</summary>
    public const string Path = "/explorer";

    private const string Index = "index.html";

    /// <summary>Nothing but the page's own files and the server it came from; no script within HTML, and none made of text.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    public static IServiceCollection AddExplorer(this IServiceCollection services, CallerAuthenticationOptions authentication)
    {
        services.AddSingleton<SessionEndpoints>();
        return authentication.IsConfigured ? services.AddBrowserSessions(authentication.SessionSecret) : services;
    }

    /// <param name="asksWhoCalls">Whether callers are authenticated.</param>
    public static void MapExplorer(this WebApplication app, bool asksWhoCalls)
    {
        foreach (var name in Names())
        {
            var file = File.Read(name);
            // Before what the older transport has at the root.
            app.MapMethods(name == Index ? "/" : $"{Path}/{name}", [HttpMethods.Get, HttpMethods.Head], file.WriteAsync).ExcludeFromDescription().WithOrder(-1);
        }
        app.Services.GetRequiredService<SessionEndpoints>().Map(app, asksWhoCalls);
    }

    private static IEnumerable<string> Names() =>
        from resource in Assembly.GetExecutingAssembly().GetManifestResourceNames()
        where resource.StartsWith("explorer/", StringComparison.Ordinal)
        select resource["explorer/".Length..];

    /// <summary>One file with its tag, as it is and compressed.</summary>
    private sealed record File(string Type, byte[] Bytes, byte[] Compressed, string Tag)
    {
        public static File Read(string name)
        {
            using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream($"explorer/{name}")!;
            using var bytes = new MemoryStream();
            resource.CopyTo(bytes);
            using var compressed = new MemoryStream();
            using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize))
                gzip.Write(bytes.GetBuffer(), 0, (int)bytes.Length);
            return new File(Types[System.IO.Path.GetExtension(name)], bytes.ToArray(), compressed.ToArray(), $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray()))[..16]}\"");
        }

        public async Task WriteAsync(HttpContext context)
        {
            var (request, response) = (context.Request, context.Response);
            var headers = response.Headers;
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers.XFrameOptions = "DENY";
            headers.XContentTypeOptions = "nosniff";
            headers[HeaderNames.Vary] = "Accept-Encoding";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
            // A newer program has other files under the same names: a browser asks, and is told in a few bytes.
            headers.CacheControl = "no-cache";
            headers.ETag = Tag;
            if (request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(new EntityTagHeaderValue(Tag), useStrongComparison: false) || known == EntityTagHeaderValue.Any))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }

            var takesGzip = request.GetTypedHeaders().AcceptEncoding.Any(encoding => encoding.Value == "gzip" && encoding.Quality != 0);
            var body = takesGzip ? Compressed : Bytes;
            if (takesGzip)
                headers.ContentEncoding = "gzip";
            response.ContentType = Type;
            response.ContentLength = body.Length;
            if (!HttpMethods.IsHead(request.Method))
                await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}
