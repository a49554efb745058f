using System.Text.Json;
using McpQdrant.Core.Memories;

namespace McpQdrant.Tests.Core.Memories;

public sealed class MemoryIdTests
{
    [Fact]
    public void Of_is_the_same_for_the_same_text_and_metadata_in_another_order()
    {
        var one = MemoryId.Of("text", Json("""{"a": 1, "b": [1.50, null]}"""));
        var other = MemoryId.Of("text", Json("""{"b":[1.5,null],"a":1}"""));

        Assert.Equal(one, other);
        Assert.Equal(5, one.Uuid.Version);
    }

    [Theory]
    [InlineData("""{"a": 9007199254740992}""", """{"a": 9007199254740993}""")]
    [InlineData("""{"a": "1"}""", """{"a": 1}""")]
    [InlineData("""{"a": null}""", "{}")]
    public void Of_differs_for_different_metadata(string one, string other) =>
        Assert.NotEqual(MemoryId.Of("text", Json(one)), MemoryId.Of("text", Json(other)));

    [Fact]
    public void Of_differs_between_no_metadata_and_empty_metadata() =>
        Assert.NotEqual(MemoryId.Of("text", null), MemoryId.Of("text", Json("{}")));

    [Theory]
    [InlineData("4d3e2f1a0b9c4d8e8f7a6b5c4d3e2f1a")]
    [InlineData("4D3E2F1A-0B9C-4D8E-8F7A-6B5C4D3E2F1A")]
    [InlineData("{4d3e2f1a-0b9c-4d8e-8f7a-6b5c4d3e2f1a}")]
    [InlineData("urn:uuid:4d3e2f1a-0b9c-4d8e-8f7a-6b5c4d3e2f1a")]
    public void TryParse_reads_the_spellings_that_qdrant_reads(string text)
    {
        Assert.True(MemoryId.TryParse(text, out var id));
        Assert.Equal("4d3e2f1a-0b9c-4d8e-8f7a-6b5c4d3e2f1a", id.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("18446744073709551616")]
    [InlineData("not an id")]
    public void TryParse_refuses_what_is_no_id(string? text) => Assert.False(MemoryId.TryParse(text, out _));

    [Fact]
    public void Order_puts_numbers_first_and_uuids_by_their_bytes()
    {
        MemoryId[] ordered =
        [
            new(2), new(ulong.MaxValue), new(new Guid("00000000-0000-0000-0000-000000000001")), new(new Guid("0c04b6fa-b42d-433a-9955-052d592969fd")),
            new(new Guid("f6fadfa7-e5c1-4b62-9362-da5cc13da58a")),
        ];

        Assert.Equal(ordered, ordered.Reverse().Order());
    }

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
