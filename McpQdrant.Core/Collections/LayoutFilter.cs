using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Core.Collections;

/// <summary>Filters name fields as this server writes them; a collection that another program made may keep them elsewhere.</summary>
internal static class LayoutFilter
{
    /// <summary>The filter by the collection's own keys: <c>document</c> and <c>metadata.x</c> are looked for where the layout has them.</summary>
    public static Filter? For(CollectionLayout layout, Filter? filter) =>
        filter is null || layout is { TextField: CollectionLayout.DefaultTextField, MetadataField: CollectionLayout.DefaultMetadataField }
            ? filter
            : filter.MapKeys(key => Key(layout, key));

    private static string Key(CollectionLayout layout, string key)
    {
        const string MetadataPrefix = CollectionLayout.DefaultMetadataField + ".";
        if (key == CollectionLayout.DefaultTextField)
            return layout.TextField;

        if (!key.StartsWith(MetadataPrefix, StringComparison.Ordinal))
            return key;

        var rest = key[MetadataPrefix.Length..];
        return layout.MetadataField is { } field ? $"{field}.{rest}" : rest;
    }
}
