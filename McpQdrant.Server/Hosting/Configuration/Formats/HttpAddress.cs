namespace McpQdrant.Server.Hosting.Configuration;

internal static class HttpAddress
{
    public static SettingFormat<Uri> Format { get; } = new("an http or https address", Read);

    /// <summary>An address to which secrets and tokens are sent, or from which trust comes: encrypted, but on this machine.</summary>
    public static SettingFormat<Uri> SecureFormat { get; } = new("an https address (http only on this machine)", text =>
        Read(text) is var url && (url.Scheme == Uri.UriSchemeHttps || url.IsLoopback) ? url : throw new SettingException());

    /// <exception cref="SettingException">
    /// The text is no address of http or https, or holds a user's name, a query or a fragment. Those are refused: they may hold
    /// secrets, and addresses are printed.
    /// </exception>
    public static Uri Read(string text)
    {
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
            throw new SettingException();
        if (url.UserInfo.Length > 0)
            throw new SettingException("the address must not hold a user name or a password. Use the setting for the API key.");
        if (url.Query.Length > 0 || url.Fragment.Length > 0)
            throw new SettingException("the address must end before '?' and '#'.");

        return url;
    }
}
