using System.CommandLine;
using System.Text;
using McpQdrant.Core.Access;
using McpQdrant.Server.Authentication.Keys;
using McpQdrant.Server.Cli;

namespace McpQdrant.Tests.Server.Authentication;

public sealed class KeyCommandTests
{
    [Fact]
    public async Task New_prints_a_key_once_and_an_entry_that_lets_it_in()
    {
        var (code, output, error) = await RunAsync("key", "new", "build agent \"7\"");

        var key = Assert.Single(output.Split('\n'), line => line.StartsWith("  mcpq_", StringComparison.Ordinal)).Trim();
        var entry = Assert.Single(output.Split('\n'), line => line.StartsWith("  {", StringComparison.Ordinal));
        var caller = AccessFileReader.Parse(Encoding.UTF8.GetBytes($$"""{"callers": [{{entry}}]}""")).Find(CallerKey.HashOf(key))!.Caller;
        Assert.Equal((0, ""), (code, error));
        Assert.Equal("build agent \"7\"", caller.Name);
        Assert.Equal(Rights.Read | Rights.Write, caller.Rights);
        Assert.Equal(48, key.Length);
    }

    [Fact]
    public async Task New_makes_another_key_each_time() =>
        Assert.NotEqual((await RunAsync("key", "new", "ann")).Output, (await RunAsync("key", "new", "ann")).Output);

    [Theory]
    [InlineData("")]
    [InlineData("oauth:ann")]
    [InlineData("two\nlines")]
    public async Task New_refuses_a_name_that_the_file_would_refuse(string name)
    {
        var (code, output, error) = await RunAsync("key", "new", name);

        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("That name can't be used", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_without_a_key_says_so()
    {
        var (code, output, error) = await RunAsync("key", "show");

        Assert.Equal((1, ""), (code, output));
        Assert.Equal("There is no key to show: neither MCP_API_KEY nor MCP_API_KEY_FILE is set.\n", error);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await new RootCommand { KeyCommand.Create() }.Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
