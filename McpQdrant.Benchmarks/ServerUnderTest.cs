using System.Diagnostics;
using ModelContextProtocol.Client;

namespace McpQdrant.Benchmarks;

/// <summary>The real binary, as users start it: over stdio by the SDK's client, or over HTTP.</summary>
internal static class ServerUnderTest
{
    public static string Binary { get; } =
        Environment.GetEnvironmentVariable("BENCHMARK_SERVER")
        ?? Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "mcp-server-qdrant.exe" : "mcp-server-qdrant");

    public static Task<McpClient> OverStdioAsync(Dictionary<string, string?> environment) =>
        McpClient.CreateAsync(new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = Binary,
            EnvironmentVariables = environment,
            StandardErrorLines = _ => { },
        }));

    public static Task<McpClient> OverHttpAsync(Uri address) =>
        McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions { Endpoint = address, TransportMode = HttpTransportMode.StreamableHttp }));

    /// <summary>Starts the server over its standard streams; nobody has said anything to it yet.</summary>
    public static Process StartStdio(Dictionary<string, string?> environment) => Start([], environment, takesInput: true);

    /// <summary>Starts the server over HTTP on a free port; the first line with an address says where.</summary>
    public static async Task<(Process Process, Uri Address)> StartHttpAsync(Dictionary<string, string?> environment)
    {
        var process = Start(["--transport", "http", "--port", "0"], environment, takesInput: false);
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.IndexOf("http://", StringComparison.Ordinal) is var at and >= 0)
                return (process, new Uri(line[at..].Split(' ', ',', '"')[0]));
        }
        throw new InvalidOperationException($"The server ended with {process.ExitCode} before it listened.");
    }

    private static Process Start(string[] arguments, Dictionary<string, string?> environment, bool takesInput)
    {
        var start = new ProcessStartInfo(Binary, arguments) { RedirectStandardInput = takesInput, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        // Nobody reads it, but a full pipe would stop the server.
        _ = process.StandardError.ReadToEndAsync();
        return process;
    }

    public static string FreshFolder() => Directory.CreateTempSubdirectory("mcpqdrant-benchmark-").FullName;
}
