using McpQdrant.Core.Access;
using McpQdrant.Server.Hooks;

namespace McpQdrant.Server.Hosting.Configuration;

/// <summary>Fields of metadata with values: <c>user=anna,project={git}</c>.</summary>
internal static class ScopeFormat
{
    /// <summary>Stands for the name of the folder that holds the repository around the folder in which the program was started.</summary>
    private const string GitPlaceholder = "{git}";

    /// <summary>Values that memories have.</summary>
    public static SettingFormat<IReadOnlyDictionary<string, string>> Values { get; } = Of(
        "a field and its value, such as user=anna", text => text.Replace(GitPlaceholder, HookProject.Of(Environment.CurrentDirectory) ?? "", StringComparison.Ordinal));

    /// <summary>Names of claims.</summary>
    public static SettingFormat<IReadOnlyDictionary<string, string>> Claims { get; } = Of("a field and the claim of its value, such as user=sub", text => text);

    private static SettingFormat<IReadOnlyDictionary<string, string>> Of(string one, Func<string, string> fill)
    {
        var pairs = Formats.List($"{one}, with commas between several", new SettingFormat<(string Field, string Value)>(one, text =>
        {
            if (text.Split('=', 2, StringSplitOptions.TrimEntries) is not [var field, var value])
                throw new SettingException();

            return ScopeFields.Problem(field, fill(value)) is { } problem ? throw new SettingException($"{SettingText.Quote(text)} {problem}.") : (field, fill(value));
        }));
        return new(pairs.Allowed, text =>
        {
            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (field, value) in pairs.ReadTyped(text))
            {
                if (!fields.TryAdd(field, value))
                    throw new SettingException($"it names '{field}' twice.");
            }
            return fields;
        });
    }
}
