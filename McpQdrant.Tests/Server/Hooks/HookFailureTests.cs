using McpQdrant.Tests.Protocol;
using McpQdrant.Tests.Server.Cli;
using McpQdrant.Tests.Server.Observability;
using Microsoft.Data.Sqlite;

namespace McpQdrant.Tests.Server.Hooks;

/// <summary>The real program, with what goes wrong on machines: it says nothing, ends with 0, and has a line in its log.</summary>
public sealed class HookFailureTests : IDisposable
{
    private const string Event = """{"session_id":"1","cwd":"/tmp/atlas","hook_event_name":"UserPromptSubmit","prompt":"How often does the deploy key rotate?"}""";

    private readonly TemporaryFolder _folder = new();
    private readonly FreePort _port = new();

    public static TheoryData<string> Hooks => ["session-start", "user-prompt", "pre-compact", "session-end"];

    public void Dispose()
    {
        _folder.Dispose();
        _port.Dispose();
    }

    [Theory]
    [MemberData(nameof(Hooks))]
    public async Task A_damaged_store_is_no_matter_of_the_session(string hook)
    {
        _folder.Write("memories.db", new string('x', 8192));
        _folder.Write("t.jsonl", """{"type":"user","message":{"role":"user","content":"Remember that staging is rebuilt every night."}}""" + "\n");

        await RunAsync(hook, Event.Replace("\"cwd\"", $"\"transcript_path\":\"{_folder.File("t.jsonl")}\",\"cwd\"", StringComparison.Ordinal), logged: "not a database");
    }

    [Fact]
    public async Task A_locked_store_is_left_alone()
    {
        await RunAsync("session-end", TranscriptEvent("Remember that the first one is free."), logged: null);
        await using var locked = new SqliteConnection($"Data Source={_folder.File("memories.db")};Pooling=False");
        await locked.OpenAsync(TestContext.Current.CancellationToken);
        await using (var begin = locked.CreateCommand())
        {
            begin.CommandText = "BEGIN EXCLUSIVE";
            await begin.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await RunAsync("session-end", TranscriptEvent("Remember that the second one is taken."), logged: "locked for too long");
    }

    [Theory]
    [InlineData("session-start")]
    [InlineData("user-prompt")]
    public async Task An_absent_Qdrant_is_not_waited_for(string hook) =>
        await RunAsync(hook, Event, logged: "Qdrant", ("QDRANT_URL", $"http://127.0.0.1:{_port.Number}"), ("XDG_DATA_HOME", _folder.Path));

    [Theory]
    [InlineData("user-prompt", "{\"session_id\":", "no JSON object")]
    [InlineData("user-prompt", "", "no JSON object")]
    [InlineData("session-stop", Event, "no event")]
    public async Task Calls_that_are_wrong_are_in_the_log(string hook, string input, string logged) => await RunAsync(hook, input, logged);

    [Fact]
    public async Task Settings_that_are_wrong_are_in_the_log_of_the_users_data_folder() =>
        await RunAsync("user-prompt", Event, logged: "MCP_HOOK_TOKENS", ("MCP_HOOK_TOKENS", "many"), ("XDG_DATA_HOME", _folder.Path));

    private string TranscriptEvent(string said)
    {
        File.AppendAllText(_folder.File("t.jsonl"), $$$"""{"type":"user","message":{"role":"user","content":"{{{said}}}"}}""" + "\n");
        return $$"""{"session_id":"1","transcript_path":"{{_folder.File("t.jsonl")}}","cwd":"/tmp/atlas"}""";
    }

    /// <param name="logged">What the log must say; null for nothing.</param>
    private async Task RunAsync(string hook, string input, string? logged, params (string Name, string Value)[] settings)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The folders of users are named as on Linux.");
        var environment = new Dictionary<string, string?> { ["QDRANT_LOCAL_PATH"] = _folder.Path, ["EMBEDDING_MODEL_PATH"] = Watched.TinyModel };
        foreach (var (name, value) in settings)
            environment[name] = value;
        if (environment.ContainsKey("QDRANT_URL"))
            environment.Remove("QDRANT_LOCAL_PATH");

        await using var server = ServerProcess.Start(["hook", hook], environment);
        await server.WriteAsync(input);
        server.CloseInput();
        var output = await server.ReadToEndAsync();
        var code = await server.WaitForExitAsync();

        Assert.Equal((0, ""), (code, server.Errors));
        Assert.Empty(output);
        var logs = Directory.GetFiles(_folder.Path, "hook.log", SearchOption.AllDirectories);
        if (logged is null)
            Assert.Empty(logs);
        else
            Assert.Contains(logged, File.ReadAllText(Assert.Single(logs)), StringComparison.Ordinal);
    }
}
