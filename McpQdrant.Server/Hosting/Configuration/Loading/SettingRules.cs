using McpQdrant.Embeddings;

namespace McpQdrant.Server.Hosting.Configuration.Loading;

/// <summary>What must hold between settings, beyond each being valid by itself.</summary>
internal static class SettingRules
{
    private static readonly SettingRule[] All =
    [
        new([Settings.LocalPath, Settings.QdrantUrl, Settings.QdrantApiKey, Settings.InjectedRest, Settings.InjectedGrpc], OneStore),
        new([Settings.QdrantUrl, Settings.LocalPath, Settings.InjectedRest, Settings.InjectedGrpc, Settings.InjectedRestUrl], RestAddress),
        new([Settings.EmbeddingProvider, Settings.EmbeddingModel], EmbeddingModelOfProvider),
        new([Settings.EmbeddingProvider, Settings.EmbeddingUrl, Settings.EmbeddingApiKey], OpenAiKey),
        new(
            [
                Settings.EmbeddingProvider, Settings.QdrantUrl, Settings.LocalPath, Settings.InjectedRest, Settings.InjectedGrpc,
                Settings.InjectedRestUrl,
            ],
            QdrantThatEmbeds),
        new([Settings.OAuthAuthority, Settings.OAuthAudience], WholeOAuth),
        new(
            [
                Settings.Transport, Settings.Host, Settings.Port, Settings.HttpPorts, Settings.AspNetCoreUrls,
                Settings.ApiKey, Settings.AccessFile, Settings.AllowAnonymous, Settings.OAuthAuthority,
            ],
            Authentication),
    ];

    /// <param name="refused">Settings that are invalid by themselves.</param>
    public static IEnumerable<string> Complaints(SettingValues values, IReadOnlySet<Setting> refused) => All
        .Where(rule => !rule.About.Any(refused.Contains))
        .Select(rule => rule.Complaint(values))
        .OfType<string>();

    /// <summary>What is allowed and hardly meant.</summary>
    public static IEnumerable<string> Warnings(SettingValues values)
    {
        if (values.IsSet(Settings.QdrantApiKey) && values.Get(Settings.QdrantUrl) is null)
        {
            yield return $"{Subject(values, Settings.QdrantApiKey)} is set, but {Settings.QdrantUrl.Name} is not: "
                + $"memories are kept in {values.Show(Settings.LocalPath)}.";
        }
        if (values.Get(Settings.Discover) && values.Get(Settings.QdrantUrl) is not StoreLocation.Server)
            yield return $"{Subject(values, Settings.Discover)} is set, but memories are not in a Qdrant server, so there is nothing to discover.";
        if (values.Get(Settings.Rest) && values.Get(Settings.Transport) == TransportKind.Stdio)
            yield return $"{Subject(values, Settings.Rest)} is set, but the server speaks over stdio, where there is no REST API. Set {Settings.Transport.Name}=http.";
    }

    private static string? OneStore(SettingValues values)
    {
        if (!values.IsSet(Settings.LocalPath))
            return null;

        Setting[] servers = [Settings.QdrantUrl, Settings.QdrantApiKey, Settings.InjectedRest, Settings.InjectedGrpc];
        return servers.FirstOrDefault(values.IsSet) is { } server
            ? $"{Subject(values, Settings.LocalPath)} keeps memories in a folder, and {Subject(values, server)} is for a Qdrant server. "
                + "Set only one of them."
            : null;
    }

    private static string? RestAddress(SettingValues values) =>
        values.Get(Settings.QdrantUrl) is null && values.Get(Settings.LocalPath) is null && values.Get(Settings.InjectedGrpc) is { } grpc
            ? $"{Subject(values, Settings.InjectedGrpc)} gives Qdrant's gRPC endpoint {grpc.Endpoint.OriginalString}, and this server speaks REST. "
                + $"Set {Settings.QdrantUrl.Name}, or {Settings.InjectedRest.Name}, to the REST address, usually on port 6333."
            : null;

    private static string? EmbeddingModelOfProvider(SettingValues values) => values.Get(Settings.EmbeddingProvider) switch
    {
        _ when values.IsSet(Settings.EmbeddingModel) => null,
        EmbeddingProvider.OpenAi => NeedsModel(values, "text-embedding-3-small"),
        EmbeddingProvider.Ollama => NeedsModel(values, "nomic-embed-text"),
        _ => null,
    };

    private static string NeedsModel(SettingValues values, string example) =>
        $"{Subject(values, Settings.EmbeddingProvider)} is {values.Show(Settings.EmbeddingProvider)}, which has no default model. "
        + $"Set {Settings.EmbeddingModel.Name}, for instance to {example}.";

    private static string? OpenAiKey(SettingValues values) =>
        values.Get(Settings.EmbeddingProvider) == EmbeddingProvider.OpenAi
            && values.Get(Settings.EmbeddingApiKey) is null && values.Get(Settings.EmbeddingUrl) is null
            ? $"{Subject(values, Settings.EmbeddingProvider)} is openai, and there is no key. "
                + $"Set {Settings.EmbeddingApiKey.Name} or OPENAI_API_KEY, or {Settings.EmbeddingUrl.Name} to a server that asks for none."
            : null;

    private static string? QdrantThatEmbeds(SettingValues values) =>
        values.Get(Settings.EmbeddingProvider) == EmbeddingProvider.Qdrant
            && values.Get(Settings.QdrantUrl) is not StoreLocation.Server && !values.IsSet(Settings.InjectedGrpc)
            ? $"{Subject(values, Settings.EmbeddingProvider)} is qdrant, and memories are not in a Qdrant server. "
                + $"Set {Settings.QdrantUrl.Name} to one that embeds, or choose another provider."
            : null;

    private static string? WholeOAuth(SettingValues values) => (values.IsSet(Settings.OAuthAuthority), values.IsSet(Settings.OAuthAudience)) switch
    {
        (true, false) => $"{Subject(values, Settings.OAuthAuthority)} is set without {Settings.OAuthAudience.Name}. "
            + "Without it tokens for other services would be accepted: set both.",
        (false, true) => $"{Subject(values, Settings.OAuthAudience)} is set without {Settings.OAuthAuthority.Name}, "
            + "which says whose tokens are accepted: set both.",
        _ => null,
    };

    private static string? Authentication(SettingValues values)
    {
        if (values.Get(Settings.Transport) == TransportKind.Stdio || values.Get(Settings.AllowAnonymous))
            return null;
        if (values.IsSet(Settings.ApiKey) || values.IsSet(Settings.AccessFile) || values.IsSet(Settings.OAuthAuthority))
            return null;

        return ListenAddress.From(values).FirstOrDefault(address => !address.IsLoopback) is { } open
            ? $"The server would listen on {open}, where other machines reach it, and nothing would tell who calls. "
                + $"Set {Settings.ApiKey.Name} or {Settings.AccessFile.Name}; or {Settings.OAuthAuthority.Name} and {Settings.OAuthAudience.Name}; "
                + $"or {Settings.AllowAnonymous.Name}=true, if all who reach it may read and write memories. "
                + $"Or listen on this machine alone: {Settings.Host.Name}=127.0.0.1."
            : null;
    }

    private static string Subject(SettingValues values, Setting setting) => values.Source(setting).Subject;
}

/// <summary>What must hold between settings.</summary>
/// <param name="About">The settings it looks at; where one of them is invalid by itself, the rule says nothing.</param>
/// <param name="Complaint">What is wrong and what to do, in sentences; null where all is well.</param>
internal sealed record SettingRule(IReadOnlyList<Setting> About, Func<SettingValues, string?> Complaint);
