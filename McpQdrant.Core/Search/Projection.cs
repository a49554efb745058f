using System.Numerics.Tensors;

namespace McpQdrant.Core.Search;

/// <summary>Vectors as points of a plane: principal components, the two directions in which they differ most. The same vectors give the same points.</summary>
internal static class Projection
{
    /// <summary>Power iteration turns towards the direction by the ratio of two variances each time; a picture needs no more than this.</summary>
    private const int Iterations = 40;

    /// <param name="vectors">Of one length. They are overwritten.</param>
    /// <returns>For each vector its place, with coordinates from -1 to 1.</returns>
    public static (float X, float Y)[] OntoPlane(IReadOnlyList<float[]> vectors)
    {
        if (vectors.Count == 0)
            return [];

        Centre(vectors);
        var (x, y) = (TakeOut(vectors), TakeOut(vectors));
        var largest = Math.Max(MathF.Abs(TensorPrimitives.MaxMagnitude<float>(x)), MathF.Abs(TensorPrimitives.MaxMagnitude<float>(y)));
        var scale = largest > 0 ? 1 / largest : 0;
        return [.. x.Zip(y, (one, other) => (one * scale, other * scale))];
    }

    private static void Centre(IReadOnlyList<float[]> vectors)
    {
        var mean = new float[vectors[0].Length];
        foreach (var vector in vectors)
            TensorPrimitives.Add(mean, vector, mean);
        TensorPrimitives.Divide(mean, vectors.Count, mean);
        foreach (var vector in vectors)
            TensorPrimitives.Subtract(vector, mean, vector);
    }

    /// <summary>How far each vector goes in the direction in which they differ most; afterwards they don't differ in it any more.</summary>
    private static float[] TakeOut(IReadOnlyList<float[]> vectors)
    {
        var direction = Start(vectors[0].Length);
        var next = new float[direction.Length];
        for (var i = 0; i < Iterations; i++)
        {
            next.AsSpan().Clear();
            foreach (var vector in vectors)
                TensorPrimitives.MultiplyAdd(vector, TensorPrimitives.Dot<float>(vector, direction), next, next);
            var length = TensorPrimitives.Norm<float>(next);
            if (length == 0)
                break;
            TensorPrimitives.Divide(next, length, direction);
        }

        var coordinates = new float[vectors.Count];
        for (var i = 0; i < coordinates.Length; i++)
        {
            coordinates[i] = TensorPrimitives.Dot<float>(vectors[i], direction);
            TensorPrimitives.MultiplyAdd(direction, -coordinates[i], vectors[i], vectors[i]);
        }
        return coordinates;
    }

    /// <summary>Some direction, the same each time, which no data are likely to be square to.</summary>
    private static float[] Start(int length)
    {
        var random = new Random(1);
        var start = new float[length];
        for (var i = 0; i < length; i++)
            start[i] = random.NextSingle() - 0.5f;
        TensorPrimitives.Divide(start, TensorPrimitives.Norm<float>(start), start);
        return start;
    }
}
