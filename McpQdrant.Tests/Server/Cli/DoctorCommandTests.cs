using System.Text.Json;
using McpQdrant.Server.Cli;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;

namespace McpQdrant.Tests.Server.Cli;

public sealed class DoctorCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Doctor_ends_with_0_when_all_is_well()
    {
        await using var workshop = await Workshop.OpenAsync();
        workshop.Settings["COLLECTION_NAME"] = "notes";
        await workshop.WriteAsync("notes", "fast-some-model", ["tea"]);

        var run = await workshop.RunAsync(DoctorCommand.Create(), "--transport", "stdio");

        Assert.True(run.Code == 0, run.Output);
        Assert.Equal(["settings ok", "store ok", "model ok", "collection ok"], States(run.Output));
        Assert.Contains("Qdrant 1.18.3 at", run.Output, StringComparison.Ordinal);
        Assert.Contains("some-model (openai) embeds: 3 numbers a vector", run.Output, StringComparison.Ordinal);
        Assert.Contains("'notes' has 1 memory, found by meaning only", run.Output, StringComparison.Ordinal);
    }

    /// <summary>It looks where the server would: <c>{caller}</c> is the caller of the transport, and over HTTP everybody who calls.</summary>
    [Theory]
    [InlineData("stdio", "local-notes", "'notes' has 1 memory")]
    [InlineData("http", "ann-notes", "Each caller has a collection 'notes' of its own")]
    public async Task Doctor_looks_at_the_collection_that_the_caller_has(string transport, string collection, string sentence)
    {
        await using var workshop = await Workshop.OpenAsync();
        workshop.Settings["COLLECTION_NAME"] = "notes";
        workshop.Settings["MCP_COLLECTION_PREFIX"] = "{caller}-";
        await workshop.WriteAsync(collection, "fast-some-model", ["tea"]);

        var run = await workshop.RunAsync(DoctorCommand.Create(), "--transport", transport, "--port", "0");

        Assert.True(run.Code == 0, run.Output);
        Assert.Contains(sentence, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_ends_with_1_and_says_each_problem_when_nothing_is_well()
    {
        await using var workshop = await Workshop.OpenAsync();
        await using var other = await HealthServer.StartAsync(404);
        workshop.Before = async context =>
        {
            context.Response.StatusCode = 401;
            await context.Response.WriteAsync("Must provide an API key or an Authorization bearer token");
            return true;
        };
        workshop.Provider.Then(401, """{"error":{"message":"Incorrect API key"}}""");

        var run = await workshop.RunAsync(DoctorCommand.Create(), "--transport", "http", "--port", $"{other.Port}");

        Assert.Equal(1, run.Code);
        Assert.Equal(["settings ok", "store problem", "model problem", "port problem"], States(run.Output));
        Assert.Contains("QDRANT_API_KEY", run.Output, StringComparison.Ordinal);
        Assert.Contains("EMBEDDING_API_KEY", run.Output, StringComparison.Ordinal);
        Assert.Contains("is taken by another program. Choose another one with --port.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_tells_programs_the_same_in_json()
    {
        await using var workshop = await Workshop.OpenAsync();
        workshop.Settings["COLLECTION_NAME"] = "notes";
        await workshop.WriteAsync("notes", "fast-other-model", ["tea"]);

        var run = await workshop.RunAsync(DoctorCommand.Create(), "--transport", "stdio", "--json");

        var report = JsonElement.Parse(run.Output);
        Assert.Equal((1, false), (run.Code, report.GetProperty("healthy").GetBoolean()));
        var collection = report.GetProperty("findings").EnumerateArray().Single(finding => finding.GetProperty("part").GetString() == "collection");
        Assert.Equal("problem", collection.GetProperty("state").GetString());
        Assert.Contains("named after", collection.GetProperty("sentence").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_lists_invalid_settings()
    {
        await using var workshop = await Workshop.OpenAsync();
        workshop.Settings["QDRANT_SEARCH_LIMIT"] = "many";

        var run = await workshop.RunAsync(DoctorCommand.Create());

        Assert.Equal(1, run.Code);
        Assert.Equal(["settings problem"], States(run.Output));
        Assert.Contains("QDRANT_SEARCH_LIMIT", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_finds_the_embedded_store_sound()
    {
        await using var workshop = await EmbeddedAsync();

        var run = await workshop.RunAsync(DoctorCommand.Create(), "--transport", "stdio");

        Assert.True(run.Code == 0, run.Output);
        Assert.Contains($"The memories in {_folder.Path} can be written and are sound; there are 0 collection(s).", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_notices_damage_in_the_embedded_store()
    {
        await using var workshop = await EmbeddedAsync();
        await workshop.RunAsync(DoctorCommand.Create(), "--transport", "stdio");
        Damage(_folder.File("memories.db"));

        var run = await workshop.RunAsync(DoctorCommand.Create(), "--transport", "stdio");

        Assert.Equal(1, run.Code);
        Assert.Contains("is damaged", run.Output, StringComparison.Ordinal);
        Assert.Contains("Restore it from a backup", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_counts_a_healthy_server_on_the_port_as_well()
    {
        await using var workshop = await Workshop.OpenAsync();
        await using var server = await HealthServer.StartAsync(200);

        var run = await workshop.RunAsync(DoctorCommand.Create(), "--transport", "http", "--port", $"{server.Port}");

        Assert.True(run.Code == 0, run.Output);
        Assert.Contains("is healthy. Another one needs another port.", run.Output, StringComparison.Ordinal);
    }

    private async Task<Workshop> EmbeddedAsync()
    {
        var workshop = await Workshop.OpenAsync();
        workshop.Settings["QDRANT_URL"] = null;
        workshop.Settings["QDRANT_LOCAL_PATH"] = _folder.Path;
        return workshop;
    }

    /// <summary>Makes an index miss what its table has, as a write that was lost would.</summary>
    private static void Damage(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 1 WHERE type = 'table' AND rootpage = (SELECT max(rootpage) FROM sqlite_schema WHERE type = 'table')";
        command.ExecuteNonQuery();
    }

    private static IEnumerable<string> States(string table) => table
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line => line[0] != ' ')
        .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2)));
}
