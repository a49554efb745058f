using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.History;
using McpQdrant.Core.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Server.Mcp.Tools.Answers;
using McpQdrant.Server.Rest.OpenApi;

namespace McpQdrant.Server.Rest;

/// <summary>Values of an address and of a body, each read into what use cases take; what is wrong with one is said in a sentence.</summary>
internal static class Asked
{
    private const int MaxShown = 60;

    /// <exception cref="NotThereException">No collection can have this name, so there is none.</exception>
    public static CollectionName Collection(string name) =>
        CollectionNameRule.Refusal(name) is { } reason ? throw new NotThereException(reason) : CollectionName.Parse(name);

    /// <exception cref="NotThereException">No memory can have this id, so there is none.</exception>
    public static MemoryId Id(string id) =>
        MemoryId.TryParse(id, out var parsed) ? parsed : throw new NotThereException($"'{ShortText.Of(id, MaxShown)}' is no id. Give a UUID or a whole number.");

    public static IReadOnlyList<MemoryId> Ids(IReadOnlyList<string>? ids) => [.. (ids ?? []).Select(IdInBody).Distinct()];

    public static IReadOnlyList<ChangeId> Changes(IReadOnlyList<string> ids) => [.. ids.Select(Change)];

    public static MemoryId? OptionalId(string? id) => string.IsNullOrEmpty(id) ? null : IdInBody(id);

    /// <summary>A text that is not blank.</summary>
    public static string Text(string? text) =>
        string.IsNullOrWhiteSpace(text) ? throw new MemoryException("'text' is missing or empty. Give the text to keep.") : text;

    public static int Limit(string? limit) => string.IsNullOrEmpty(limit) ? RestLimits.Page
        : int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= RestLimits.MaxPage ? number
        : throw new MemoryException($"The limit is '{ShortText.Of(limit, MaxShown)}'. Give a number from 1 to {RestLimits.MaxPage}.");

    /// <summary>Fields of metadata with their values, in an address.</summary>
    public static JsonElement? Metadata(string? json) => Object("metadata", Json("metadata", json));

    /// <summary>The same in a body.</summary>
    public static JsonElement? Metadata(JsonElement? json) => Object("metadata", json);

    /// <summary>A filter in an address.</summary>
    public static Filter? Filter(string? json) => Filter(Json("filter", json));

    /// <summary>The same in a body.</summary>
    /// <returns>Null for none, and for one that is empty.</returns>
    /// <exception cref="FilterException">It is no filter.</exception>
    public static Filter? Filter(JsonElement? json) =>
        Object("filter", json) is { } filter && filter.EnumerateObject().Any() ? Core.Search.Filters.Filter.Parse(filter) : null;

    private static ChangeId Change(string id) =>
        ChangeId.TryParse(id, out var change) ? change : throw new MemoryException($"'{ShortText.Of(id, MaxShown)}' is no id of a change. Take it from the answer to the change, or from the history.");

    private static MemoryId IdInBody(string id) =>
        MemoryId.TryParse(id, out var parsed) ? parsed : throw new MemoryException($"'{ShortText.Of(id, MaxShown)}' is no id. Give a UUID or a whole number.");

    private static JsonElement? Object(string name, JsonElement? json) =>
        json is null or { ValueKind: JsonValueKind.Object } ? json : throw new MemoryException($"'{name}' is no JSON object. Give one, for instance {{\"kind\": \"decision\"}}.");

    private static JsonElement? Json(string name, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        try
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            if (UnicodeJson.IsValidUnicode(new ReadOnlySequence<byte>(utf8)))
                return JsonElement.Parse(utf8, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
        }
        throw new MemoryException($"'{name}' is no JSON. Give an object, and escape it for an address.");
    }
}
