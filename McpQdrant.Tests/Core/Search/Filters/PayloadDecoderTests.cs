using System.Text;
using System.Text.Json;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Tests.Core.Search.Filters;

public sealed class PayloadDecoderTests
{
    [Fact]
    public void Decode_keeps_every_kind_of_value()
    {
        var payload = Decode("""{"text": "a\u00e9", "integer": -9223372036854775808, "float": 1.0, "beyond": 9223372036854775808, "yes": true, "no": false, "nothing": null, "list": [1, []]}""");

        Assert.True(Member(payload, "text").TryGetText(out var text) && text == "aé");
        Assert.True(Member(payload, "integer").TryGetInteger(out var integer) && integer == long.MinValue);
        Assert.True(Member(payload, "float").TryGetNumber(out var number) && number == 1 && !Member(payload, "float").TryGetInteger(out _));
        Assert.True(Member(payload, "beyond").TryGetNumber(out var beyond) && beyond == 9223372036854775808d);
        Assert.True(Member(payload, "yes").TryGetBoolean(out var yes) && yes);
        Assert.True(Member(payload, "no").TryGetBoolean(out var no) && !no);
        Assert.True(Member(payload, "nothing").IsNull);
        Assert.True(Member(payload, "list").TryGetItems(out var items) && items.Length == 2 && items[1].TryGetItems(out var inner) && inner.IsEmpty);
        Assert.False(payload.TryGetMember("absent", out _));
    }

    [Fact]
    public void Decode_keeps_the_last_of_equal_keys_at_every_depth()
    {
        var payload = Decode("""{"a": 1, "b": {"x": 1, "y": 2, "x": 3}, "a": 2}""");

        Assert.True(Member(payload, "a").TryGetInteger(out var a) && a == 2);
        Assert.True(Member(Member(payload, "b"), "x").TryGetInteger(out var x) && x == 3);
        Assert.True(Member(Member(payload, "b"), "y").TryGetInteger(out var y) && y == 2);
    }

    [Fact]
    public void Decode_leaves_out_one_key_at_the_top_alone()
    {
        var payload = new PayloadDecoder("document").Decode("""{"document": {"document": [1]}, "metadata": {"document": "kept"}}"""u8);

        Assert.False(payload.TryGetMember("document", out _));
        Assert.True(Member(Member(payload, "metadata"), "document").TryGetText(out _));
    }

    [Fact]
    public void Decode_finds_each_of_many_keys()
    {
        var keys = Enumerable.Range(0, 500).Select(number => $"key {number * 7919 % 500}").ToList();

        var payload = Decode($"{{{string.Join(',', keys.Select((key, at) => $"\"{key}\": {at}"))}}}");

        Assert.All(keys, (key, at) => Assert.True(Member(payload, key).TryGetInteger(out var value) && value == at));
    }

    [Fact]
    public void Decode_shares_texts_that_recur()
    {
        var decoder = new PayloadDecoder();

        Member(decoder.Decode("""{"a": "recurring"}"""u8), "a").TryGetText(out var one);
        Member(decoder.Decode("""{"b": "recurring"}"""u8), "b").TryGetText(out var other);

        Assert.Same(one, other);
    }

    [Fact]
    public void Decode_takes_a_hundred_levels_and_refuses_more_than_qdrant()
    {
        var hundred = new string('[', 100) + new string(']', 100);
        var twoHundred = new string('[', 200) + new string(']', 200);

        Assert.True(new PayloadDecoder().Decode(Encoding.UTF8.GetBytes(hundred)).TryGetItems(out _));
        Assert.ThrowsAny<JsonException>(() => new PayloadDecoder().Decode(Encoding.UTF8.GetBytes(twoHundred)));
    }

    private static PayloadValue Decode(string json) => new PayloadDecoder().Decode(JsonElement.Parse(json));

    private static PayloadValue Member(PayloadValue value, string key) =>
        value.TryGetMember(key, out var member) ? member : throw new KeyNotFoundException(key);
}
