using System.Text;
using System.Text.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Transfer;

namespace McpQdrant.Server.Cli.Formats.Json;

/// <summary>A conversation of a person with a model, whichever program exported it.</summary>
/// <param name="Source">The program.</param>
/// <param name="Id">Its id there.</param>
internal sealed record Conversation(string Source, string? Id, string? Title, IReadOnlyList<ConversationTurn> Turns)
{
    public DateTimeOffset? Created { get; init; }

    public DateTimeOffset? Updated { get; init; }

    /// <summary>One memory, under the conversation's own id: imported again when it has grown, it is the same memory. Or one for each turn.</summary>
    public IEnumerable<ImportEntry> ToEntries(string place, bool isSplit)
    {
        if (Turns.Count == 0)
            return [];
        return isSplit ? Turns.Select((turn, number) => new ImportEntry.Item($"{place}, turn {number + 1}", ToMemory(turn))) : [new ImportEntry.Item(place, ToMemory())];
    }

    private ImportedMemory ToMemory()
    {
        var text = new StringBuilder();
        if (!string.IsNullOrWhiteSpace(Title))
            text.Append("# ").Append(Title).Append("\n\n");
        text.AppendJoin("\n\n", Turns.Select(turn => $"{Spell(turn.Role)}: {turn.Text}"));
        return new ImportedMemory(text.ToString(), Fields.Object(WriteMetadata))
        {
            Id = IdOf(Id),
            Created = Created,
            Updated = Updated != Created ? Updated : null,
        };
    }

    private ImportedMemory ToMemory(ConversationTurn turn) => new(turn.Text, Fields.Object(json =>
    {
        WriteMetadata(json);
        json.WriteString("role", turn.Role);
    }))
    {
        Id = IdOf(turn.Id),
        Created = turn.Created ?? Created,
    };

    private void WriteMetadata(Utf8JsonWriter json)
    {
        json.WriteString("source", Source);
        if (!string.IsNullOrWhiteSpace(Title))
            json.WriteString("title", Title);
        if (Id is not null)
            json.WriteString("conversation", Id);
    }

    private static MemoryId? IdOf(string? id) => MemoryId.TryParse(id, out var parsed) ? parsed : null;

    private static string Spell(string role) => $"{char.ToUpperInvariant(role[0])}{role[1..]}";
}

/// <summary>What one of them said.</summary>
/// <param name="Role"><c>user</c> or <c>assistant</c>.</param>
internal sealed record ConversationTurn(string? Id, string Role, string Text, DateTimeOffset? Created)
{
    public const string User = "user";
    public const string Assistant = "assistant";
}
