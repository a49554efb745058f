using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using McpQdrant.Core.Access;

namespace McpQdrant.Server.Authentication.Keys;

/// <summary>Reads callers from the text of an access file; all of it is right, or none of it counts.</summary>
internal static partial class AccessFileReader
{
    private const int MaxNameLength = 100;

    /// <exception cref="AccessFileException">The text is no access file.</exception>
    public static CallerKeys Parse(ReadOnlySpan<byte> utf8)
    {
        var callers = Read(utf8)?.Callers ?? throw new AccessFileException("it has no list 'callers'.");
        var keys = callers.Select((entry, index) => KeyOf(entry, index)).ToArray();

        if (keys.GroupBy(key => key.Caller.Name).FirstOrDefault(same => same.Count() > 1) is { } name)
            throw new AccessFileException($"there are two callers '{name.Key}'.");
        if (keys.GroupBy(key => Convert.ToHexString(key.Sha256)).FirstOrDefault(same => same.Count() > 1) is { } shared)
            throw new AccessFileException($"the callers '{string.Join("' and '", shared.Select(key => key.Caller.Name))}' have the same key.");
        return new CallerKeys(keys);
    }

    private static AccessDocument? Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8, AccessJson.Default.AccessDocument);
        }
        catch (JsonException failure)
        {
            throw new AccessFileException($"it is not what it must be at {Place(failure)}.", failure);
        }
    }

    /// <remarks>The path too, which names the misspelt word; but not where what stands in a word's place may be a key.</remarks>
    private static string Place(JsonException failure) =>
        $"line {(failure.LineNumber ?? 0) + 1}{(failure.Path is { } path && PathOfWords().IsMatch(path) ? $" ({path})" : "")}";

    private static CallerKey KeyOf(CallerEntry? entry, int index)
    {
        if (entry?.Name is not { Length: > 0 and <= MaxNameLength } name || name.Contains(':', StringComparison.Ordinal) || name.Any(char.IsControl))
            throw new AccessFileException($"caller {index + 1} needs a 'name' of 1 to {MaxNameLength} characters on one line, without a colon.");
        if (Caller.ReservedNames.Contains(name, StringComparer.OrdinalIgnoreCase))
            throw new AccessFileException($"the name '{name}' of caller {index + 1} is the server's own, so its collections would be shared. Choose another name.");
        if (entry.Collections is not { Count: > 0 } collections || collections.Any(string.IsNullOrWhiteSpace))
            throw new AccessFileException($"the caller '{name}' needs 'collections': names, where * stands for any characters; [\"*\"] for all.");
        if (entry.Rate < 0)
            throw new AccessFileException($"the 'rate' of the caller '{name}' must be a number of requests a minute, or 0 for any number.");

        var caller = new Caller
        {
            Name = name,
            Rights = (entry.Read ? Rights.Read : 0) | (entry.Write ? Rights.Write : 0) | (entry.Forget ? Rights.Forget : 0),
            Collections = collections!,
            RequestsPerMinute = entry.Rate,
            Pins = Fields(name, "scope", entry.Scope),
            Labels = Fields(name, "labels", entry.Labels),
        };
        foreach (var wrong in (entry.ScopeHeaders ?? []).Where(field => !ScopeFields.Names.Contains(field) || caller.Pins.ContainsKey(field!)))
            throw new AccessFileException($"'scope_headers' of the caller '{name}' has '{wrong}', which is none of {string.Join(", ", ScopeFields.Names)}, or has a value in 'scope' already.");
        if (entry.Tools is { } tools)
            caller = caller with { Tools = [.. tools.Select(tool => Tool(name, tool))] };
        return new CallerKey(Hash(name, entry.Sha256), caller) { ScopeHeaders = entry.ScopeHeaders is { } headers ? [.. headers.OfType<string>()] : [] };
    }

    private static Dictionary<string, string> Fields(string name, string word, IReadOnlyDictionary<string, string?>? fields)
    {
        foreach (var (field, value) in fields ?? new Dictionary<string, string?>())
        {
            if (ScopeFields.Problem(field, value) is { } problem)
                throw new AccessFileException($"'{word}' of the caller '{name}' {problem}.");
        }
        return fields?.ToDictionary(field => field.Key, field => field.Value!, StringComparer.Ordinal) ?? [];
    }

    private static byte[] Hash(string name, string? hex)
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        return hex?.Length == 2 * hash.Length && Convert.FromHexString(hex, hash, out _, out _) == System.Buffers.OperationStatus.Done
            ? hash
            : throw new AccessFileException($"the caller '{name}' needs 'sha256': the hash of its key in {2 * hash.Length} hex digits. mcp-server-qdrant key new makes both.");
    }

    private static ToolName Tool(string name, string? tool) =>
        ToolRights.FromProtocolName(tool) ?? ToolRights.FromProtocolName($"qdrant-{tool}")
        ?? throw new AccessFileException($"the caller '{name}' has a tool that there isn't. Tools are: {string.Join(", ", Enum.GetValues<ToolName>().Select(known => known.ProtocolName()))}.");

    [GeneratedRegex(@"^\$(\[\d+\]|\.[A-Za-z_]{1,16}\d{0,3})+$")]
    private static partial Regex PathOfWords();
}

/// <summary>The access file can't be used; the message says why, and never holds a key or its hash.</summary>
internal sealed class AccessFileException(string message, Exception? innerException = null) : Exception(message, innerException);
