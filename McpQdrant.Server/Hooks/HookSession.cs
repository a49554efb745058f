using System.Buffers;
using System.Text.Json;
using McpQdrant.Core.Json;
using McpQdrant.Core.Memories;

namespace McpQdrant.Server.Hooks;

/// <summary>What hooks know of a session: what it was shown, and how far its transcript was read.</summary>
internal sealed class HookSession
{
    /// <summary>Sessions that were not heard of for so long are over.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>Sessions that are looked at for what they were reminded of.</summary>
    private const int MaxSessions = 50;

    private readonly string _file;

    private HookSession(string file) => _file = file;

    public required string? Project { get; init; }

    /// <summary>How many bytes of the transcript were read; of one that is a single document, how many messages.</summary>
    public long Offset { get; set; }

    /// <summary>What the session was shown since its context was last emptied.</summary>
    public HashSet<MemoryId> Shown { get; } = [];

    /// <summary>What prompts of it brought back, ever.</summary>
    public HashSet<MemoryId> Recalled { get; } = [];

    /// <summary>A file that can't be read is as none: then something may be shown again.</summary>
    public static HookSession Open(HookFolder folder, string id, string? project)
    {
        var file = Path.Combine(folder.Sessions, $"{HookFolder.FileNameOf($"{project}\n{id}")}.json");
        var session = new HookSession(file) { Project = project };
        if (Read(file) is not { } json)
            return session;

        session.Offset = json.TryGetProperty("offset", out var offset) && offset.ValueKind == JsonValueKind.Number && offset.TryGetInt64(out var read) ? read : 0;
        session.Shown.UnionWith(Ids(json, "shown"));
        session.Recalled.UnionWith(Ids(json, "recalled"));
        return session;
    }

    public void Save()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (Project is not null)
                json.WriteString("project", Project);
            json.WriteNumber("offset", Offset);
            Write(json, "shown", Shown);
            Write(json, "recalled", Recalled);
            json.WriteString("updated", Rfc3339.Write(DateTimeOffset.UtcNow));
            json.WriteEndObject();
        }
        HookFolder.Write(_file, buffer.WrittenSpan);
    }

    /// <summary>The memories that prompts of a project's sessions brought back, the most used first. Forgets sessions that are over.</summary>
    public static IReadOnlyList<MemoryId> MostUsed(HookFolder folder, string? project, DateTimeOffset now)
    {
        if (!Directory.Exists(folder.Sessions))
            return [];

        var uses = new Dictionary<MemoryId, int>();
        var files = new DirectoryInfo(folder.Sessions).GetFiles().OrderByDescending(file => file.LastWriteTimeUtc).ToList();
        foreach (var file in files.Where(file => now - file.LastWriteTimeUtc > Lifetime))
            file.Delete();
        foreach (var json in files.Take(MaxSessions).Select(file => Read(file.FullName)).OfType<JsonElement>().Where(json => ProjectOf(json) == project))
        {
            foreach (var id in Ids(json, "recalled"))
                uses[id] = uses.GetValueOrDefault(id) + 1;
        }
        return [.. uses.OrderByDescending(use => use.Value).ThenBy(use => use.Key).Select(use => use.Key)];
    }

    private static JsonElement? Read(string file)
    {
        try
        {
            return File.Exists(file) && JsonElement.Parse(File.ReadAllBytes(file)) is { ValueKind: JsonValueKind.Object } json ? json : null;
        }
        catch (Exception broken) when (broken is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? ProjectOf(JsonElement json) => json.TryGetProperty("project", out var project) && project.ValueKind == JsonValueKind.String ? project.GetString() : null;

    private static IEnumerable<MemoryId> Ids(JsonElement json, string field)
    {
        if (!json.TryGetProperty(field, out var ids) || ids.ValueKind != JsonValueKind.Array)
            yield break;
        foreach (var text in ids.EnumerateArray())
        {
            if (text.ValueKind == JsonValueKind.String && MemoryId.TryParse(text.GetString(), out var id))
                yield return id;
        }
    }

    private static void Write(Utf8JsonWriter json, string field, IEnumerable<MemoryId> ids)
    {
        json.WriteStartArray(field);
        foreach (var id in ids)
            json.WriteStringValue(id.ToString());
        json.WriteEndArray();
    }
}
