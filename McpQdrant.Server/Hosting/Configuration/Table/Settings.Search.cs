using McpQdrant.Core.Search;

namespace McpQdrant.Server.Hosting.Configuration;

internal static partial class Settings
{
    public static readonly Setting<int> SearchLimit = new("QDRANT_SEARCH_LIMIT", Formats.Integer(1, 100))
    {
        Default = "10",
        Meaning = "How many memories a find returns at most.",
    };

    public static readonly Setting<SearchMode> Search = new("MEMORY_SEARCH", Formats.Choice(
        ("hybrid", SearchMode.Hybrid), ("dense", SearchMode.Dense), ("keyword", SearchMode.Keyword)))
    {
        Default = "hybrid",
        Meaning = "By meaning and words (`hybrid`), by meaning alone (`dense`) or by words alone (`keyword`). A collection without "
            + "keywords is searched by meaning.",
    };

    public static readonly Setting<double?> ScoreThreshold = new("MEMORY_SCORE_THRESHOLD", Formats.Number(-1, 1).OrNull())
    {
        Meaning = "The cosine similarity that a memory must exceed to be found by its meaning.",
    };

    public static readonly Setting<TimeSpan?> RecencyHalfLife = new("MEMORY_RECENCY_HALF_LIFE", DurationFormat.Between("1m", "36500d").OrNull())
    {
        Meaning = "Prefers recent memories: a memory of this age counts half of a new one.",
    };

    public static readonly Setting<double?> Diversity = new("MEMORY_DIVERSITY", Formats.Number(0, 1).OrNull())
    {
        Meaning = "Prefers memories that are unlike each other: 0 is by score alone, 1 as unlike as can be.",
    };

    public static readonly Setting<IReadOnlyList<FilterableField>> FilterableFields = new("FILTERABLE_FIELDS", FilterableFieldsFormat.Format)
    {
        Unset = [],
        Meaning = "Fields of the metadata by which `qdrant-find` filters; each with a `condition` is an argument of its own.",
    };

    public static readonly Setting<bool> AllowArbitraryFilter = new("QDRANT_ALLOW_ARBITRARY_FILTER", Formats.Boolean)
    {
        Default = "false",
        Meaning = "Gives `qdrant-find` the argument `query_filter`, which takes any filter of Qdrant. Without effect where "
            + "`FILTERABLE_FIELDS` has arguments.",
    };

    private static SettingGroup SearchGroup => new(
        "Search and filters",
        """
        An element of `FILTERABLE_FIELDS` has `name`, `description`, `field_type`, `condition` and `required`:

        ```json
        [{"name": "project", "description": "The project it belongs to", "field_type": "keyword", "condition": "==", "required": false}]
        ```

        | `field_type` | `condition` |
        | --- | --- |
        | `keyword` | `==`, `!=`, `any`, `except` |
        | `integer` | `==`, `!=`, `>`, `>=`, `<`, `<=`, `any`, `except` |
        | `float` | `>`, `>=`, `<`, `<=` |
        | `boolean` | `==`, `!=` |

        Without a `condition` a field is indexed and no argument. The embedded store answers filters as Qdrant does without a
        payload index. With one Qdrant itself answers differently where the values of a field have mixed types: an integer index
        drops 1.5 from ranges and finds 1.0 as 1, and any index lets `is_null` match arrays that hold null. Where each field
        has values of one type there is no difference.
        """,
        [SearchLimit, Search, ScoreThreshold, RecencyHalfLife, Diversity, FilterableFields, AllowArbitraryFilter]);
}
