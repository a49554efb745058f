using System.Buffers.Binary;
using System.Numerics;

namespace McpQdrant.Tests.Qdrant;

/// <summary>MurmurHash3 for x86, 32 bits, seed 0 (Austin Appleby, public domain): the number of a word in Qdrant's BM25.</summary>
internal static class Murmur3
{
    public static uint Hash(ReadOnlySpan<byte> data)
    {
        uint hash = 0;
        var blocks = data.Length / 4;
        for (var block = 0; block < blocks; block++)
        {
            hash ^= Mix(BinaryPrimitives.ReadUInt32LittleEndian(data[(block * 4)..]));
            hash = BitOperations.RotateLeft(hash, 13) * 5 + 0xe6546b64;
        }

        uint tail = 0;
        for (var at = data.Length - 1; at >= blocks * 4; at--)
            tail = (tail << 8) | data[at];
        if (data.Length % 4 != 0)
            hash ^= Mix(tail);

        hash ^= (uint)data.Length;
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }

    private static uint Mix(uint block) => BitOperations.RotateLeft(block * 0xcc9e2d51, 15) * 0x1b873593;
}
