using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using McpQdrant.Core.Memories;
using Microsoft.Net.Http.Headers;

namespace McpQdrant.Server.Rest;

/// <summary>The state of a memory as HTTP knows it (RFC 9110, section 8.8.3): made of its revision, which means something to its store only.</summary>
internal static class EntityTag
{
    private const int HashBytes = 12;

    /// <summary>With its quotation marks.</summary>
    public static string Of(MemoryRevision revision) => $"\"{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(revision.Value)).AsSpan(0, HashBytes))}\"";

    /// <summary>In which states a request may change a memory, by <c>If-Match</c>.</summary>
    /// <returns>Null for any: the header is not there, or says so.</returns>
    /// <exception cref="MemoryException">The header can't be read.</exception>
    public static Func<MemoryRevision, bool>? Condition(string? ifMatch)
    {
        if (ifMatch is null)
            return null;
        if (!EntityTagHeaderValue.TryParseStrictList([ifMatch], out var tags) || tags.Count == 0)
            throw new MemoryException("If-Match is no list of entity tags. Send the ETag of the memory as it was, with its quotation marks.");
        if (tags.Contains(EntityTagHeaderValue.Any))
            return null;
        // Weak ones match nothing here, as RFC 9110, section 13.1.1, has it.
        return revision => tags.Any(tag => !tag.IsWeak && tag.Tag == Of(revision));
    }
}
