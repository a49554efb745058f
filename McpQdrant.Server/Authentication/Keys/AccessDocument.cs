using System.Text.Json;
using System.Text.Json.Serialization;

namespace McpQdrant.Server.Authentication.Keys;

/// <summary>The access file: <c>{"callers": […]}</c>.</summary>
internal sealed record AccessDocument(IReadOnlyList<CallerEntry?>? Callers);

/// <summary>A caller as the access file has it. What isn't said isn't allowed, but for tools and rate.</summary>
internal sealed record CallerEntry
{
    public string? Name { get; init; }

    /// <summary>The SHA-256 of the caller's key, in hex.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Patterns of collections; <c>*</c> stands for any characters.</summary>
    public IReadOnlyList<string?>? Collections { get; init; }

    public bool Read { get; init; }

    public bool Write { get; init; }

    public bool Forget { get; init; }

    /// <summary>Fields of metadata with the values to which the caller is bound; see <see cref="Core.Access.Caller.Pins"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string?>? Scope { get; init; }

    /// <summary>Fields of metadata that each request says in a header, for instance <c>X-Memory-User</c>, and is bound to: for a gateway that calls for many.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string?>? ScopeHeaders { get; init; }

    /// <summary>Fields of metadata with the values that what it stores gets; see <see cref="Core.Access.Caller.Labels"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string?>? Labels { get; init; }

    /// <summary>Names such as <c>qdrant-find</c>; all that the rights allow where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string?>? Tools { get; init; }

    /// <summary>Requests a minute; 0 for any number, left out for the server's own limit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Rate { get; init; }
}

/// <summary>How the access file is read, generated at build time: a word that it doesn't know is a mistake, not a remark.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(AccessDocument))]
internal sealed partial class AccessJson : JsonSerializerContext;
