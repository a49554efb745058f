namespace McpQdrant.Tests.Qdrant;

/// <summary>Weights by index, in the order of the indices.</summary>
internal sealed record SparseVector(IReadOnlyList<uint> Indices, IReadOnlyList<float> Values)
{
    public static SparseVector Of(IEnumerable<(uint Index, float Value)> weights)
    {
        var ordered = weights.OrderBy(weight => weight.Index).ToList();
        return new SparseVector([.. ordered.Select(weight => weight.Index)], [.. ordered.Select(weight => weight.Value)]);
    }

    public IEnumerable<(uint Index, float Value)> Weights => Indices.Zip(Values);

    /// <summary>The product with another, or null where they share no index.</summary>
    public float? Dot(SparseVector other, Func<uint, float> weigh)
    {
        var theirs = other.Weights.ToDictionary(weight => weight.Index, weight => weight.Value);
        float? sum = null;
        foreach (var (index, value) in Weights)
            if (theirs.TryGetValue(index, out var their))
                sum = (sum ?? 0) + value * their * weigh(index);
        return sum;
    }
}
