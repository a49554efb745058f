using CsCheck;
using McpQdrant.Core.Collections;
using McpQdrant.Core.History;
using McpQdrant.Core.Memories;

namespace McpQdrant.Tests.Core.History;

public sealed class ChangeChainTests
{
    /// <summary>States that a memory goes through; 0 is that there is none.</summary>
    private static readonly Gen<int[]> Ways = Gen.Int[0, 4].Array[2, 12];

    [Fact]
    public void A_way_has_its_beginning_in_whichever_order_its_steps_are_told() => Gen.Select(Ways, Gen.Int).Sample((way, seed) =>
    {
        var changes = Steps(way);
        new Random(seed).Shuffle(changes);

        Assert.Contains(HashOf(way[0]), StartsOf(changes, way[^1]));
    });

    [Theory]
    [InlineData(new[] { 1, 2, 3 }, 2)]
    [InlineData(new[] { 1, 2 }, 1)]
    [InlineData(new[] { 1, 2, 1 }, 3)]
    [InlineData(new[] { 1, 2 }, 0)]
    public void What_led_elsewhere_has_none(int[] way, int now) => Assert.Empty(StartsOf(Steps(way), now));

    [Fact]
    public void A_step_that_another_change_stands_between_has_none() =>
        Assert.Empty(StartsOf([.. Steps([3, 4]), .. Steps([1, 2])], now: 4));

    [Fact]
    public void A_state_that_two_deleted_at_once_has_a_line_of_each() =>
        Assert.Equal([HashOf(1)], StartsOf([.. Steps([2, 0]), .. Steps([2, 0]), .. Steps([1, 2])], now: 0));

    [Fact]
    public void A_change_that_was_not_made_has_none() => Assert.Empty(StartsOf([.. Steps([2, 3]), .. Steps([1, 2, 0])], now: 0));

    private static IEnumerable<string?> StartsOf(IReadOnlyList<Change> changes, int now) =>
        ChangeChain.Starts(changes, HashOf(now)).Select(start => start is null ? null : ContentHash.Of(start.Memory));

    private static Change[] Steps(int[] way) =>
        [.. way.Zip(way.Skip(1), (before, after) => new Change(
            new ChangeOrigin(new ChangeId(Guid.NewGuid()), "local", "test", DateTimeOffset.UnixEpoch), CollectionName.Parse("notes"), new MemoryId(1),
            before == 0 ? null : new StoredMemoryContent(MemoryOf(before)), HashOf(after)))];

    private static string? HashOf(int state) => state == 0 ? null : ContentHash.Of(MemoryOf(state));

    private static Memory MemoryOf(int state) => new(new MemoryId(1), $"state {state}", null, null);
}
