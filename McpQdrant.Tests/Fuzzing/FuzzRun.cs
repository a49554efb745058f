using System.Diagnostics;
using System.Globalization;
using System.Text;
using CsCheck;

namespace McpQdrant.Tests.Fuzzing;

/// <summary>Gives a target its seeds as they are, and then what mutations make of them: a few, as many as <c>FUZZ_INPUTS</c> says, or for a share of <c>FUZZ_SECONDS</c>.</summary>
/// <param name="target">What is fuzzed.</param>
/// <param name="seeds">What inputs are made of.</param>
internal sealed class FuzzRun(string target, IReadOnlyList<byte[]> seeds)
{
    public const string Variable = "FUZZ_SECONDS";

    /// <summary>How many inputs each target gets.</summary>
    public const string CountVariable = "FUZZ_INPUTS";

    /// <summary>Among which the time is divided.</summary>
    private const int Targets = 7;

    /// <summary>How long one input may take. All are small: what takes as long hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The files of a folder of seeds.</summary>
    public static IReadOnlyList<byte[]> Seeds(string folder) =>
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Fuzzing", "Seeds", folder)).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    /// <param name="iterations">How many inputs are made where neither a time nor a number is set.</param>
    /// <param name="judge">Takes an input, and throws where the target did what it must not.</param>
    public async Task RunAsync(int iterations, Func<byte[], Task> judge)
    {
        var executed = 0L;
        var watch = Stopwatch.StartNew();
        foreach (var seed in seeds)
            await ExecuteAsync(seed);

        var seconds = int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var all) ? Math.Max(1, all / Targets) : -1;
        await Mutations.Of(seeds).SampleAsync(ExecuteAsync, iter: int.TryParse(Environment.GetEnvironmentVariable(CountVariable), CultureInfo.InvariantCulture, out var count) ? count : iterations, time: seconds, threads: 1, print: Print);

        TestContext.Current.TestOutputHelper?.WriteLine($"{target}: {executed} inputs in {watch.Elapsed.TotalSeconds:F0} s");

        async Task ExecuteAsync(byte[] input)
        {
            executed++;
            await Task.Run(() => judge(input)).WaitAsync(Patience);
        }
    }

    /// <summary>To be read, and to be kept as a seed by <c>base64 -d</c>.</summary>
    private static string Print(byte[] input) => $"{Encoding.UTF8.GetString(input.AsSpan(0, Math.Min(input.Length, 2000)))}\n{Convert.ToBase64String(input)}\n";
}
