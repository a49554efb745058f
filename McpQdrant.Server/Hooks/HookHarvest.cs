using System.Buffers;
using System.Text;
using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Core.Secrets;
using McpQdrant.Core.Transfer;
using McpQdrant.Server.Hooks.Transcripts;

namespace McpQdrant.Server.Hooks;

/// <summary>Keeps what a transcript says was decided, learnt or corrected: in the store, or in a file for somebody to approve.</summary>
internal sealed class HookHarvest(StoreMemory store, SecretFilter secrets, CollectionName collection, TimeProvider clock)
{
    /// <summary>By which memories of hooks are known.</summary>
    public const string Source = "hook";

    public const string ProjectField = $"{CollectionLayout.DefaultMetadataField}.project";

    /// <summary>From this similarity on, a memory of the same words is the same one, whichever session it came from.</summary>
    public const double DuplicateThreshold = 0.9;

    /// <summary>More from one event would be noise; the next one goes on from there.</summary>
    private const int MaxLearnings = 20;

    /// <summary>Stores what is new in a transcript, and notes after each message how far it was read: who is stopped goes on from there.</summary>
    public async Task StoreAsync(HookSession session, string sessionId, Transcript transcript, CancellationToken cancellationToken)
    {
        foreach (var message in Learn(session, transcript))
        {
            foreach (var (learning, text) in Permitted(message))
                await store.HandleAsync(
                    Caller.Local, new StoreMemoryRequest(collection, text, MetadataOf(learning, session.Project, sessionId)) { DuplicatesAmong = Of(session.Project) }, cancellationToken);
            session.Offset = message.Key;
            session.Save();
        }
    }

    /// <summary>Writes what is new in a transcript to a file that <c>import</c> reads.</summary>
    public void Review(HookFolder folder, HookSession session, string sessionId, Transcript transcript)
    {
        var file = Path.Combine(folder.Reviews, $"{(session.Project is { } project ? string.Concat(project.Split(Path.GetInvalidFileNameChars())) : "no-project")}.jsonl");
        var known = File.Exists(file) ? File.ReadLines(file).Select(TextOf).OfType<string>().ToHashSet(StringComparer.Ordinal) : [];
        var lines = new ArrayBufferWriter<byte>();
        foreach (var message in Learn(session, transcript))
        {
            foreach (var (learning, text) in Permitted(message))
            {
                if (!known.Add(text))
                    continue;
                if (known.Count == 1)
                    MemoryLines.Write(lines, new MemoryFileHeader(collection, Model: null, Vector: null, Keywords: null, Memories: 0), clock.GetUtcNow());
                var metadata = MetadataOf(learning, session.Project, sessionId);
                MemoryLines.Write(lines, new StoredMemory(new Memory(MemoryId.Of(text, metadata), text, metadata, clock.GetUtcNow()), Vector: null));
            }
            session.Offset = message.Key;
        }
        if (lines.WrittenCount > 0)
            HookFolder.Append(file, Encoding.UTF8.GetString(lines.WrittenSpan));
    }

    /// <summary>What messages brought, by where the transcript goes on behind each. Where there is too much, the next event goes on from there.</summary>
    private static IEnumerable<IGrouping<long, Learning>> Learn(HookSession session, Transcript transcript)
    {
        var count = 0;
        foreach (var message in Learnings.In(transcript.Messages).GroupBy(learning => learning.Offset))
        {
            if (count >= MaxLearnings)
                yield break;
            count += message.Count();
            yield return message;
        }
        session.Offset = transcript.End;
    }

    /// <summary>The texts as they may be kept. One that holds a secret, where secrets are refused, is left out: that is no error of the hook.</summary>
    private List<(Learning Learning, string Text)> Permitted(IEnumerable<Learning> learnings)
    {
        var permitted = new List<(Learning, string)>();
        foreach (var learning in learnings)
        {
            try
            {
                permitted.Add((learning, secrets.Apply(learning.Text)));
            }
            catch (MemoryException)
            {
                // Refused.
            }
        }
        return permitted;
    }

    /// <summary>The memories of a project, or those of none.</summary>
    private static Filter Of(string? project) => new() { Must = [project is null ? Condition.IsEmpty(ProjectField) : Condition.Match(ProjectField, project)] };

    private static JsonElement MetadataOf(Learning learning, string? project, string session)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("source", Source);
            json.WriteString("kind", learning.Kind);
            if (project is not null)
                json.WriteString("project", project);
            if (session.Length > 0)
                json.WriteString("session", session);
            json.WriteEndObject();
        }
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static string? TextOf(string line) =>
        MemoryLines.Read(new Line(Encoding.UTF8.GetBytes(line), IsTooLong: false), "review") is ImportEntry.Item item ? item.Memory.Text : null;
}
