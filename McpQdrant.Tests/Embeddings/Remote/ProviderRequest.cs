using System.Text.Json;

namespace McpQdrant.Tests.Embeddings.Remote;

/// <summary>What a provider was asked, and when by its clock.</summary>
internal sealed record ProviderRequest(string Path, string? Authorization, string Body, DateTimeOffset At)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public IReadOnlyList<string> Texts => [.. Json.GetProperty("input").EnumerateArray().Select(text => text.GetString()!)];
}
