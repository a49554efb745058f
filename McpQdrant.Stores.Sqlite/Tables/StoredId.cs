using System.Buffers.Binary;
using McpQdrant.Core.Memories;

namespace McpQdrant.Stores.Sqlite.Tables;

/// <summary>Ids as bytes whose order is the order of ids: a zero and a number of 8 bytes, or a one and a UUID of 16.</summary>
internal static class StoredId
{
    public static byte[] Write(MemoryId id)
    {
        if (id.IsNumber)
        {
            var number = new byte[9];
            BinaryPrimitives.WriteUInt64BigEndian(number.AsSpan(1), id.Number);
            return number;
        }

        var uuid = new byte[17];
        uuid[0] = 1;
        id.Uuid.TryWriteBytes(uuid.AsSpan(1), bigEndian: true, out _);
        return uuid;
    }

    public static MemoryId Read(ReadOnlySpan<byte> bytes) =>
        bytes[0] == 0 ? new MemoryId(BinaryPrimitives.ReadUInt64BigEndian(bytes[1..])) : new MemoryId(new Guid(bytes[1..], bigEndian: true));
}
