using McpQdrant.Core.Collections;
namespace McpQdrant.Server.Hosting.Configuration.Loading;

/// <summary>Finds names that nothing reads and that look like a setting's.</summary>
internal sealed class UnknownSettings
{
    private const int MaxEdits = 2;

    /// <summary>How the names begin that only this server uses; others are not suggested.</summary>
    private static readonly string[] OwnPrefixes = ["QDRANT_", "MCP_", "EMBEDDING_", "MEMORY_", "FASTMCP_", "COLLECTION_", "FILTERABLE_", "TOOL_"];

    /// <summary>What others own: <c>QDRANT__</c> begins the settings of Qdrant's container.</summary>
    private static readonly string[] ForeignPrefixes = ["QDRANT__", "ASPNETCORE_", "DOTNET_", "OTEL_"];

    /// <summary>Injected by Aspire beside the connection strings, and one edit away from names of ours.</summary>
    private static readonly string[] InjectedNames = ["QDRANT_URI", "QDRANT_APIKEY"];

    /// <summary>By these Kestrel would listen elsewhere, past the rule that an address for others needs authentication.</summary>
    private static readonly string[] ListenerSettings = ["Kestrel__Endpoints", "Kestrel:Endpoints"];

    private readonly HashSet<string> known = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> knownLetters = [];
    private readonly List<(string Name, string Letters)> suggestions = [];

    private UnknownSettings()
    {
        foreach (var setting in Settings.All)
        {
            foreach (var name in setting.Names)
            {
                Know(name);
                if (setting.IsSecret)
                    Know(name + SecretFile.Suffix);
            }
        }
    }

    /// <summary>A sentence for each such name.</summary>
    public static IReadOnlyList<string> Warnings(IEnumerable<SettingLayer> layers)
    {
        var settings = new UnknownSettings();

        return [.. layers.SelectMany(layer => layer.Keys.Select(key => settings.Warning(layer, key)).OfType<string>())];
    }

    private void Know(string name)
    {
        var letters = SettingName.Letters(name);
        known.Add(name);
        knownLetters.Add(letters);
        if (StartsWithAny(name, OwnPrefixes))
            suggestions.Add((name, letters));
    }

    private string? Warning(SettingLayer layer, string key)
    {
        if (ListenerSettings.Any(name => key.Contains(name, StringComparison.OrdinalIgnoreCase)))
            return $"{layer.Find(key)!.Value.Source.Subject} is not used: HTTP listens where {Settings.Host.Name} and {Settings.Port.Name} say.";

        var letters = SettingName.Letters(key);
        if (known.Contains(key) || SettingLayer.HasSections(key) && knownLetters.Contains(letters) || IsForeign(layer, key))
            return null;

        var subject = layer.Find(key)!.Value.Source.Subject;
        if (key.EndsWith(SecretFile.Suffix, StringComparison.OrdinalIgnoreCase) && known.Contains(key[..^SecretFile.Suffix.Length]))
            return $"{subject} is not read: only secrets are read from files. Set {key[..^SecretFile.Suffix.Length]} itself.";

        return Nearest(letters) is { } name ? $"{subject} is not read: there is no such setting. Did you mean {name}?" : null;
    }

    /// <summary>The most similar name that begins with the same letter: <c>GCP_API_KEY</c> is not meant to be ours.</summary>
    private string? Nearest(string letters)
    {
        string? nearest = null;
        var fewest = MaxEdits + 1;
        foreach (var (name, ours) in suggestions)
        {
            if (letters.StartsWith(ours[0]) && EditDistance.Between(letters, ours, MaxEdits) is var edits && edits < fewest)
                (nearest, fewest) = (name, edits);
        }

        return nearest;
    }

    private static bool IsForeign(SettingLayer layer, string key) =>
        StartsWithAny(key, ForeignPrefixes)
        || InjectedNames.Contains(key) && (layer.Find(Settings.InjectedRest.Name) ?? layer.Find(Settings.InjectedGrpc.Name)) is not null;

    private static bool StartsWithAny(string name, string[] prefixes) => prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
