using System.Net;
using System.Text.RegularExpressions;
using McpQdrant.Tests.Deployment;

namespace McpQdrant.Tests.Server.Explorer;

public sealed partial class ExplorerPageTests
{
    [Fact]
    public async Task Nothing_of_it_answers_unless_it_is_asked_for()
    {
        await using var server = await ExplorerServer.StartAsync(("MCP_EXPLORER", "false"));

        foreach (var path in (string[])["/", "/explorer", "/explorer/app.js", "/explorer/session", "/api/v1"])
            Assert.Equal(HttpStatusCode.NotFound, (await server.SendAsync("GET", path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.SendAsync("POST", "/explorer/session", """{"key":"x"}""")).Status);
    }

    [Fact]
    public async Task Page_and_all_that_it_names_are_served_with_their_types()
    {
        await using var server = await ExplorerServer.StartAsync(("MCP_API_KEY", ExplorerServer.Key));
        var seen = new Dictionary<string, string?> { ["/"] = null };

        while (seen.FirstOrDefault(file => file.Value is null).Key is { } path)
        {
            var answer = await server.SendAsync("GET", path);
            Assert.True(answer.Status == HttpStatusCode.OK, path);
            seen[path] = answer.ContentHeaders.ContentType!.ToString();
            foreach (Match named in Named().Matches(answer.Body))
                seen.TryAdd(new Uri(new Uri(server.Server.Address, path), named.Groups[1].Value).AbsolutePath, null);
        }

        Assert.Equal("text/html; charset=utf-8", seen["/"]);
        Assert.Equal("text/css; charset=utf-8", seen["/explorer/app.css"]);
        Assert.Equal("image/svg+xml", seen["/explorer/icon.svg"]);
        Assert.All(seen.Where(file => file.Key.EndsWith(".js", StringComparison.Ordinal)), file => Assert.Equal("text/javascript; charset=utf-8", file.Value));
        Assert.True(seen.Count > 6, string.Join(' ', seen.Keys));
    }

    [Fact]
    public async Task Page_may_load_nothing_of_others_and_be_in_no_frame()
    {
        await using var server = await ExplorerServer.StartAsync();

        foreach (var path in (string[])["/", "/explorer/app.js"])
        {
            var answer = await server.SendAsync("GET", path);
            var policy = answer.Header("Content-Security-Policy");
            Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
            Assert.Equal("DENY", answer.Header("X-Frame-Options"));
            Assert.Equal("no-referrer", answer.Header("Referrer-Policy"));
        }
    }

    [Fact]
    public async Task Files_are_asked_for_anew_and_sent_again_only_when_they_changed()
    {
        await using var server = await ExplorerServer.StartAsync();
        var first = await server.SendAsync("GET", "/explorer/app.js");
        var again = await server.SendAsync("GET", "/explorer/app.js", prepare: request => request.Headers.IfNoneMatch.Add(first.Headers.ETag!));
        var other = await server.SendAsync("GET", "/explorer/app.css", prepare: request => request.Headers.IfNoneMatch.Add(first.Headers.ETag!));
        var packed = await server.SendAsync("GET", "/explorer/app.js", prepare: request => request.Headers.TryAddWithoutValidation("Accept-Encoding", "br, gzip"));
        var head = await server.SendAsync("HEAD", "/");

        Assert.Equal((HttpStatusCode.NotModified, ""), (again.Status, again.Body));
        Assert.Equal(HttpStatusCode.OK, other.Status);
        Assert.Equal("no-cache", first.Header("Cache-Control"));
        Assert.Equal("gzip", Assert.Single(packed.ContentHeaders.ContentEncoding));
        Assert.True(packed.ContentHeaders.ContentLength < first.ContentHeaders.ContentLength);
        Assert.Equal((HttpStatusCode.OK, ""), (head.Status, head.Body));
    }

    /// <summary>What the policy refuses shall not be tried; and strings of the page are in one file.</summary>
    [Fact]
    public async Task Page_has_no_script_and_no_style_of_its_own_within_HTML()
    {
        await using var server = await ExplorerServer.StartAsync();

        var page = (await server.SendAsync("GET", "/")).Body;

        Assert.DoesNotMatch("<script(?![^>]* src=)|<style| style=| on[a-z]+=|https?://", page);
    }

    /// <summary>Browsers that know no Trusted Types would do it.</summary>
    /// <remarks>What drawings are called by is a name, and nobody is asked for it.</remarks>
    [Fact]
    public void Scripts_make_no_HTML_and_no_script_of_texts_and_name_no_other_host()
    {
        var scripts = Directory.GetFiles(Repository.File("McpQdrant.Server/Explorer/Page"), "*.js");

        Assert.True(scripts.Length >= 8);
        Assert.All(scripts, script => Assert.DoesNotMatch(
            @"innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|\beval\(|new Function|javascript:|https?://", File.ReadAllText(script).Replace("\"http://www.w3.org/2000/svg\"", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Old_transport_has_the_page_too()
    {
        await using var server = await ExplorerServer.StartAsync(("MCP_TRANSPORT", "sse"));

        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync("GET", "/")).Status);
    }

    [GeneratedRegex("""(?:href=|src=|from )"((?!#)[^"]+)""")]
    private static partial Regex Named();
}
