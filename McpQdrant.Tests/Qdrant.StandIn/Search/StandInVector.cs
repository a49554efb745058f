using System.Numerics.Tensors;
using System.Text.Json;

namespace McpQdrant.Tests.Qdrant;

/// <summary>The dense vectors of a collection under one name: what they are compared by.</summary>
/// <param name="IsMulti">Whether a point has several rows of it, of which the best counts (<c>max_sim</c>).</param>
internal sealed record StandInVector(string Name, int Size, string Distance, bool IsMulti)
{
    /// <summary>Rust's <c>f32::EPSILON</c>.</summary>
    private const double SmallestSquare = 1.1920929e-7;

    /// <summary>Whether a small score is a good one.</summary>
    public bool IsDistance => Distance is "Euclid" or "Manhattan";

    public static StandInVector Read(string name, JsonElement config) => new(name, config.GetProperty("size").GetInt32(), config.GetProperty("distance").GetString()!, config.TryGetProperty("multivector_config", out _));

    /// <summary>Numbers as they are kept: of cosine vectors only the direction, unless they are next to nothing.</summary>
    public float[] Keep(float[] values)
    {
        if (Distance != "Cosine")
            return values;

        var square = values.Sum(value => (double)value * value);
        return square < SmallestSquare ? values : [.. values.Select(value => (float)(value / Math.Sqrt(square)))];
    }

    /// <summary>MaxSim: of each row of the question the best score, summed.</summary>
    public double Score(float[][] question, float[][] rows) => question.Sum(one => rows.Max(row => Score(one, row)));

    /// <summary>The score of a kept vector for another; of distances the distance.</summary>
    public double Score(float[] one, float[] other) => Distance switch
    {
        "Euclid" => Math.Sqrt(one.Zip(other).Sum(pair => Math.Pow(pair.First - pair.Second, 2))),
        "Manhattan" => one.Zip(other).Sum(pair => Math.Abs((double)pair.First - pair.Second)),
        _ => TensorPrimitives.Dot(one, other),
    };
}
