using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Tests.Core.Search.Filters;

public sealed class FieldPathTests
{
    [Theory]
    [InlineData("metadata.project", "metadata.project", "metadata")]
    [InlineData("a[].b[0][12]", "a[].b[0][12]", "a")]
    [InlineData("\"metadata\".\"name\"", "metadata.name", "metadata")]
    [InlineData("\"metadata.name\"", "\"metadata.name\"", "metadata.name")]
    [InlineData("a.\"x y\".\"\".\"[]\"", "a.\"x y\".\"\".\"[]\"", "a")]
    [InlineData("ключ.東京.k-1_2", "ключ.東京.k-1_2", "ключ")]
    [InlineData("a[99999999999999999999]", null, null)]
    [InlineData("a[18446744073709551615]", "a[2147483647]", "a")]
    [InlineData("", null, null)]
    [InlineData("a b", null, null)]
    [InlineData("a.", null, null)]
    [InlineData(".a", null, null)]
    [InlineData("a..b", null, null)]
    [InlineData("a[", null, null)]
    [InlineData("a[-1]", null, null)]
    [InlineData("a[ 1]", null, null)]
    [InlineData("[0]", null, null)]
    [InlineData("a[]b", null, null)]
    [InlineData("\"a", null, null)]
    [InlineData("\"a\"b", null, null)]
    [InlineData("\"a\\\"b\"", null, null)]
    public void TryParse_takes_a_path_apart(string text, string? printed, string? root)
    {
        var isPath = FieldPath.TryParse(text, out var path);

        Assert.Equal(printed is not null, isPath);
        Assert.Equal(printed, path?.ToString());
        Assert.Equal(root, path?.Root);
    }
}
