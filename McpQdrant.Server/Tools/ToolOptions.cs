using McpQdrant.Server.Memories;

namespace McpQdrant.Server.Tools;

/// <summary>Which tools there are and how they present themselves.</summary>
internal sealed record ToolOptions
{
    /// <summary>The collection that tools work in; null where each call names one.</summary>
    public CollectionName? Collection { get; init; }

    /// <summary>Whether a call may name another collection although <see cref="Collection"/> is set.</summary>
    public bool AllowCollectionArgument { get; init; }

    public string StoreDescription { get; init; } = DefaultStoreDescription;

    public string FindDescription { get; init; } = DefaultFindDescription;

    /// <summary>No tool that writes.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The only tools to offer, by their short names (<c>find</c>, <c>store</c>, …); empty for all.</summary>
    public IReadOnlyList<string> Enabled { get; init; } = [];

    /// <summary>The short names of all tools, and whether each writes.</summary>
    public static readonly IReadOnlyDictionary<string, bool> Tools = new Dictionary<string, bool>
    {
        ["find"] = false,
        ["store"] = true,
        ["update"] = true,
        ["forget"] = true,
        ["collections"] = false,
    };

    public bool Offers(string tool) => (Enabled.Count == 0 || Enabled.Contains(tool)) && !(ReadOnly && Tools[tool]);

    /// <summary>The longest text a memory may have, in bytes of UTF-8.</summary>
    public const int MaxTextBytes = 1024 * 1024;

    public const string DefaultStoreDescription =
        "Keep a memory for later, in this conversation or another. Use it when you are asked to remember something, and when you learn "
        + "a fact, a decision, a preference or a solution that will matter again. Store one self-contained thought a call.";

    public const string DefaultFindDescription =
        "Look up what was remembered, by meaning and by words. Use it before you answer a question that earlier conversations may bear on: "
        + "facts, decisions, preferences, solutions, personal information about the user.";
}
