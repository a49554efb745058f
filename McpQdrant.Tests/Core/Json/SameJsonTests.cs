using System.Text.Json;
using McpQdrant.Core.Json;

namespace McpQdrant.Tests.Core.Json;

public sealed class SameJsonTests
{
    [Theory]
    [InlineData("0.9452706955539223", "0.9452706955539224")] // As Qdrant 1.18.3 gave it back.
    [InlineData("18446744073709551616", "1.8446744073709552e+19")]
    [InlineData("-9223372036854775809", "-9.223372036854776e+18")]
    [InlineData("0.1234567890123456789", "0.12345678901234568")]
    [InlineData("1e-400", "0.0")]
    [InlineData("1e2", "100.0")]
    [InlineData("-0", "-0.0")]
    [InlineData("""{"a":1,"b":[true,null]}""", """{"b":[true,null],"a":1}""")]
    [InlineData("""{"a":1,"a":2}""", """{"a":2}""")]
    public void Values_are_the_same_when_a_store_only_spells_them_otherwise(string sent, string back) => Assert.True(Same(sent, back));

    [Theory]
    [InlineData("9007199254740992", "9007199254740993")]
    [InlineData("18446744073709551614", "18446744073709551615")]
    [InlineData("0.3", "0.30000000000001")]
    [InlineData("1", "true")]
    [InlineData("1", "\"1\"")]
    [InlineData("null", "{}")]
    [InlineData("[1,2]", "[2,1]")]
    [InlineData("[1]", "[1,1]")]
    [InlineData("""{"a":1}""", """{"b":1}""")]
    [InlineData("""{"a":1}""", """{"a":1,"b":null}""")]
    public void Values_are_not_the_same_when_somebody_means_something_else(string one, string other)
    {
        Assert.False(Same(one, other));
        Assert.False(Same(other, one));
    }

    private static bool Same(string one, string other) => SameJson.Equals(JsonElement.Parse(one), JsonElement.Parse(other));
}
