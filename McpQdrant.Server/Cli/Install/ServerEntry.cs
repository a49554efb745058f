using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace McpQdrant.Server.Cli.Install;

/// <summary>How a client starts this program.</summary>
/// <param name="Command">The program, by its whole path: clients have another PATH than shells.</param>
/// <param name="HasType">Whether the entry says that it is started, not called by an address.</param>
internal sealed record ServerEntry(string Command, IReadOnlyList<string> Arguments, IReadOnlyList<(string Name, string Value)> Environment, bool HasType)
{
    /// <summary>The entry as JSON.</summary>
    /// <param name="indent">One level of the file's own indentation.</param>
    public string ToJson(string indent, string newLine)
    {
        var lines = new List<string>();
        if (HasType)
            lines.Add("\"type\": \"stdio\"");
        lines.Add($"\"command\": {Quote(Command)}");
        lines.Add($"\"args\": [{string.Join(", ", Arguments.Select(Quote))}]");
        if (Environment.Count > 0)
            lines.Add($"\"env\": {{ {string.Join(", ", Environment.Select(variable => $"{Quote(variable.Name)}: {Quote(variable.Value)}"))} }}");
        return $"{{{newLine}{string.Join($",{newLine}", lines.Select(line => indent + line))}{newLine}}}";
    }

    /// <summary>The entry as a TOML table. A basic string of TOML is written as one of JSON.</summary>
    public string ToToml(string header, string newLine)
    {
        var text = new StringBuilder().Append(header).Append(newLine)
            .Append($"command = {Quote(Command)}{newLine}")
            .Append($"args = [{string.Join(", ", Arguments.Select(Quote))}]{newLine}");
        if (Environment.Count > 0)
            text.Append($"env = {{ {string.Join(", ", Environment.Select(variable => $"{variable.Name} = {Quote(variable.Value)}"))} }}{newLine}");
        return text.ToString();
    }

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
