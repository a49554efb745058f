using System.Text;
using System.Text.Json;

namespace McpQdrant.Core.Memories;

/// <summary>How large a memory may be, whoever brings it.</summary>
public static class MemoryLimits
{
    /// <summary>Of a text, in bytes of UTF-8.</summary>
    public const int MaxTextBytes = 1024 * 1024;

    /// <summary>Of metadata, in bytes of JSON. They are kept in memory for filters, unlike texts.</summary>
    public const int MaxMetadataBytes = 256 * 1024;

    /// <exception cref="MemoryException">One of them is too large.</exception>
    public static void Check(string text, JsonElement? metadata)
    {
        if (Encoding.UTF8.GetByteCount(text) is var bytes && bytes > MaxTextBytes)
            throw new MemoryException($"The text has {bytes:N0} bytes; at most {MaxTextBytes:N0} are allowed. Split it into several memories.");
        if (metadata is { } value && Encoding.UTF8.GetByteCount(value.GetRawText()) is var size && size > MaxMetadataBytes)
            throw new MemoryException($"The metadata have {size:N0} bytes; at most {MaxMetadataBytes:N0} are allowed. Keep in them what memories are filtered by, and the rest in the text.");
    }
}
