namespace McpQdrant.Core.Ports;

/// <summary>Which model makes the vectors. Vectors of different identities can't be compared.</summary>
/// <param name="Provider">For instance <c>local</c> or <c>openai</c>.</param>
/// <param name="Model">The model's full name, for instance <c>sentence-transformers/all-MiniLM-L6-v2</c>.</param>
/// <param name="Dimensions">Numbers in a vector.</param>
/// <param name="Prefixes">The scheme of prefixes for questions and documents; empty for none.</param>
public sealed record EmbeddingIdentity(string Provider, string Model, int Dimensions, string Prefixes = "")
{
    public const string VectorNamePrefix = "fast-";

    /// <summary>The vector's name in new collections, as the Python server names it: <c>fast-</c> and the model's last path segment in lower case.</summary>
    public string VectorName => $"{VectorNamePrefix}{Model[(Model.LastIndexOf('/') + 1)..].ToLowerInvariant()}";

    /// <summary>The name of the vectors of passages in new collections. They are of this model too, and a collection may have those of several.</summary>
    public string PassageVectorName => PassageVectorNameOf(VectorName);

    public static string PassageVectorNameOf(string vectorName) => $"{vectorName}-passages";

    /// <summary>Whether vectors of both can be compared. A model may be spelled with its organisation or without, and in any case; its provider doesn't matter.</summary>
    public bool IsSameAs(EmbeddingIdentity other)
    {
        var spelledOut = Model.Contains('/') && other.Model.Contains('/');
        return Dimensions == other.Dimensions && Prefixes == other.Prefixes
            && (spelledOut ? Model.Equals(other.Model, StringComparison.OrdinalIgnoreCase) : VectorName == other.VectorName);
    }
}
