using System.Numerics.Tensors;
using System.Text.Json;

namespace McpQdrant.Tests.Embeddings.Local;

/// <summary>What the reference implementation makes of some texts.</summary>
internal sealed record Golden(string Text, long[] Ids, JsonElement Line)
{
    public int Tokens => Line.GetProperty("tokens").GetInt32();

    public float[] Vector(string name) => [.. Line.GetProperty(name).EnumerateArray().Select(number => number.GetSingle())];

    public double Cosine(string name, ReadOnlySpan<float> vector) => TensorPrimitives.CosineSimilarity(Vector(name), vector);

    public static IReadOnlyList<Golden> Read(string folder) =>
        [.. File.ReadLines(Path.Combine(folder, "golden.jsonl")).Where(line => line.Length > 0).Select(Parse)];

    private static Golden Parse(string line)
    {
        var json = JsonElement.Parse(line);
        return new Golden(json.GetProperty("text").GetString()!, [.. json.GetProperty("token_ids").EnumerateArray().Select(id => id.GetInt64())], json);
    }
}
