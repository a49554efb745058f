using McpQdrant.Tests.Protocol;
using McpQdrant.Tests.Server.Observability;
using static McpQdrant.Tests.Browser.Visit;

namespace McpQdrant.Tests.Browser;

/// <summary>The command <c>explorer</c>, as the real program: whoever started it is in, by an address that is good once, and nobody else.</summary>
[Collection(BrowserTests.Name)]
public sealed class ExplorerCommandTests(Chromium chromium)
{
    [Fact]
    public async Task Its_address_signs_in_once_and_leaves_no_code_behind()
    {
        using var folder = new TemporaryFolder();
        await using var process = ServerProcess.Start(["explorer", "--no-browser"], Environment(folder));
        var address = await AddressAsync(process);

        await using var visit = await StartAsync(chromium, new Uri(address.GetLeftPart(UriPartial.Authority)), path: address.PathAndQuery + address.Fragment);
        await Expect(visit.Page.GetByText("There is nothing yet.")).ToBeVisibleAsync();
        Assert.DoesNotContain("code", visit.Page.Url, StringComparison.Ordinal);
        await visit.Page.ReloadAsync();
        await Expect(visit.Page.GetByText("There is nothing yet.")).ToBeVisibleAsync();

        await using var other = await StartAsync(chromium, new Uri(address.GetLeftPart(UriPartial.Authority)), path: address.PathAndQuery + address.Fragment);
        await Expect(other.Page.GetByText("This address was used before")).ToBeVisibleAsync();
        await Expect(other.Page.GetByText("Run mcp-server-qdrant explorer again")).ToBeVisibleAsync();
    }

    internal static Dictionary<string, string?> Environment(TemporaryFolder folder) =>
        new() { ["QDRANT_LOCAL_PATH"] = folder.File("store"), ["EMBEDDING_MODEL_PATH"] = Watched.TinyModel, ["FASTMCP_PORT"] = "1" };

    internal static async Task<Uri> AddressAsync(ServerProcess process)
    {
        while (await process.ReadLineAsync() is { } line)
        {
            if (line.Trim() is var text && text.StartsWith("http://127.0.0.1:", StringComparison.Ordinal))
                return new Uri(text);
        }
        throw new InvalidOperationException(process.Errors);
    }
}
