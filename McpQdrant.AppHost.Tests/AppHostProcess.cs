using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace McpQdrant.AppHost.Tests;

/// <summary>The AppHost as people start it: a process of its own, with its dashboard. Every port is a free one.</summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    /// <summary>Enough for a loaded machine, on which the orchestrator takes a minute to start.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(4);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private AppHostProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public static AppHostProcess Start(IReadOnlyList<string> arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "McpQdrant.AppHost.exe" : "McpQdrant.AppHost"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{FreePort()}";
        start.Environment["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = $"http://127.0.0.1:{FreePort()}";
        start.Environment["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = $"http://127.0.0.1:{FreePort()}";
        start.Environment["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true";
        foreach (var (name, value) in variables)
            start.Environment[name] = value;

        return new AppHostProcess(Process.Start(start)!);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <returns>The lines up to the one that starts as asked, that one included.</returns>
    public async Task<IReadOnlyList<string>> ReadToAsync(string start)
    {
        List<string> lines = [];
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(Timeout) is { } line)
        {
            lines.Add(line);
            if (line.StartsWith(start, StringComparison.Ordinal))
            {
                // What follows must be read, or the process would stop at a full pipe.
                _ = _process.StandardOutput.ReadToEndAsync();
                return lines;
            }
        }

        throw new InvalidOperationException($"The AppHost ended without a line '{start}…':\n{string.Join('\n', lines)}\n{await _errors}");
    }

    /// <returns>The exit code, and what was written to standard error.</returns>
    public async Task<(int ExitCode, string Errors)> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Timeout);
        return (_process.ExitCode, await _errors);
    }

    /// <param name="name"><c>TERM</c>, which an init system sends, or <c>INT</c>, which Ctrl-C sends.</param>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // The orchestrator ends what it started when the AppHost is gone.
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
