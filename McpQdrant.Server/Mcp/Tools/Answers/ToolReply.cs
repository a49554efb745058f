using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Mcp.Resources;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Mcp.Tools.Answers;

/// <summary>What a tool answers: sentences and memories for a model, and the same as structure for programs.</summary>
/// <param name="Sentences">What happened. Together they are the <c>note</c> of the structure.</param>
/// <param name="Entries">Memories, as <see cref="EntryText"/> writes them.</param>
/// <param name="Structure">Makes the structure, given the note.</param>
internal sealed record ToolReply(IReadOnlyList<string> Sentences, IReadOnlyList<string> Entries, Func<string, JsonElement> Structure)
{
    /// <summary>In the <c>_meta</c> of an error.</summary>
    private const string FailureKey = "mcp-server-qdrant/failure";

    /// <param name="further">One more sentence, at the end; null for none.</param>
    public CallToolResult ToResult(string? further)
    {
        string[] sentences = further is null ? [.. Sentences] : [.. Sentences, further];
        IEnumerable<string> texts = further is null ? Sentences.Concat(Entries) : Sentences.Concat(Entries).Append(further);
        return new CallToolResult
        {
            Content = [.. texts.Select(text => new TextContentBlock { Text = text })],
            StructuredContent = Structure(string.Join(' ', sentences)),
        };
    }

    /// <param name="failure">What it comes from; null for a fault of the server.</param>
    public static CallToolResult Error(string sentence, MemoryException? failure = null) => new()
    {
        IsError = true,
        Content = [new TextContentBlock { Text = sentence }],
        Meta = KindOf(failure) is { } kind ? new JsonObject { [FailureKey] = kind } : null,
    };

    /// <summary>For programs, which can't tell sentences apart; models don't see it.</summary>
    private static string? KindOf(MemoryException? failure) => failure switch
    {
        NotThereException => "not_found",
        AccessDeniedException or OutOfScopeException => "denied",
        { IsOutage: true } => "unavailable",
        _ => null,
    };
}

/// <summary>How structured results are written, generated at build time. What is not known or not there is left out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoreOutput))]
[JsonSerializable(typeof(FindOutput))]
[JsonSerializable(typeof(UpdateOutput))]
[JsonSerializable(typeof(ForgetOutput))]
[JsonSerializable(typeof(CollectionsOutput))]
[JsonSerializable(typeof(UndoOutput))]
[JsonSerializable(typeof(MemoryDocument))]
[JsonSerializable(typeof(CollectionDocument))]
internal sealed partial class ToolJson : JsonSerializerContext;
