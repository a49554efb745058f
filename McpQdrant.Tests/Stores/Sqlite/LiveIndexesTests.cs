using McpQdrant.Stores.Sqlite.Index;
using McpQdrant.Stores.Sqlite.Tables;

namespace McpQdrant.Tests.Stores.Sqlite;

public sealed class LiveIndexesTests
{
    [Fact]
    public void Get_of_ever_more_collections_keeps_those_used_last()
    {
        using var indexes = new LiveIndexes();
        var often = indexes.Get(Collection(0));

        for (var i = 1; i <= 5000; i++)
        {
            indexes.Get(Collection(i));
            Assert.InRange(indexes.Count, 1, 512);
            Assert.Same(often, indexes.Get(Collection(0)));
        }

        Assert.Same(indexes.Get(Collection(5000)), indexes.Get(Collection(5000)));
    }

    private static SqliteCollection Collection(int key) => new(key, $"c{key}", "fast-tiny", 2, "english", "{}");
}
