using Microsoft.Extensions.AI;

namespace McpQdrant.Server.Embeddings;

/// <summary>How much of a text its vector stands for: travels with the vector through the pipeline and its cache.</summary>
/// <param name="Read">Tokens that went into the vector.</param>
/// <param name="Total">Tokens of the whole text; null where they weren't counted.</param>
/// <param name="IsCut">Whether the end of the text is not part of the vector.</param>
internal sealed record TokenCount(int Read, int? Total, bool IsCut)
{
    private const string Key = "tokens";

    public static TokenCount? Of(Embedding embedding) => embedding.AdditionalProperties?.GetValueOrDefault(Key) as TokenCount;

    public void AddTo(Embedding embedding) => (embedding.AdditionalProperties ??= [])[Key] = this;
}
