using McpQdrant.Core.Access;

namespace McpQdrant.Server.Authentication.Keys;

/// <summary>All keys that are good here: the one of MCP_API_KEY, whose holder may do everything, and those of the access file.</summary>
internal sealed class ApiKeys(string? key, AccessFile? file)
{
    private readonly CallerKeys _own = key is null
        ? CallerKeys.None
        : new CallerKeys([new CallerKey(CallerKey.HashOf(key), Caller.KeyHolder)]);

    /// <returns>Null where nobody has this key.</returns>
    public CallerKey? Find(string presented) => Find(CallerKey.HashOf(presented));

    /// <returns>Null where nobody has the key with this hash.</returns>
    public CallerKey? Find(ReadOnlySpan<byte> sha256)
    {
        var (own, other) = (_own.Find(sha256), file?.Current.Find(sha256));
        return own ?? other;
    }
}
