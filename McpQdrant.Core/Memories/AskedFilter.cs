using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Core.Memories;

/// <summary>What memories must satisfy, put together from the ways in which a caller may say it. The stores apply it within the search.</summary>
internal static class AskedFilter
{
    /// <summary>More fields than these are a mistake, and each costs time for every memory.</summary>
    private const int MaxFields = 100;

    private const string MetadataPrefix = CollectionLayout.DefaultMetadataField + ".";

    /// <returns>Null for all memories.</returns>
    /// <exception cref="MemoryException">A time can't be read, the times exclude each other, or a field of the metadata can't be asked for.</exception>
    public static Filter? Of(Filter? filter, JsonElement? metadata, string? since, string? until, DateTimeOffset now)
    {
        var conditions = new List<Condition>();
        if (filter is not null)
            conditions.Add(filter);
        if (metadata is { } fields)
            AddFields(fields, MetadataPrefix, conditions);
        if (Stored(since, until, now) is { } stored)
            conditions.Add(stored);

        return conditions switch
        {
            [] => null,
            [Filter only] => only,
            _ => new Filter { Must = conditions },
        };
    }

    /// <summary>The fields of the metadata that a filter asks for, by their paths.</summary>
    public static IReadOnlyList<string> MetadataFields(Filter filter)
    {
        var fields = new HashSet<string>(StringComparer.Ordinal);
        filter.MapKeys(key =>
        {
            if (key.StartsWith(MetadataPrefix, StringComparison.Ordinal))
                fields.Add(key);
            return key;
        });
        return [.. fields];
    }

    /// <summary>Selects the memories that have a field.</summary>
    public static Filter Has(string field) => new() { MustNot = [Condition.IsEmpty(field)] };

    /// <summary>A memory that was changed says when it was first stored; the others have one time.</summary>
    private static Filter? Stored(string? askedSince, string? askedUntil, DateTimeOffset now)
    {
        DateTimeOffset? since = askedSince is { } from ? AskedTime.Read("since", from, now, isEnd: false) : null;
        DateTimeOffset? until = askedUntil is { } to ? AskedTime.Read("until", to, now, isEnd: true) : null;
        if (since > until)
            throw new MemoryException($"'since' ({AskedTime.Shown(askedSince!)}) is after 'until' ({AskedTime.Shown(askedUntil!)}), so no memory can match. Exchange them, or leave one out.");

        return since is null && until is null
            ? null
            : new Filter
            {
                Should =
                [
                    Condition.Between(CollectionLayout.FirstStoredAtField, since, until),
                    new Filter { Must = [Condition.IsEmpty(CollectionLayout.FirstStoredAtField), Condition.Between(CollectionLayout.StoredAtField, since, until)] },
                ],
            };
    }

    private static void AddFields(JsonElement fields, string prefix, List<Condition> conditions)
    {
        foreach (var field in fields.EnumerateObject())
        {
            if (conditions.Count >= MaxFields)
                throw new MemoryException($"'metadata' asks for more than {MaxFields} fields. Ask for fewer.");
            if (field.Value.ValueKind == JsonValueKind.Object)
                AddFields(field.Value, $"{prefix}{KeyOf(field.Name)}.", conditions);
            else
                conditions.Add(Holds(field, prefix));
        }
    }

    /// <remarks>A name with a point in it may be a path, and may be a name.</remarks>
    private static Condition Holds(JsonProperty field, string prefix)
    {
        var named = Holds(field, field.Value, prefix + KeyOf(field.Name));
        return field.Name.Contains('.', StringComparison.Ordinal) && field.Name.Split('.').All(Condition.IsPlainKey)
            ? new Filter { Should = [named, Holds(field, field.Value, prefix + field.Name)] }
            : named;
    }

    private static Condition Holds(JsonProperty field, JsonElement value, string key) => value.ValueKind switch
    {
        JsonValueKind.String => Condition.Match(key, value.GetString()!),
        JsonValueKind.True or JsonValueKind.False => Condition.Match(key, value.GetBoolean()),
        JsonValueKind.Null => Condition.IsEmpty(key),
        JsonValueKind.Number when value.TryGetInt64(out var integer) => Condition.Match(key, integer),
        JsonValueKind.Number when value.GetDouble() is var number && double.IsFinite(number) => Condition.Range(key, gte: number, lte: number),
        JsonValueKind.Array when value.GetArrayLength() is > 0 and <= MaxFields && value.EnumerateArray().All(IsScalar) =>
            new Filter { Should = [.. value.EnumerateArray().Select(item => Holds(field, item, key))] },
        _ => throw new MemoryException(
            $"'metadata' asks for '{AskedTime.Shown(field.Name)}' in a way that can't be. Give a value, or an array of 1 to {MaxFields} values of which one must be there."),
    };

    private static bool IsScalar(JsonElement value) => value.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object);

    private static string KeyOf(string name) =>
        Condition.IsPlainKey(name) ? name
        : name.AsSpan().IndexOfAny('"', '\\') < 0 ? $"\"{name}\""
        : throw new MemoryException($"'metadata' asks for '{AskedTime.Shown(name)}': a name with a quotation mark or a backslash can't be asked for.");
}
