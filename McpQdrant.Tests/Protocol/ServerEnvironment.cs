namespace McpQdrant.Tests.Protocol;

/// <summary>The variables that a server under test sees: the given ones, and none of ours that the machine happens to have.</summary>
internal static class ServerEnvironment
{
    private static readonly string[] OurPrefixes =
        ["QDRANT_", "MCP_", "EMBEDDING_", "MEMORY_", "FASTMCP_", "COLLECTION_", "TOOL_", "FILTERABLE_", "OTEL_", "ConnectionStrings__", "ASPNETCORE_", "HTTP_PORTS", "OPENAI_"];

    public static Dictionary<string, string?> Of(IReadOnlyDictionary<string, string?> given)
    {
        var variables = new Dictionary<string, string?>();
        foreach (string name in Environment.GetEnvironmentVariables().Keys)
        {
            if (OurPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
                variables[name] = null;
        }
        // A test that names no folder must not write to the memories of whoever runs it.
        variables["XDG_DATA_HOME"] = Path.Combine(AppContext.BaseDirectory, "data-home");
        foreach (var (name, value) in given)
            variables[name] = value;
        return variables;
    }
}
