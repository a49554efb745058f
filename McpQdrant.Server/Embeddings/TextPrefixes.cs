namespace McpQdrant.Server.Embeddings;

/// <summary>What a model wants to see before a text, to tell questions from documents.</summary>
internal sealed record TextPrefixes(string Query, string Document)
{
    public static readonly TextPrefixes None = new("", "");

    /// <summary>One word for both, part of the model's identity; empty for none.</summary>
    public string Scheme => this == None ? "" : $"{Query}|{Document}";
}
