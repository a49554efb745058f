using CsCheck;
using McpQdrant.Core.Memories;
using McpQdrant.Stores.Sqlite.Tables;

namespace McpQdrant.Tests.Stores.Sqlite;

public sealed class StoredIdTests
{
    private static readonly Gen<MemoryId> Id = Gen.OneOf(Gen.ULong.Select(number => new MemoryId(number)), Gen.Guid.Select(uuid => new MemoryId(uuid)));

    [Fact]
    public void Read_returns_what_was_written() => Id.Sample(id => Assert.Equal(id, StoredId.Read(StoredId.Write(id))));

    [Fact]
    public void Bytes_are_ordered_as_ids_are() => Gen.Select(Id, Id).Sample((one, other) =>
        Assert.Equal(Math.Sign(one.CompareTo(other)), Math.Sign(StoredId.Write(one).AsSpan().SequenceCompareTo(StoredId.Write(other)))));
}
