using System.Text;
using McpQdrant.Tests.Core.Search.Filters;

namespace McpQdrant.Tests.Fuzzing;

/// <summary>Inputs from outside, damaged in every way: the server answers each, or refuses it in a sentence, and serves the next one.</summary>
/// <remarks>
/// A few inputs each time; <c>FUZZ_SECONDS=600</c> runs for ten minutes, <c>FUZZ_INPUTS=10000</c> gives each target as many. What is found is kept as a file among the seeds, which are run
/// first, and as they are.
/// </remarks>
public sealed class FuzzTests
{
    [Fact]
    public async Task Bodies_of_HTTP_requests()
    {
        await using var target = new HttpTarget();

        await new FuzzRun("HTTP body", FuzzRun.Seeds("messages")).RunAsync(300, target.JudgeAsync);
    }

    [Fact]
    public async Task Requests_of_the_REST_API()
    {
        await using var target = new RestTarget();

        await new FuzzRun("REST request", FuzzRun.Seeds("rest")).RunAsync(300, target.JudgeAsync);
    }

    [Fact]
    public async Task Requests_of_the_Explorer()
    {
        await using var target = new RestTarget("a-key-that-no-input-has");

        await new FuzzRun("Explorer request", FuzzRun.Seeds("explorer")).RunAsync(300, target.JudgeAsync);
    }

    [Fact]
    public async Task Lines_of_stdio()
    {
        await using var target = new StdioTarget();

        await new FuzzRun("stdio line", FuzzRun.Seeds("messages")).RunAsync(300, target.JudgeAsync);
    }

    [Fact]
    public Task Filters_in_arguments() =>
        new FuzzRun("filter", [.. FuzzRun.Seeds("filters"), .. Recorded("cases.jsonl", "filter"), .. Recorded("matrix-cases.jsonl", "filter")]).RunAsync(2000, FilterTarget.JudgeAsync);

    [Fact]
    public Task Access_files() =>
        new FuzzRun("access file", FuzzRun.Seeds("access")).RunAsync(2000, AccessFileTarget.JudgeAsync);

    [Fact]
    public async Task Payloads_read_back()
    {
        using var target = new PayloadTarget();

        await new FuzzRun("payload", [.. FuzzRun.Seeds("payloads"), .. Recorded("points.jsonl", "payload"), .. Recorded("matrix-points.jsonl", "payload")]).RunAsync(500, target.JudgeAsync);
    }

    private static IEnumerable<byte[]> Recorded(string fixture, string property) =>
        FilterPoint.Lines(fixture).Where((line, at) => at % 5 == 0 && line.TryGetProperty(property, out _)).Select(line => Encoding.UTF8.GetBytes(line.GetProperty(property).GetRawText()));
}
