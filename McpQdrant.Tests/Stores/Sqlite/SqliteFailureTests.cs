using McpQdrant.Core.Memories;
using McpQdrant.Stores.Sqlite.Files;
using Microsoft.Data.Sqlite;

namespace McpQdrant.Tests.Stores.Sqlite;

public sealed class SqliteFailureTests
{
    [Theory]
    [InlineData(13, 13, "disk is full")]
    [InlineData(10, 4874, "disk is full")]
    [InlineData(10, 1034, "disk failed")]
    [InlineData(8, 776, "read-only")]
    [InlineData(14, 14, "can't be opened")]
    [InlineData(11, 11, "damaged")]
    [InlineData(26, 26, "not a database")]
    [InlineData(5, 261, "locked")]
    public void Explain_gives_a_sentence_for_what_a_person_can_mend(int code, int extendedCode, string words)
    {
        var explained = SqliteFailure.Explain(new SqliteException("raw", code, extendedCode));

        Assert.Contains(words, Assert.IsType<MemoryException>(explained).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_leaves_a_mistake_of_ours_as_it_is()
    {
        var mistake = new SqliteException("no such table", 1);

        Assert.Same(mistake, SqliteFailure.Explain(mistake));
    }
}
