using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace McpQdrant.Tests.Protocol;

/// <summary>The real binary as a child process, with an environment of its own and a fresh data folder unless one is given.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _errors = [];
    private readonly Task _readingErrors;

    private ServerProcess(Process process)
    {
        _process = process;
        _readingErrors = Task.Run(async () =>
        {
            while (await process.StandardError.ReadLineAsync() is { } line)
                _errors.Enqueue(line);
        });
    }

    public static string Binary => Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "mcp-server-qdrant.exe" : "mcp-server-qdrant");

    public int Id => _process.Id;

    public string Errors => string.Join('\n', _errors);

    public static ServerProcess Start(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment) =>
        Start(Binary, arguments, environment);

    /// <param name="program">The binary, or what starts it in its last argument.</param>
    public static ServerProcess Start(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        foreach (var (name, value) in ServerEnvironment.Of(environment))
            start.Environment[name] = value;
        return new ServerProcess(Process.Start(start)!);
    }

    public async Task WriteAsync(params IEnumerable<string> lines)
    {
        foreach (var line in lines)
            await _process.StandardInput.WriteAsync(line + "\n");
        await _process.StandardInput.FlushAsync();
    }

    public void CloseInput() => _process.StandardInput.Close();

    public async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);

    public async Task<IReadOnlyList<string>> ReadToEndAsync() =>
        (await _process.StandardOutput.ReadToEndAsync().WaitAsync(Patience)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        await _readingErrors.WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL: no last words.</summary>
    public void Kill() => _process.Kill();

    public void Signal(PosixSignal signal)
    {
        var number = signal switch { PosixSignal.SIGINT => 2, PosixSignal.SIGTERM => 15, _ => throw new ArgumentOutOfRangeException(nameof(signal)) };
        Process.Start("kill", [$"-{number}", $"{_process.Id}"])!.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
