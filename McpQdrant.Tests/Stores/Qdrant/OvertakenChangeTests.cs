using McpQdrant.Core.History;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Tests.Qdrant;
using Microsoft.AspNetCore.Http;

namespace McpQdrant.Tests.Stores.Qdrant;

/// <summary>Others change a memory between a write and the look whether it was done: the log has a line for each change that was made.</summary>
public sealed class OvertakenChangeTests
{
    private static readonly MemoryId One = new(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

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
        var isWritten = false;
        Func<Task>? between = null;
        await using var server = await QdrantStandIn.StartAsync(
            new QdrantStandInOptions
            {
                Before = async context =>
                {
                    if (isWritten && IsRead(context.Request) && Interlocked.Exchange(ref between, null) is { } act)
                        await act();
                    isWritten |= between is not null && IsWrite(context.Request);
                    return false;
                },
            },
            Token);
        using var service = QdrantService.At(server.Url);
        await service.Store.CreateAsync(Notes.Spec, Token);
        if (change != "insert")
            await service.Store.InsertAsync(Notes.Layout, [Notes.Memory(1, "first")], Origin(0), Token);
        between = async () =>
        {
            foreach (var (index, other) in others.Split(' ').Index())
                Assert.True(await ChangeAsync(service.Store, other, index + 2));
        };

        var wasMade = await ChangeAsync(service.Store, change, 1);

        Assert.True(isWritten && between is null);
        Assert.True(wasMade);
        var lines = await ((IChangeLog)service.Store).ReadChangesAsync(new ChangeQuery { Limit = 100 }, Token);
        string[] made = [.. change == "insert" ? Array.Empty<string>() : ["insert"], change, .. others.Split(' ')];
        Assert.Equal(made, lines.Reverse().Select(line => (line.Before, line.After) switch { (null, _) => "insert", (_, null) => "delete", _ => "replace" }));
    }

    [Theory]
    [InlineData("insert", "insert")]
    [InlineData("replace", "replace")]
    [InlineData("replace", "delete")]
    [InlineData("replace", "delete insert")]
    [InlineData("delete", "replace")]
    public async Task Change_that_others_came_before_was_not_made_and_has_no_line(string change, string others)
    {
        Func<Task>? between = null;
        await using var server = await QdrantStandIn.StartAsync(
            new QdrantStandInOptions
            {
                Before = async context =>
                {
                    if (IsWrite(context.Request) && Interlocked.Exchange(ref between, null) is { } act)
                        await act();
                    return false;
                },
            },
            Token);
        using var service = QdrantService.At(server.Url);
        await service.Store.CreateAsync(Notes.Spec, Token);
        if (change != "insert")
            await service.Store.InsertAsync(Notes.Layout, [Notes.Memory(1, "first")], Origin(0), Token);
        between = async () =>
        {
            foreach (var (index, other) in others.Split(' ').Index())
                Assert.True(await ChangeAsync(service.Store, other, index + 2));
        };

        var wasMade = await ChangeAsync(service.Store, change, 1);

        Assert.Null(between);
        Assert.False(wasMade);
        Assert.Empty(await ((IChangeLog)service.Store).ReadChangesAsync(new ChangeQuery { Change = Origin(1).Id, Limit = 100 }, Token));
    }

    [Theory]
    [InlineData("insert")]
    [InlineData("replace")]
    public async Task Change_that_came_too_late_for_a_memory_that_was_written_often_was_not_made(string change)
    {
        await using var server = await QdrantStandIn.StartAsync(new QdrantStandInOptions(), Token);
        using var service = QdrantService.At(server.Url);
        await service.Store.CreateAsync(Notes.Spec, Token);
        await service.Store.InsertAsync(Notes.Layout, [Notes.Memory(1, "first")], Origin(0), Token);
        for (var number = 2; number < 50; number++)
            Assert.True(await ChangeAsync(service.Store, "replace", number));
        var read = Assert.Single(await service.Store.GetAsync(Notes.Layout, [One], Token)).Revision;

        var made = change == "insert"
            ? [await ChangeAsync(service.Store, change, 1)]
            : await Task.WhenAll(Enumerable.Range(50, 20).Select(number => Task.Run(() => service.Store.ReplaceAsync(Notes.Layout, Notes.Memory(1, $"text {number}"), read, Origin(number), Token))));

        Assert.Equal(change == "insert" ? 0 : 1, made.Count(wasMade => wasMade));
        Assert.Equal(49 + made.Count(wasMade => wasMade), (await ((IChangeLog)service.Store).ReadChangesAsync(new ChangeQuery { Limit = 100 }, Token)).Count);
    }

    [Fact]
    public async Task Memory_that_was_deleted_by_its_id_and_restored_is_not_deleted_again()
    {
        var isWritten = false;
        IMemoryStore? other = null;
        await using var server = await QdrantStandIn.StartAsync(
            new QdrantStandInOptions
            {
                Before = async context =>
                {
                    if (isWritten && IsRead(context.Request) && Interlocked.Exchange(ref other, null) is { } store)
                        Assert.True(await ChangeAsync(store, "insert", 2));
                    isWritten |= other is not null && IsWrite(context.Request);
                    return false;
                },
            },
            Token);
        using var service = QdrantService.At(server.Url);
        await service.Store.CreateAsync(Notes.Spec, Token);
        await service.Store.InsertAsync(Notes.Layout, [Notes.Memory(1, "first")], Origin(0), Token);
        other = service.Store;

        var deleted = await service.Store.DeleteAsync(Notes.Layout, new MemorySelection.ByIds([One]), Origin(1), Token);

        Assert.Equal(1, deleted);
        Assert.Equal("text 2", Assert.Single(await service.Store.GetAsync(Notes.Layout, [One], Token)).Text);
        var lines = await ((IChangeLog)service.Store).ReadChangesAsync(new ChangeQuery { Limit = 100 }, Token);
        Assert.Equal([null, "first", null], lines.Select(line => line.Before?.Memory.Text));
    }

    private static bool IsRead(HttpRequest request) => request.Path == "/collections/notes/points" && request.Method == HttpMethods.Post;

    private static bool IsWrite(HttpRequest request) => request.Path == "/collections/notes/points/delete" || (request.Path == "/collections/notes/points" && request.Method == HttpMethods.Put);

    private static async Task<bool> ChangeAsync(IMemoryStore store, string change, int number)
    {
        var there = (await store.GetAsync(Notes.Layout, [One], Token)).SingleOrDefault();
        return change switch
        {
            "insert" => await store.InsertAsync(Notes.Layout, [Notes.Memory(1, $"text {number}")], Origin(number), Token) is [_],
            "replace" => await store.ReplaceAsync(Notes.Layout, Notes.Memory(1, $"text {number}"), there!.Revision, Origin(number), Token),
            _ => await store.DeleteAsync(Notes.Layout, new MemorySelection.ByRevisions([new ReadMemory(One, there!.Revision)]), Origin(number), Token) == 1,
        };
    }

    private static ChangeOrigin Origin(int number) =>
        new(new ChangeId(new Guid(number, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)), "local", "test", DateTimeOffset.UnixEpoch.AddMinutes(number));
}
