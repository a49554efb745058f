namespace McpQdrant.Server.Memories;

/// <summary>What stands for a text's meaning: its embedding, or the text itself where the Qdrant server embeds.</summary>
internal abstract record SemanticVector
{
    private SemanticVector()
    {
    }

    /// <summary>An embedding; of any length above zero, every number finite.</summary>
    internal sealed record Embedded(ReadOnlyMemory<float> Values) : SemanticVector;

    /// <summary>A text that the Qdrant server embeds with <paramref name="Model"/>.</summary>
    internal sealed record Inferred(string Text, string Model) : SemanticVector;
}
