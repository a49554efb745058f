using System.Net;
using McpQdrant.Core.Collections;

namespace McpQdrant.Server.Hosting.Configuration;

/// <summary>What the settings about access hold.</summary>
internal static class AccessFormats
{
    private const string CallerPlaceholder = "{caller}";

    public static SettingFormat<IReadOnlyList<string>> Origins { get; } = Formats.List(
        "origins such as https://app.example.com, with commas between them",
        new SettingFormat<string>("an origin such as https://app.example.com, without a path", text =>
            Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Host.Length > 0 && url.UserInfo.Length == 0 && url.PathAndQuery is "/" or ""
                ? url.GetLeftPart(UriPartial.Authority).ToLowerInvariant()
                : throw new SettingException()));

    public static SettingFormat<IReadOnlyList<string>> Hosts { get; } = Formats.List(
        "host names such as mcp.example.com or *.example.com, with commas between them, or * for any",
        new SettingFormat<string>("a host name, possibly with a port, without http://", text =>
            text == "*" || IsHost(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text)
                ? text.ToLowerInvariant()
                : throw new SettingException()));

    public static SettingFormat<IReadOnlyList<IPNetwork>> Networks { get; } = Formats.List(
        "IP addresses or networks such as 10.0.0.0/8, with commas between them",
        new SettingFormat<IPNetwork>("an IP address or a network such as 10.0.0.0/8", ReadNetwork));

    public static SettingFormat<string> CollectionPrefix { get; } = new("the start of a collection's name, such as {caller}-", text =>
    {
        var prefix = text.Trim();
        var filledIn = prefix.Replace(CallerPlaceholder, "caller", StringComparison.Ordinal);
        if (filledIn.AsSpan().ContainsAny('{', '}'))
            throw new SettingException($"{SettingText.Quote(prefix)} has braces around something else than {{caller}}, the only placeholder.");

        return CollectionNameRule.Refusal($"{filledIn}x") is { } refusal ? throw new SettingException(refusal) : prefix;
    });

    private static bool IsHost(string text) =>
        Uri.TryCreate($"http://{text}", UriKind.Absolute, out var url)
        && url.UserInfo.Length == 0 && url.PathAndQuery == "/" && url.Fragment.Length == 0 && !text.EndsWith('/');

    private static IPNetwork ReadNetwork(string text)
    {
        if (IPAddress.TryParse(text, out var address))
            return new(address, address.GetAddressBytes().Length * 8);

        return IPNetwork.TryParse(text, out var network) ? network : throw new SettingException();
    }
}
