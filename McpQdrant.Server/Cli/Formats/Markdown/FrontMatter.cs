using System.Globalization;
using System.Text.Json;
using McpQdrant.Server.Cli.Formats.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace McpQdrant.Server.Cli.Formats.Markdown;

/// <summary>YAML between lines of <c>---</c> at the beginning of a file, as JSON.</summary>
internal static class FrontMatter
{
    private const int MaxCharacters = 64 * 1024;
    private const int MaxDepth = 20;

    /// <summary>An alias stands for a value again, so that a few lines may be billions of values.</summary>
    private const int MaxValues = 10_000;

    /// <param name="lines">With ends of one character.</param>
    /// <returns>The YAML, null for none, and what stands below it.</returns>
    public static (string? Yaml, string Body) Cut(string lines)
    {
        if (!lines.StartsWith("---\n", StringComparison.Ordinal))
            return (null, lines);

        var end = lines.IndexOf("\n---", 3, StringComparison.Ordinal);
        // A line of dashes that is longer, or has something behind it, is none.
        while (end >= 0 && lines.AsSpan(end + 4) is var rest && rest.Length > 0 && rest[0] != '\n')
            end = lines.IndexOf("\n---", end + 4, StringComparison.Ordinal);
        return end < 0 ? (null, lines) : (end < 4 ? "" : lines[4..end], lines[Math.Min(lines.Length, end + 5)..]);
    }

    /// <returns>An object; null where there is nothing in it.</returns>
    /// <exception cref="FieldException">It can't be read.</exception>
    public static JsonElement? Read(string yaml)
    {
        if (yaml.Length > MaxCharacters)
            throw new FieldException($"its front matter is longer than {MaxCharacters / 1024} KiB");
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            if (stream.Documents.Count == 0 || stream.Documents[0].RootNode is YamlScalarNode { Value: null or "" })
                return null;
            if (stream.Documents[0].RootNode is not YamlMappingNode fields)
                throw new FieldException("its front matter has no fields");

            var left = MaxValues;
            return Fields.Object(json => WriteFields(json, fields, 0, ref left));
        }
        catch (YamlException wrong)
        {
            // The first line of the front matter is the file's second.
            throw new FieldException($"its front matter can't be read, line {wrong.Start.Line + 1}: {wrong.Message.ReplaceLineEndings(" ").TrimEnd('.')}");
        }
    }

    private static void WriteFields(Utf8JsonWriter json, YamlMappingNode fields, int depth, ref int left)
    {
        foreach (var (name, value) in fields.Children)
        {
            if (name is not YamlScalarNode { Value: { } text })
                throw new FieldException("its front matter has a field whose name is no text");
            json.WritePropertyName(text);
            Write(json, value, depth + 1, ref left);
        }
    }

    private static void Write(Utf8JsonWriter json, YamlNode node, int depth, ref int left)
    {
        if (depth > MaxDepth || --left < 0)
            throw new FieldException("its front matter is too deep or too large");

        switch (node)
        {
            case YamlMappingNode fields:
                json.WriteStartObject();
                WriteFields(json, fields, depth, ref left);
                json.WriteEndObject();
                break;
            case YamlSequenceNode items:
                json.WriteStartArray();
                foreach (var item in items.Children)
                    Write(json, item, depth + 1, ref left);
                json.WriteEndArray();
                break;
            case YamlScalarNode scalar:
                WriteScalar(json, scalar);
                break;
        }
    }

    /// <summary>As YAML's core schema reads what has no quotes (https://yaml.org/spec/1.2.2/#103-core-schema); times stay texts.</summary>
    private static void WriteScalar(Utf8JsonWriter json, YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style != ScalarStyle.Plain)
            json.WriteStringValue(text);
        else if (text is "" or "~" or "null" or "Null" or "NULL")
            json.WriteNullValue();
        else if (text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE")
            json.WriteBooleanValue(text[0] is 't' or 'T');
        else if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            json.WriteNumberValue(whole);
        else if (double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            json.WriteNumberValue(number);
        else
            json.WriteStringValue(text);
    }
}
