using System.Diagnostics;

namespace McpQdrant.AppHost.Tests.Samples;

/// <summary>A program of the repository as it was built beside the tests, in a folder of its own.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private SampleProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <param name="project">The folder of the project, from the repository's root.</param>
    /// <param name="program">The name of its assembly.</param>
    public static SampleProcess Start(string project, string program, string folder, IEnumerable<string> arguments, params (string Name, string Value)[] variables)
    {
        // bin/Debug/net10.0, or what this configuration is called.
        var output = Path.GetRelativePath(Path.Combine(AppHost.RepositoryRoot, "McpQdrant.AppHost.Tests"), AppContext.BaseDirectory);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppHost.RepositoryRoot, project, output, $"{program}.dll"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return new SampleProcess(Process.Start(start)!);
    }

    /// <returns>The address after the word, in the first line that has one.</returns>
    public async Task<Uri> ReadAddressAsync()
    {
        List<string> lines = [];
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(AppHostProcess.Timeout) is { } line)
        {
            lines.Add(line);
            if (line.IndexOf("http://", StringComparison.Ordinal) is var at and >= 0)
            {
                // What follows must be read, or the process would stop at a full pipe.
                _ = _process.StandardOutput.ReadToEndAsync();
                return new Uri(line[at..].Split(' ', ',', '"')[0]);
            }
        }

        throw new InvalidOperationException($"The program ended without an address:\n{string.Join('\n', lines)}\n{await _errors}");
    }

    /// <returns>What it printed.</returns>
    public async Task<string> ReadToEndAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync().WaitAsync(AppHostProcess.Timeout);
        await _process.WaitForExitAsync().WaitAsync(AppHostProcess.Timeout);
        Assert.True(_process.ExitCode == 0, $"{output}{await _errors}");
        return output.Trim();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
