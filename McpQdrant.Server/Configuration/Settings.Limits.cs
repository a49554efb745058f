namespace McpQdrant.Server.Configuration;

internal static partial class Settings
{
    public static readonly Setting<int> MaxRequestBytes = new("MCP_MAX_REQUEST_BYTES", Formats.Integer(64 * 1024, 1024 * 1024 * 1024))
    {
        Default = "16777216",
        Meaning = "The longest request, in bytes: a body over HTTP, a line over stdio. A memory's text may have 1,048,576 bytes.",
    };

    private static SettingGroup LimitGroup => new(
        "Limits",
        "What one caller may ask of the server.",
        [MaxRequestBytes]);
}
