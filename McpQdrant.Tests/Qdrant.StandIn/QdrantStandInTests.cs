namespace McpQdrant.Tests.Qdrant;

/// <summary>The stand-in against what a real Qdrant said: it has to say the same.</summary>
public sealed class QdrantStandInTests(ITestOutputHelper output)
{
    /// <summary>Scenarios that are about something else than the answers to requests that the store sends.</summary>
    private static readonly Dictionary<string, string> LeftOutScenarios = new()
    {
        ["errors-strict-mode"] = "strict mode, which the stand-in doesn't have: the store's sentences for it are tested against the recordings",
        ["restart"] = "the state of a server of 20,000 points",
    };

    public static TheoryData<string> Scenarios =>
        [.. RecordedExchange.Scenarios.Where(scenario => !LeftOutScenarios.ContainsKey(scenario) && RecordedExchange.Load(scenario).Count > 0)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Stand_in_answers_as_the_recorded_server_did(string scenario)
    {
        var replay = Replay.Of(scenario);

        Assert.True(replay.Wrong.Count == 0, string.Join("\n", replay.Wrong));
    }

    [Fact]
    public void Most_of_what_the_store_could_send_is_answered()
    {
        var replays = Scenarios.Select(row => Replay.Of((string)row.Data)).ToList();

        output.WriteLine($"The stand-in gives the recorded answers of {replays.Sum(replay => replay.Right)} exchanges:");
        foreach (var replay in replays)
            output.WriteLine($"  {replay.Right,4} of {replay.Right + replay.LeftOut.Count,4}  {replay.Scenario}");
        output.WriteLine("Left out, and why:");
        foreach (var reason in replays.SelectMany(replay => replay.LeftOut).GroupBy(reason => reason).OrderByDescending(group => group.Count()))
            output.WriteLine($"  {reason.Count(),4}  {reason.Key}");
        foreach (var (scenario, why) in LeftOutScenarios)
            output.WriteLine($"  {RecordedExchange.Load(scenario).Count,4}  {scenario}: {why}");
        Assert.True(replays.Sum(replay => replay.Right) >= 300);
    }
}
