using System.Runtime.InteropServices;
using System.Text;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search;

namespace McpQdrant.Server.Mcp.Tools.Answers;

/// <summary>A memory as far as an answer has room for it.</summary>
/// <param name="Memory">The memory; where it is partial, the passage that matched or the beginning of its text, and no metadata that is longer.</param>
internal readonly record struct ShownMemory(Memory Memory, bool IsPartial);

/// <summary>Fits memories into what one answer may hold: clients take a longer one for an error (Claude Desktop above 1 MB, Claude Code above 25,000 tokens).</summary>
/// <param name="maxBytes">Bytes of UTF-8 for the memories of one answer. The text and the structure of an answer have as much each.</param>
internal sealed class AnswerBudget(int maxBytes)
{
    /// <summary>UTF-16 units that are shown of a text that doesn't fit.</summary>
    private const int PartialLength = 500;

    /// <summary>Passages are rarely longer.</summary>
    private const int PassageLength = 2000;

    /// <summary>Bytes that a memory takes beside its text and its metadata.</summary>
    private const int Overhead = 200;

    private int _used;

    /// <summary>How many of the memories so far are shown in part.</summary>
    public int Partial { get; private set; }

    /// <summary>How many of the memories so far have no room at all.</summary>
    public int LeftOut { get; private set; }

    /// <inheritdoc cref="Fit(Memory, MatchedPassage?)"/>
    public ShownMemory? Fit(Memory memory) => Fit(memory, passage: null);

    /// <param name="passage">Which part of a long text is shown where the whole doesn't fit; null for its beginning.</param>
    /// <returns>Null where there is no room left, not even for a part.</returns>
    public ShownMemory? Fit(Memory memory, MatchedPassage? passage)
    {
        if (TryTake(memory))
            return new ShownMemory(memory, IsPartial: false);

        var part = memory with
        {
            Text = passage is null ? ShortText.Of(memory.Text, PartialLength) : ShortText.Of(passage.Text, PassageLength),
            Metadata = BytesOfMetadata(memory) <= PartialLength ? memory.Metadata : null,
        };
        if (TryTake(part))
        {
            Partial++;
            return new ShownMemory(part, IsPartial: true);
        }

        LeftOut++;
        return null;
    }

    /// <summary>What a caller has to know about memories that are not shown whole; null where all are.</summary>
    /// <param name="uri">The resource that has such a memory whole.</param>
    public string? Note(string uri)
    {
        var partial = Partial == 0 ? null : $"{Count(Partial)} shown in part (partial), since an answer may hold {maxBytes:N0} bytes; the whole is the resource {uri}.";
        var leftOut = LeftOut == 0 ? null : $"{Count(LeftOut)} left out for the same reason; ask more narrowly.";
        return (partial ?? leftOut) is null ? null : string.Join(' ', new[] { partial, leftOut }.OfType<string>());

        static string Count(int count) => count == 1 ? "1 memory is" : $"{count} memories are";
    }

    private bool TryTake(Memory memory)
    {
        var bytes = (long)Encoding.UTF8.GetByteCount(memory.Text) + BytesOfMetadata(memory) + Overhead;
        if (bytes > maxBytes - _used)
            return false;
        _used += (int)bytes;
        return true;
    }

    private static int BytesOfMetadata(Memory memory) => memory.Metadata is { } metadata ? JsonMarshal.GetRawUtf8Value(metadata).Length : 0;
}
