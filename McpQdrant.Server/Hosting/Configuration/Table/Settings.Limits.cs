namespace McpQdrant.Server.Hosting.Configuration;

internal static partial class Settings
{
    public static readonly Setting<int> MaxRequestBytes = new("MCP_MAX_REQUEST_BYTES", Formats.Integer(64 * 1024, 1024 * 1024 * 1024))
    {
        Default = "16777216",
        Meaning = "The longest request, in bytes: a body over HTTP, a line over stdio. A memory's text may have 1,048,576 bytes.",
    };

    public static readonly Setting<int> MaxAnswerBytes = new("MCP_MAX_ANSWER_BYTES", Formats.Integer(4000, 100 * 1024 * 1024))
    {
        Default = "80000",
        Meaning = "How many bytes the memories of one answer may take, in its text and in its structure each. Those that don't fit are shown by their beginning, with a "
            + "note that says how to read the whole. The default is about 20,000 tokens; Claude Code stops at 25,000, Claude Desktop at 1 MB.",
    };

    public static readonly Setting<int> RateLimit = new("MCP_RATE_LIMIT", Formats.Integer(0, 1_000_000))
    {
        Default = "6000",
        Meaning = "How many requests a minute one caller may make over HTTP; 0 for any number. Callers without a name count by their address.",
    };

    public static readonly Setting<int> Replicas = new("MCP_REPLICAS", Formats.Integer(1, 1000))
    {
        Default = "1",
        Meaning = "How many servers share the callers behind one address. Each lets through its part of `MCP_RATE_LIMIT`, and of the limits of single callers.",
    };

    public static readonly Setting<int> ConcurrentRequests = new("MCP_CONCURRENT_REQUESTS", Formats.Integer(1, 10_000))
    {
        Default = "100",
        Meaning = "How many requests of one caller are served at once over HTTP. As many more wait; those beyond are refused.",
    };

    public static readonly Setting<TimeSpan> BodyTimeout = new("MCP_BODY_TIMEOUT", DurationFormat.Between("1s", "10m"))
    {
        Default = "30s",
        Meaning = "How long the body of a request over HTTP may take to arrive.",
    };

    public static readonly Setting<int?> MaxConnections = new("MCP_MAX_CONNECTIONS", Formats.Integer(1, 1_000_000).OrNull())
    {
        UnsetMeaning = "what the system's limit of open files leaves, at most 10000",
        Meaning = "How many connections HTTP keeps open at once. Beyond it, those are closed for new ones on which no request was let through yet.",
    };

    private static SettingGroup LimitGroup => new(
        "Limits",
        "What one caller may ask of the server.",
        [MaxRequestBytes, MaxAnswerBytes, RateLimit, Replicas, ConcurrentRequests, BodyTimeout, MaxConnections]);
}
