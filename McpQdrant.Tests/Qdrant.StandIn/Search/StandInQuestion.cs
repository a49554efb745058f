using System.Text.Json;

namespace McpQdrant.Tests.Qdrant;

/// <summary>What stands where a vector may stand: numbers, weights, or a text that becomes one of them.</summary>
internal sealed record StandInQuestion(float[]? Dense, SparseVector? Sparse, float[][]? Rows = null)
{
    private const string Unreadable = "Expected some form of vector, id, or a type of query at line 1 column 51";

    /// <param name="isDocument">Whether a text is one to be found rather than a question.</param>
    public static StandInQuestion Read(JsonElement value, bool isDocument)
    {
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 && value.EnumerateArray().All(row => row.ValueKind == JsonValueKind.Array))
            return ReadRows(value, isDocument);
        if (value.ValueKind == JsonValueKind.Array)
            return new StandInQuestion([.. value.EnumerateArray().Select(number => Number(number, isDocument))], null);
        if (value.ValueKind != JsonValueKind.Object)
            throw StandInFailure.Unreadable(Unreadable);
        if (value.TryGetProperty("indices", out var indices))
            return new StandInQuestion(null, ReadSparse(indices, value.GetProperty("values"), isDocument));
        if (!value.TryGetProperty("text", out var text) || !value.TryGetProperty("model", out var model))
            throw StandInFailure.Unreadable(Unreadable);

        var name = model.GetString()!;
        if (name.Length == 0)
            throw StandInFailure.Invalid("internal.query.model: value \"\" invalid, must be at least 1 characters");
        if (!StandInBm25.IsNamed(name))
            throw new StandInFailure(500, "Service internal error: InferenceService URL not configured - please provide valid address in config");

        JsonElement? options = value.TryGetProperty("options", out var given) ? given : null;
        return new StandInQuestion(null, isDocument ? StandInBm25.OfDocument(text.GetString()!, options) : StandInBm25.OfQuery(text.GetString()!, options));
    }

    private static StandInQuestion ReadRows(JsonElement value, bool isDocument)
    {
        float[][] rows = [.. value.EnumerateArray().Select(row => row.EnumerateArray().Select(number => Number(number, isDocument)).ToArray())];
        if (rows.FirstOrDefault(row => row.Length != rows[0].Length) is { } odd)
            throw StandInFailure.Invalid($"points[0].vector.?.data: all vectors must have the same dimension, found vector with dimension {odd.Length}");

        // Two rows of whole numbers are taken for indices and weights.
        return rows.Length == 2 && !value.GetRawText().Contains('.')
            ? new StandInQuestion(null, ReadSparse(value[0], value[1], isDocument))
            : new StandInQuestion(null, null, rows);
    }

    private static float Number(JsonElement number, bool isDocument) => number.ValueKind switch
    {
        JsonValueKind.Number when !double.IsFinite(number.GetDouble()) => throw StandInFailure.Unreadable("number out of range"),
        JsonValueKind.Number => number.GetSingle(),
        JsonValueKind.Array when isDocument => throw StandInFailure.WrongInput("Conversion between multi and regular vectors failed"),
        JsonValueKind.Array => throw StandInFailure.NotPlayed("multivectors"),
        _ when isDocument => throw StandInFailure.Unreadable("data did not match any variant of untagged enum VectorStruct"),
        _ => throw StandInFailure.Unreadable("Expected some form of vector, id, or a type of query at line 1 column 59"),
    };

    private static SparseVector ReadSparse(JsonElement indices, JsonElement values, bool isDocument)
    {
        var path = isDocument ? "points[0].vector.?" : "internal.query";
        if (indices.GetArrayLength() != values.GetArrayLength())
            throw StandInFailure.Invalid($"{path}.values: Validation error: must be the same length as indices [{{}}]");
        if (indices.EnumerateArray().Any(index => !index.TryGetUInt32(out _)))
            throw StandInFailure.Unreadable("data did not match any variant of untagged enum VectorStruct");
        if (indices.EnumerateArray().Select(index => index.GetUInt32()).Distinct().Count() != indices.GetArrayLength())
            throw StandInFailure.Invalid($"{path}.indices: Validation error: must be unique [{{}}]");

        return SparseVector.Of(indices.EnumerateArray().Zip(values.EnumerateArray(), (index, value) => (index.GetUInt32(), value.GetSingle())));
    }
}
