using System.Numerics.Tensors;

namespace McpQdrant.Core.Search.Ranking;

/// <summary>Vectors of length one, whose dot product is their cosine.</summary>
public static class UnitVector
{
    // Both bounds hold for the square of the length and are Qdrant's own: a vector that was normalised once isn't touched again
    // (so that what is exported and imported stays the same bit by bit), and one that is next to nothing stays as it is.
    private const float NextToNothing = 1.1920929e-7f;
    private const float Tolerance = 1e-6f;

    /// <summary>Scales a vector to length one in its place; a zero vector stays zero, and so scores 0 against any other.</summary>
    public static void Normalize(Span<float> vector)
    {
        var square = TensorPrimitives.SumOfSquares<float>(vector);
        if (square < NextToNothing || Math.Abs(square - 1) <= Tolerance)
            return;

        if (float.IsFinite(square))
            TensorPrimitives.Divide(vector, MathF.Sqrt(square), vector);
        else
            NormalizeHuge(vector);
    }

    // The square of such a length isn't a float any more, though the numbers are.
    private static void NormalizeHuge(Span<float> vector)
    {
        TensorPrimitives.Divide(vector, MathF.Abs(TensorPrimitives.MaxMagnitude<float>(vector)), vector);
        TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
    }
}
