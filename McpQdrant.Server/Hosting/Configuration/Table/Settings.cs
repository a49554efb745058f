namespace McpQdrant.Server.Hosting.Configuration;

/// <summary>The table of all settings: what binds, checks, prints and documents them.</summary>
internal static partial class Settings
{
    /// <summary>In the order in which they are documented.</summary>
    public static IReadOnlyList<SettingGroup> Groups => field ??=
    [
        StoreGroup, CollectionGroup, SearchGroup, ToolGroup, HookGroup, EmbeddingGroup, TransportGroup, AccessGroup, LimitGroup, OperationGroup,
    ];

    public static IReadOnlyList<Setting> All => field ??= [.. Groups.SelectMany(group => group.Settings)];
}

/// <summary>Settings that are documented together.</summary>
/// <param name="Note">Markdown before the table; what is true of several of them.</param>
internal sealed record SettingGroup(string Title, string Note, IReadOnlyList<Setting> Settings);
