namespace McpQdrant.Core.Search.Passages;

/// <summary>A part of a memory's text, in UTF-16 units.</summary>
/// <param name="End">The unit after its last one.</param>
public readonly record struct Passage(int Start, int End)
{
    public ReadOnlySpan<char> In(string text) => text.AsSpan(Start, End - Start);
}
