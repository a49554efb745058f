using System.Buffers.Text;
using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search.Filters;
using Microsoft.Extensions.Time.Testing;

namespace McpQdrant.Tests.Core.Memories;

public sealed class ConfirmationCodesTests
{
    private static readonly CollectionName Notes = CollectionName.Parse("notes");

    private static readonly Filter Done = Filter.Parse(JsonElement.Parse("""{"must": [{"key": "metadata.done", "match": {"value": true}}]}"""));

    private static readonly ReadMemory[] Shown = [new(new MemoryId(1), new MemoryRevision("a")), new(new MemoryId(2), new MemoryRevision("b"))];

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Code_is_read_by_a_replica_with_the_same_key_and_by_no_other()
    {
        var (code, holdsFilter, expiresAt) = With("key").Create("ann", Notes, Done, Shown);

        var confirmation = With("key").Read("ann", Notes, code);

        Assert.True(holdsFilter);
        Assert.Equal(_clock.GetUtcNow().AddMinutes(5), expiresAt);
        Assert.True(confirmation.IsOf(Shown.Reverse()));
        Assert.Equal(Done.Json.GetRawText(), confirmation.Filter!.Json.GetRawText());
        Assert.Throws<MemoryException>(() => With("another key").Read("ann", Notes, code));
        Assert.Throws<MemoryException>(() => With(null).Read("ann", Notes, code));
        Assert.Throws<MemoryException>(() => With(null).Read("ann", Notes, With(null).Create("ann", Notes, Done, Shown).Code));
    }

    [Fact]
    public void Code_is_for_its_caller_and_its_collection_and_its_time()
    {
        var codes = With("key");
        var (code, _, _) = codes.Create("ann", Notes, Done, Shown);

        Assert.Throws<MemoryException>(() => codes.Read("bob", Notes, code));
        Assert.Throws<MemoryException>(() => codes.Read("ann", CollectionName.Parse("others"), code));
        Assert.Throws<MemoryException>(() => codes.Read("ann5", CollectionName.Parse("notes"), codes.Create("ann", CollectionName.Parse("5notes"), Done, Shown).Code));
        _clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1));
        codes.Read("ann", Notes, code);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Throws<MemoryException>(() => codes.Read("ann", Notes, code));
    }

    [Fact]
    public void Code_is_no_code_when_any_bit_of_it_was_changed()
    {
        var codes = With("key");
        var code = Base64Url.DecodeFromChars(codes.Create("ann", Notes, Done, Shown).Code);

        for (var bit = 0; bit < 8 * code.Length; bit++)
        {
            code[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<MemoryException>(() => codes.Read("ann", Notes, Base64Url.EncodeToString(code)));
            code[bit / 8] ^= (byte)(1 << (bit % 8));
        }
        for (var length = 0; length < code.Length; length++)
            Assert.Throws<MemoryException>(() => codes.Read("ann", Notes, Base64Url.EncodeToString(code.AsSpan(0, length))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789ab")]
    [InlineData("no code at all, but a sentence")]
    [InlineData("====")]
    public void Code_is_no_code_when_it_is_something_else(string text) =>
        Assert.StartsWith("This confirmation code was not given to you", Assert.Throws<MemoryException>(() => With("key").Read("ann", Notes, text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Confirmation_is_of_nothing_else_than_was_shown()
    {
        var codes = With("key");
        var confirmation = codes.Read("ann", Notes, codes.Create("ann", Notes, Done, Shown).Code);

        Assert.False(confirmation.IsOf([]));
        Assert.False(confirmation.IsOf(Shown[..1]));
        Assert.False(confirmation.IsOf([.. Shown, new ReadMemory(new MemoryId(3), new MemoryRevision("c"))]));
        Assert.False(confirmation.IsOf([Shown[0], Shown[1] with { Revision = new MemoryRevision("c") }]));
        Assert.False(confirmation.IsOf([Shown[0], Shown[1] with { Id = new MemoryId(3) }]));
    }

    private ConfirmationCodes With(string? key) => new(new ConfirmationOptions { Key = key }, _clock);
}
