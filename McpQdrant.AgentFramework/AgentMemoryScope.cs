using System.Text.Json.Nodes;

namespace McpQdrant.Memories;

/// <summary>Whose memories an agent recalls, and for whom it stores: each value is a field of the memories' metadata, and all of them hold together.</summary>
public sealed class AgentMemoryScope
{
    /// <summary>All memories of the collection, whoever stored them: for an agent with one user.</summary>
    public static AgentMemoryScope Everything { get; } = new();

    /// <summary>The application, as the field <c>project</c>; null for any.</summary>
    public string? Application { get; init; }

    /// <summary>The agent, as the field <c>agent</c>; null for any.</summary>
    public string? Agent { get; init; }

    /// <summary>The user, as the field <c>user</c>; null for any.</summary>
    public string? User { get; init; }

    /// <summary>The session, as the field <c>session</c>. Memories of other sessions are recalled too, unless <see cref="MemoryContextOptions.RecallAcrossSessions"/> is false. Null for none.</summary>
    public string? Session { get; init; }

    /// <exception cref="MemoriesException">A value is blank: a user whose name got lost must not meet the memories of all.</exception>
    internal void Check()
    {
        if (Fields().FirstOrDefault(field => field.Value is not null && string.IsNullOrWhiteSpace(field.Value)) is { Name: { } name })
            throw new MemoriesException($"The scope of the agent's memory has a blank {name}. Give its name, or null for any.");
    }

    /// <returns>The metadata of what is stored; null for none.</returns>
    internal JsonObject? ToMetadata() => Write(Fields());

    /// <returns>The metadata that recalled memories must have; null for none.</returns>
    internal JsonObject? ToFilter(bool acrossSessions) => Write(Fields().Where(field => !acrossSessions || field.Name != "session"));

    internal bool Holds(Memory memory, bool acrossSessions) => Fields()
        .Where(field => field.Value is not null && (!acrossSessions || field.Name != "session"))
        .All(field => memory.Metadata?[field.Name] is JsonValue value && value.TryGetValue<string>(out var text) && text == field.Value);

    private static JsonObject? Write(IEnumerable<(string Name, string? Value)> fields)
    {
        var metadata = new JsonObject();
        foreach (var (name, value) in fields.Where(field => field.Value is not null))
            metadata[name] = JsonValue.Create(value);
        return metadata.Count == 0 ? null : metadata;
    }

    private IEnumerable<(string Name, string? Value)> Fields() => [("project", Application), ("agent", Agent), ("user", User), ("session", Session)];
}
