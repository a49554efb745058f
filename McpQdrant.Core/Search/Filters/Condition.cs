using System.Text.Json;
using McpQdrant.Core.Search.Filters.Checks;
using McpQdrant.Core.Search.Filters.Conditions;

namespace McpQdrant.Core.Search.Filters;

/// <summary>One condition of a filter; immutable. A whole <see cref="Filter"/> is one as well.</summary>
public abstract class Condition
{
    /// <summary>The field holds this text, alone or in a list. This and what follows: <paramref name="key"/> is a path such as <c>metadata.project</c>.</summary>
    /// <exception cref="FilterException">The key is no path; so in all of these.</exception>
    public static Condition Match(string key, string value) => new FieldCondition(FieldPath.Parse(key), [new MatchValue(new PayloadValue(value))]);

    public static Condition Match(string key, long value) => new FieldCondition(FieldPath.Parse(key), [new MatchValue(new PayloadValue(value))]);

    public static Condition Match(string key, bool value) => new FieldCondition(FieldPath.Parse(key), [new MatchValue(new PayloadValue(value))]);

    /// <summary>The field holds one of these.</summary>
    public static Condition MatchAny(string key, IEnumerable<string> values) => new FieldCondition(FieldPath.Parse(key), [new MatchAny(new MatchList(values))]);

    /// <inheritdoc cref="MatchAny(string, IEnumerable{string})"/>
    public static Condition MatchAny(string key, IEnumerable<long> values) => new FieldCondition(FieldPath.Parse(key), [new MatchAny(new MatchList(values))]);

    /// <summary>The field holds something, and not only these.</summary>
    public static Condition MatchExcept(string key, IEnumerable<string> values) => new FieldCondition(FieldPath.Parse(key), [new MatchExcept(new MatchList(values))]);

    /// <inheritdoc cref="MatchExcept(string, IEnumerable{string})"/>
    public static Condition MatchExcept(string key, IEnumerable<long> values) => new FieldCondition(FieldPath.Parse(key), [new MatchExcept(new MatchList(values))]);

    /// <summary>The field holds a number within these bounds.</summary>
    public static Condition Range(string key, double? gt = null, double? gte = null, double? lt = null, double? lte = null) =>
        new FieldCondition(FieldPath.Parse(key), [new NumberRange(gt, gte, lt, lte)]);

    /// <summary>The field holds a time within these bounds, which belong to it.</summary>
    public static Condition Between(string key, DateTimeOffset? from, DateTimeOffset? to) =>
        new FieldCondition(FieldPath.Parse(key), [new TimeRange(gt: null, TimeBound.Of(from), lt: null, TimeBound.Of(to))]);

    /// <summary>The field holds nothing: it is missing, null or an empty list.</summary>
    public static Condition IsEmpty(string key) => new IsEmptyCondition(FieldPath.Parse(key));

    /// <summary>The field holds one value at most, alone or in a list.</summary>
    public static Condition HoldsOne(string key) => new FieldCondition(FieldPath.Parse(key), [new ValuesCount(gt: null, gte: null, lt: null, lte: 1)]);

    /// <summary>It is one of these.</summary>
    public static Condition HasId(IEnumerable<PointId> ids) => new HasIdCondition(ids);

    /// <summary>Whether a field's name may stand in a path without quotation marks.</summary>
    public static bool IsPlainKey(string name) => FieldPathReader.IsPlain(name);

    /// <param name="payload">The object that keys start from.</param>
    /// <param name="point">Null within a nested condition, where an element of a list stands for the payload and has neither id nor vectors.</param>
    internal abstract bool Matches(PayloadValue payload, IFilterSubject? point);

    /// <summary>The answer where it is the same for every point, and one can tell without looking at any; otherwise null.</summary>
    internal virtual bool? Constant => null;

    /// <summary>Whether a value below this key at the payload's top may make a difference.</summary>
    public abstract bool Reads(string topLevelKey);

    /// <summary>The same condition with other keys. Keys within a nested condition count from the list's elements, so they stay.</summary>
    public abstract Condition MapKeys(Func<string, string> map);

    internal abstract void WriteTo(Utf8JsonWriter writer);
}
