using System.Text.RegularExpressions;

namespace McpQdrant.Server.Hosting.Configuration;

/// <summary>Paths, made absolute. Clients that start the server use no shell, so what a shell would expand is expanded here where its meaning is certain.</summary>
/// <remarks>What is left unexpanded would become a folder of that name: <c>${workspaceFolder}</c> is refused with a sentence.</remarks>
internal static partial class PathFormats
{
    public static SettingFormat<string> ExistingFile { get; } = new("a file that is there", text =>
        Absolute(text) is var path && File.Exists(path) ? path : throw new SettingException($"there is no file {SettingText.Quote(path)}."));

    public static SettingFormat<string> ExistingFolder { get; } = new("a folder that is there", text =>
        Absolute(text) is var path && Directory.Exists(path) ? path : throw new SettingException($"there is no folder {SettingText.Quote(path)}."));

    /// <summary>The user's home; null for a user without one, for whom .NET would take <c>/</c>.</summary>
    public static string? UserHome =>
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home
        && (home != "/" || Environment.GetEnvironmentVariable("HOME") is { Length: > 0 })
            ? home
            : null;

    /// <summary>A folder that need not be there yet.</summary>
    /// <exception cref="SettingException"><inheritdoc cref="Absolute"/> Or there is a file.</exception>
    public static string Folder(string text) => Absolute(text) is var path && !File.Exists(path)
        ? path
        : throw new SettingException($"{SettingText.Quote(path)} is a file. Name the folder that holds the memories.");

    /// <exception cref="SettingException">The text can't be a path, or a part of it has no certain meaning.</exception>
    public static string Absolute(string text)
    {
        var path = text.Trim();
        if (path.Contains('\0', StringComparison.Ordinal))
            throw new SettingException();

        path = WithoutScheme(path);
        path = VariableReference().Replace(path, reference => ValueOf(reference, text));
        if (Placeholder().Match(path) is { Success: true } placeholder)
            throw new SettingException($"{SettingText.Quote(placeholder.Value)} in {SettingText.Quote(text)} is not known here. Write the path itself.");

        return Path.GetFullPath(WithHome(path, text));
    }

    /// <summary>A <c>file:</c> address as a path; any other address is refused.</summary>
    private static string WithoutScheme(string text)
    {
        if (Scheme().Match(text) is not { Success: true } scheme)
            return text;

        return scheme.Groups["name"].Value.Equals(Uri.UriSchemeFile, StringComparison.OrdinalIgnoreCase)
            && Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { IsFile: true, Query: "", Fragment: "" } && url.Host is "" or "localhost"
            ? new Uri($"file://{url.AbsolutePath}").LocalPath
            : throw new SettingException($"{SettingText.Quote(text)} is an address, and a path is wanted, for instance /data/memory or file:///data/memory.");
    }

    private static string ValueOf(Match reference, string text)
    {
        var name = reference.Groups["name"].Value;
        var value = name is "HOME" or "userHome" ? Home(text) : Environment.GetEnvironmentVariable(name);
        return !string.IsNullOrEmpty(value)
            ? value
            : throw new SettingException(
                $"{SettingText.Quote(reference.Value)} in {SettingText.Quote(text)} stands for nothing: the server sees no variable {name}, and its client has not filled it in. Write the path itself.");
    }

    private static string WithHome(string path, string text)
    {
        if (!path.StartsWith('~'))
            return path;

        return path.Length == 1 || path[1] == '/' || path[1] == Path.DirectorySeparatorChar
            ? $"{Home(text)}{path[1..]}"
            : throw new SettingException($"whose home {SettingText.Quote(text)} begins with is not known here. Write the path itself.");
    }

    private static string Home(string text) => UserHome
        ?? throw new SettingException($"{SettingText.Quote(text)} is below the user's home, and this user has none. Set HOME, or write the path itself.");

    /// <summary>A letter alone is a drive of Windows.</summary>
    [GeneratedRegex("^(?<name>file(?=:)|[A-Za-z][A-Za-z0-9+.-]+(?=:/))")]
    private static partial Regex Scheme();

    /// <summary><c>$NAME</c>, <c>${NAME}</c>, <c>${env:NAME}</c> as editors write it, and <c>%NAME%</c> of Windows.</summary>
    [GeneratedRegex(@"\$(?<name>[A-Za-z_][A-Za-z0-9_]*)|\$\{(env:)?(?<name>[A-Za-z_][A-Za-z0-9_]*)\}|%(?<name>[A-Za-z_][A-Za-z0-9_()]*)%")]
    private static partial Regex VariableReference();

    /// <summary>What else is meant to be filled in: <c>${input:path}</c>, <c>${user_config.path}</c>, <c>$(pwd)</c>, <c>{{path}}</c>.</summary>
    [GeneratedRegex(@"\$[{(][^)}]*[)}]?|\{\{.*?\}\}|`[^`]*`")]
    private static partial Regex Placeholder();
}
