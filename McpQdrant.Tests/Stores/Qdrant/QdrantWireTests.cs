using McpQdrant.Core.Memories;
using McpQdrant.Tests.Qdrant;

namespace McpQdrant.Tests.Stores.Qdrant;

/// <summary>The store against what a real Qdrant was sent and said: each recorded exchange that the store could have had.</summary>
public sealed class QdrantWireTests(ITestOutputHelper output)
{
    public static TheoryData<string> Scenarios => [.. RecordedExchange.Scenarios];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Store_sends_what_was_recorded_and_reads_its_answer(string scenario)
    {
        foreach (var exchange in RecordedExchange.Load(scenario))
        {
            var call = RecordedCall.Of(exchange);
            if (call.Run is not null)
                await PlayAsync(exchange, call.Run);
        }
    }

    [Fact]
    public void Most_of_what_the_store_could_have_sent_is_played_to_it()
    {
        var calls = RecordedExchange.Scenarios.SelectMany(RecordedExchange.Load).Select(exchange => (exchange.Scenario, Call: RecordedCall.Of(exchange))).ToList();

        var played = calls.Where(call => call.Call.LeftOut is null).ToList();
        output.WriteLine($"{played.Count} of {calls.Count} recorded exchanges are played to the store:");
        foreach (var scenario in calls.GroupBy(call => call.Scenario))
            output.WriteLine($"  {scenario.Count(call => call.Call.LeftOut is null),4} of {scenario.Count(),4}  {scenario.Key}");
        output.WriteLine("Left out, and why:");
        foreach (var reason in calls.Where(call => call.Call.LeftOut is not null).GroupBy(call => call.Call.LeftOut).OrderByDescending(group => group.Count()))
            output.WriteLine($"  {reason.Count(),4}  {reason.Key}");
        Assert.True(played.Count >= 412, $"{played.Count} are played.");
    }

    private static async Task PlayAsync(RecordedExchange exchange, Func<McpQdrant.Stores.Qdrant.QdrantMemoryStore, Task> run)
    {
        var qdrant = new PlayedQdrant(exchange);
        var store = TestStores.Over(qdrant);

        var failure = await Record.ExceptionAsync(() => run(store));

        Assert.True(qdrant.WasPlayed || failure is MemoryException, $"{exchange}: the store sent nothing; {failure}");
        if (exchange.Status == 200 || IsAlreadyThere(exchange))
            Assert.True(failure is null || !qdrant.WasPlayed, $"{exchange}: {failure}");
        else
            AssertSentence(exchange, failure);
    }

    /// <summary>A collection that another caller has just made is what was wanted.</summary>
    private static bool IsAlreadyThere(RecordedExchange exchange) =>
        exchange.Status == 409 || exchange.Answer.Contains("Alias with the same name already exists", StringComparison.Ordinal);

    private static void AssertSentence(RecordedExchange exchange, Exception? failure)
    {
        Assert.True(failure is MemoryException, $"{exchange}: {failure}");
        Assert.EndsWith(".", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\"status\"", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-key", failure.Message, StringComparison.Ordinal);
    }
}
