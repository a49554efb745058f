using System.CommandLine;
using System.Text.Json;
using McpQdrant.Server.Cli;
using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Tests.Server.Configuration;

public sealed class SettingsCommandTests : IDisposable
{
    private const string Secret = "s3cret";

    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Settings_prints_value_source_default_and_meaning_of_each()
    {
        var file = folder.Write("settings.json", """{ "QDRANT_SEARCH_LIMIT": 5 }""");

        var (code, output, error) = await RunAsync("settings", "--settings", file, "--port", "9000");

        Assert.Equal((0, ""), (code, error));
        Assert.All(Settings.All, setting => Assert.Contains($"{setting.Name} ", output, StringComparison.Ordinal));
        Assert.Matches($@"QDRANT_SEARCH_LIMIT +5  \(file: QDRANT_SEARCH_LIMIT in {file}\)\n    How many memories a find returns at most\. Default: 10\.", output);
        Assert.Matches(@"FASTMCP_PORT +9000  \(command line: --port\)", output);
        Assert.Matches(@"MCP_LOG_FORMAT +text  \(default\)", output);
    }

    [Fact]
    public async Task Settings_prints_json()
    {
        var (code, output, _) = await RunAsync("settings", "--json", "--port", "9000");

        Assert.Equal(0, code);
        var settings = JsonElement.Parse(output).EnumerateArray().ToDictionary(setting => setting.GetProperty("name").GetString()!);
        Assert.Equal(Settings.All.Select(setting => setting.Name).Order(), settings.Keys.Order());
        var port = settings["FASTMCP_PORT"];
        Assert.Equal(("9000", "command line", "--port"), (Text(port, "value"), Text(port, "source"), Text(port, "key")));
        Assert.Equal(("text", "default", "text"), (Text(settings["MCP_LOG_FORMAT"], "value"), Text(settings["MCP_LOG_FORMAT"], "source"), Text(settings["MCP_LOG_FORMAT"], "default")));
        Assert.Null(Text(settings["MEMORY_DIVERSITY"], "value"));
    }

    [Theory]
    [InlineData("--json")]
    [InlineData("--markdown")]
    [InlineData("--port=1")]
    public async Task Settings_never_prints_a_secret(string option)
    {
        var file = folder.Write("settings.json", $$"""
            {
              "QDRANT_API_KEY": "{{Secret}}1", "EMBEDDING_API_KEY": "{{Secret}}2", "MCP_API_KEY": "{{Secret}}3",
              "ConnectionStrings": { "qdrant_http": "Endpoint=http://q:6333;Key={{Secret}}4", "qdrant": "Endpoint=http://q:6334;Key={{Secret}}5" }
            }
            """);

        var (code, output, error) = await RunAsync("settings", "--settings", file, option);

        Assert.Equal((0, ""), (code, error));
        Assert.NotEmpty(output);
        Assert.DoesNotContain(Secret, output, StringComparison.Ordinal);
        if (option != "--markdown")
            Assert.Equal(5, output.Split("********").Length - 1);
    }

    [Fact]
    public async Task Settings_reports_all_that_is_invalid_on_standard_error_alone()
    {
        var file = folder.Write("settings.json", $$"""{ "QDRANT_SEARCH_LIMIT": 0, "MCP_API_KEY": "{{Secret}} x" }""");

        var (code, output, error) = await RunAsync("settings", "--settings", file, "--transport", "grpc");

        Assert.Equal((2, ""), (code, output));
        Assert.Equal(
            [
                $"QDRANT_SEARCH_LIMIT in {file} is '0', but must be a whole number from 1 to 100.",
                "--transport is 'grpc', but must be stdio, sse, streamable-http or http.",
                $"MCP_API_KEY in {file} must be a key of visible ASCII characters.",
            ],
            error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Settings_warns_on_standard_error()
    {
        var file = folder.Write("settings.json", """{ "Qdrant": { "Ulr": "x" } }""");

        var (code, output, error) = await RunAsync("settings", "--settings", file);

        Assert.Equal(0, code);
        Assert.NotEmpty(output);
        Assert.Equal($"Qdrant:Ulr in {file} is not read: there is no such setting. Did you mean QDRANT_URL?", error.Trim());
    }

    [Fact]
    public async Task The_page_about_configuration_is_what_settings_prints()
    {
        if (Page() is not { } page)
        {
            Assert.Skip("The repository is not here.");
            return;
        }

        var (_, output, _) = await RunAsync("settings", "--markdown");

        Assert.Equal(output, await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken));
    }

    public void Dispose() => folder.Dispose();

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var root = new RootCommand { SettingsCommand.Create() };
        root.AddSettingOptions();
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = await root.Parse(arguments).InvokeAsync(new() { Output = output, Error = error }, TestContext.Current.CancellationToken);

        return (code, output.ToString(), error.ToString());
    }

    private static string? Text(JsonElement setting, string property) => setting.GetProperty(property).GetString();

    private static string? Page()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "McpQdrant.sln")))
                return Path.Combine(folder.FullName, "docs", "configuration.md");

        return null;
    }
}
