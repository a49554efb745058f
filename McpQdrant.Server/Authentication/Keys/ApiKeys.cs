using McpQdrant.Core.Access;

namespace McpQdrant.Server.Authentication.Keys;

/// <summary>All keys that are good here: the one of MCP_API_KEY, whose holder may do everything, and those of the access file.</summary>
internal sealed class ApiKeys(string? key, AccessFile? file)
{
    private readonly CallerKeys _own = key is null
        ? CallerKeys.None
        : new CallerKeys([new CallerKey(CallerKey.HashOf(key), Caller.KeyHolder)]);

    /// <returns>Null where nobody has this key.</returns>
    public CallerKey? Find(string presented)
    {
        var hash = CallerKey.HashOf(presented);
        var (own, other) = (_own.Find(hash), file?.Current.Find(hash));
        return own ?? other;
    }
}
