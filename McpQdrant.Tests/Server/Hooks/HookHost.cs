using System.Text;
using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Hooks;
using McpQdrant.Server.Hosting;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Tests.Server.Configuration;
using McpQdrant.Tests.Server.Observability;
using Microsoft.Extensions.DependencyInjection;

namespace McpQdrant.Tests.Server.Hooks;

/// <summary>A data folder, a project's folder and a transcript, and hooks that are called with them in this process.</summary>
internal sealed class HookHost : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<(string Name, string Text)> _settings;

    public HookHost(params (string Name, string Text)[] settings)
    {
        _settings = [("QDRANT_LOCAL_PATH", Data), ("EMBEDDING_MODEL_PATH", Watched.TinyModel), .. settings];
        Directory.CreateDirectory(Path.Combine(Project, ".git"));
    }

    public string Data => _folder.File("data");

    /// <summary>A repository named atlas.</summary>
    public string Project => _folder.File("atlas");

    public string Transcript => _folder.File("transcript.jsonl");

    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    private string LogFile => Path.Combine(Data, "hooks", "hook.log");

    /// <summary>Without a setting that is there by default.</summary>
    public HookHost Without(string setting)
    {
        _settings.RemoveAll(one => one.Name == setting);
        return this;
    }

    public static string Fixture(string client, string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", "hooks", client, name);

    /// <summary>Calls a hook with an event of a client.</summary>
    /// <returns>What it answers.</returns>
    public Task<string> CallAsClientAsync(string client, string hook) => CallJsonAsync(hook, File.ReadAllText(Fixture(client, $"{hook}.json")));

    /// <param name="session">The session's id.</param>
    /// <param name="more">Further fields, starting with a comma.</param>
    public Task<string> CallAsync(string hook, string session, string more = "", bool isReview = false) =>
        CallJsonAsync(hook, $$"""{"session_id": "{{session}}", "transcript_path": "TRANSCRIPT", "cwd": "FOLDER"{{more}}}""", isReview);

    public async Task<string> CallJsonAsync(string hook, string json, bool isReview = false)
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(json.Replace("TRANSCRIPT", JsonPath(Transcript), StringComparison.Ordinal).Replace("FOLDER", JsonPath(Project), StringComparison.Ordinal)));
        using var output = new StringWriter();
        Assert.True(await HookCommand.RunAsync(Settings, hook, isReview, input, output, TestContext.Current.CancellationToken));
        return output.ToString();
    }

    /// <summary>The text that a hook adds to the context of Claude Code and its like; empty for nothing.</summary>
    public static string ContextOf(string answer) =>
        answer.Length == 0 ? "" : JsonElement.Parse(answer).GetProperty("hookSpecificOutput").GetProperty("additionalContext").GetString()!;

    /// <summary>Writes a message of Claude Code's transcript.</summary>
    public void Say(string role, string text) => File.AppendAllText(
        Transcript, $$$"""{"type":"{{{role}}}","message":{"role":"{{{role}}}","content":{{{JsonSerializer.Serialize(text)}}}}}""" + "\n");

    public async Task<MemoryId> StoreAsync(string text, string? metadata = null)
    {
        await using var services = Compose();
        return (await services.GetRequiredService<StoreMemory>().HandleAsync(
            Caller.Local, new StoreMemoryRequest(CollectionName.Parse("memories"), text, metadata is null ? null : JsonElement.Parse(metadata)), TestContext.Current.CancellationToken)).Id;
    }

    /// <summary>Everything that is stored, the oldest first.</summary>
    public async Task<IReadOnlyList<Memory>> ReadAsync()
    {
        await using var services = Compose();
        var found = await services.GetRequiredService<FindMemories>().HandleAsync(
            Caller.Local, new FindMemoriesRequest(CollectionName.Parse("memories"), Query: null) { Limit = 50 }, TestContext.Current.CancellationToken);
        return [.. found.Hits.Select(hit => hit.Memory).Reverse()];
    }

    public void Dispose() => _folder.Dispose();

    private SettingValues Settings() => Load.Environment([.. _settings]);

    private ServiceProvider Compose() => new ServiceCollection().AddLogging().AddMemoryServer(Settings(), Caller.Local).BuildServiceProvider();

    private static string JsonPath(string path) => path.Replace(@"\", @"\\", StringComparison.Ordinal);
}
