using System.IO.Enumeration;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Core.Expiry;

/// <summary>For how long memories of a collection are kept where a store doesn't say it.</summary>
/// <param name="Collections">A pattern of collections' names in the store; <c>*</c> stands for any characters.</param>
public sealed record ExpiryRule(string Collections, TimeSpan After);

/// <summary>When memories expire. From that moment on nobody finds them, and later they are removed.</summary>
public sealed record ExpiryOptions
{
    /// <summary>The first that is meant counts.</summary>
    public IReadOnlyList<ExpiryRule> Rules { get; init; } = [];

    /// <summary>When a memory expires that is stored now.</summary>
    /// <param name="asked">A time, or how long from now on, as a caller writes it; <see cref="Never"/>; null leaves it to the collection's rule.</param>
    /// <returns>Null for never.</returns>
    /// <exception cref="MemoryException">It is no time, or one that is over.</exception>
    internal DateTimeOffset? For(CollectionName collection, string? asked, DateTimeOffset now)
    {
        if (asked is not null)
            return Read(asked, now);
        return Rules.FirstOrDefault(rule => FileSystemName.MatchesSimpleExpression(rule.Collections, collection.Value, ignoreCase: false)) is { } rule ? now + rule.After : null;
    }

    public const string Never = "never";

    /// <inheritdoc cref="For"/>
    internal static DateTimeOffset? Read(string asked, DateTimeOffset now)
    {
        if (asked.Trim().Equals(Never, StringComparison.OrdinalIgnoreCase))
            return null;

        var time = AskedTime.ReadAhead("expires", asked, now);
        return time > now ? time : throw new MemoryException($"'expires' ({AskedTime.Shown(asked)}) is over already. Give a time that is to come, such as 30d, or leave it out.");
    }

    /// <summary>Selects what has expired.</summary>
    internal static Filter Expired(DateTimeOffset now) => new() { Must = [Over(now)] };

    /// <summary>Selects what satisfies a filter and has not expired.</summary>
    internal static Filter Unexpired(Filter? filter, DateTimeOffset now) => new() { Must = filter is null ? null : [filter], MustNot = [Over(now)] };

    private static Condition Over(DateTimeOffset now) => Condition.Between(CollectionLayout.ExpiresAtField, from: null, now);
}
