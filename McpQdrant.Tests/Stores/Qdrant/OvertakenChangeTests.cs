using McpQdrant.Core.History;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Tests.Qdrant;
using Microsoft.AspNetCore.Http;

namespace McpQdrant.Tests.Stores.Qdrant;

/// <summary>Others change a memory between a write and the look whether it was done: the log has a line for each change that was made.</summary>
public sealed class OvertakenChangeTests : IAsyncLifetime
{
    private static readonly MemoryId One = new(1);

    private QdrantStandIn _server = null!;
    private QdrantService _service = null!;

    // What others do once: before the next write arrives, or after it was done, as somebody reads again.
    private Func<Task>? _beforeWrite;
    private Func<Task>? _afterWrite;
    private bool _isWritten;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IMemoryStore Store => _service.Store;

    public async ValueTask InitializeAsync()
    {
        _server = await QdrantStandIn.StartAsync(new QdrantStandInOptions { Before = async context => { await InterruptAsync(context.Request); return false; } }, Token);
        _service = QdrantService.At(_server.Url);
        await Store.CreateAsync(Notes.Spec, Token);
    }

    public async ValueTask DisposeAsync()
    {
        _service.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("insert", "delete")]
    [InlineData("insert", "delete insert")]
    [InlineData("replace", "replace")]
    [InlineData("replace", "delete")]
    [InlineData("replace", "delete insert")]
    [InlineData("replace", "replace delete insert replace")]
    [InlineData("delete", "insert")]
    [InlineData("delete", "insert replace")]
    public async Task Change_that_others_write_over_was_made_and_keeps_its_line(string change, string others)
    {
        string[] before = change == "insert" ? [] : ["insert"];
        await ChangeInTurnAsync(before, firstNumber: 0);
        _afterWrite = () => ChangeInTurnAsync(others.Split(' '), firstNumber: 2);

        var wasMade = await ChangeAsync(change, 1);

        Assert.Null(_afterWrite);
        Assert.True(wasMade);
        Assert.Equal([.. before, change, .. others.Split(' ')], (await LinesAsync()).Reverse().Select(line => (line.Before, line.After) switch { (null, _) => "insert", (_, null) => "delete", _ => "replace" }));
    }

    [Theory]
    [InlineData("insert", "insert")]
    [InlineData("replace", "replace")]
    [InlineData("replace", "delete")]
    [InlineData("replace", "delete insert")]
    [InlineData("delete", "replace")]
    public async Task Change_that_others_came_before_was_not_made_and_has_no_line(string change, string others)
    {
        await ChangeInTurnAsync(change == "insert" ? [] : ["insert"], firstNumber: 0);
        _beforeWrite = () => ChangeInTurnAsync(others.Split(' '), firstNumber: 2);

        var wasMade = await ChangeAsync(change, 1);

        Assert.Null(_beforeWrite);
        Assert.False(wasMade);
        Assert.DoesNotContain(Origin(1).Id, (await LinesAsync()).Select(line => line.Origin.Id));
    }

    [Theory]
    [InlineData("insert")]
    [InlineData("replace")]
    public async Task Change_that_came_too_late_for_a_memory_that_was_written_often_was_not_made(string change)
    {
        await ChangeInTurnAsync(["insert"], firstNumber: 0);
        await ChangeInTurnAsync([.. Enumerable.Repeat("replace", 48)], firstNumber: 2);
        var read = Assert.Single(await Store.GetAsync(Notes.Layout, [One], Token)).Revision;

        var made = change == "insert"
            ? [await ChangeAsync(change, 1)]
            : await Task.WhenAll(Enumerable.Range(50, 20).Select(number => Task.Run(() => Store.ReplaceAsync(Notes.Layout, Notes.Memory(1, $"text {number}"), read, Origin(number), Token))));

        Assert.Equal(change == "insert" ? 0 : 1, made.Count(wasMade => wasMade));
        Assert.Equal(49 + made.Count(wasMade => wasMade), (await LinesAsync()).Count);
    }

    [Fact]
    public async Task Memory_that_was_deleted_by_its_id_and_restored_is_not_deleted_again()
    {
        await ChangeInTurnAsync(["insert"], firstNumber: 0);
        _afterWrite = () => ChangeInTurnAsync(["insert"], firstNumber: 2);

        var deleted = await Store.DeleteAsync(Notes.Layout, new MemorySelection.ByIds([One]), Origin(1), Token);

        Assert.Null(_afterWrite);
        Assert.Equal(1, deleted);
        Assert.Equal("text 2", Assert.Single(await Store.GetAsync(Notes.Layout, [One], Token)).Text);
        Assert.Equal([null, "text 0", null], (await LinesAsync()).Select(line => line.Before?.Memory.Text));
    }

    private async Task InterruptAsync(HttpRequest request)
    {
        var isWrite = request.Path == "/collections/notes/points/delete" || (request.Path == "/collections/notes/points" && request.Method == HttpMethods.Put);
        if (isWrite && Interlocked.Exchange(ref _beforeWrite, null) is { } before)
            await before();
        if (_isWritten && request.Path == "/collections/notes/points" && request.Method == HttpMethods.Post && Interlocked.Exchange(ref _afterWrite, null) is { } after)
            await after();
        _isWritten |= isWrite && _afterWrite is not null;
    }

    private async Task ChangeInTurnAsync(IReadOnlyList<string> changes, int firstNumber)
    {
        foreach (var (index, change) in changes.Index())
            Assert.True(await ChangeAsync(change, firstNumber + index));
    }

    private async Task<bool> ChangeAsync(string change, int number)
    {
        var there = (await Store.GetAsync(Notes.Layout, [One], Token)).SingleOrDefault();
        return change switch
        {
            "insert" => await Store.InsertAsync(Notes.Layout, [Notes.Memory(1, $"text {number}")], Origin(number), Token) is [_],
            "replace" => await Store.ReplaceAsync(Notes.Layout, Notes.Memory(1, $"text {number}"), there!.Revision, Origin(number), Token),
            _ => await Store.DeleteAsync(Notes.Layout, new MemorySelection.ByRevisions([new ReadMemory(One, there!.Revision)]), Origin(number), Token) == 1,
        };
    }

    private Task<IReadOnlyList<Change>> LinesAsync() => ((IChangeLog)Store).ReadChangesAsync(new ChangeQuery { Limit = 100 }, Token);

    private static ChangeOrigin Origin(int number) =>
        new(new ChangeId(new Guid(number, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)), "local", "test", DateTimeOffset.UnixEpoch.AddMinutes(number));
}
