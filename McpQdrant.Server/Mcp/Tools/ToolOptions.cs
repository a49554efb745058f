using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Server.Mcp.Asking;
using McpQdrant.Server.Mcp.Tools.Answers;

namespace McpQdrant.Server.Mcp.Tools;

/// <summary>Which tools there are and how they present themselves.</summary>
internal sealed record ToolOptions
{
    /// <summary>The collection that tools work in; null where each call names one.</summary>
    public CollectionName? Collection { get; init; }

    /// <summary>Whether a call may name another collection although <see cref="Collection"/> is set.</summary>
    public bool AllowCollectionArgument { get; init; }

    public string StoreDescription { get; init; } = DefaultStoreDescription;

    public string FindDescription { get; init; } = DefaultFindDescription;

    /// <summary>Fields that finds can be filtered by; those with a condition are arguments.</summary>
    public IReadOnlyList<FilterableField> FilterableFields { get; init; } = [];

    /// <summary>Whether finds take a filter of the caller's own, where no filterable field is an argument.</summary>
    public bool AllowArbitraryFilter { get; init; }

    /// <summary>Whether a store may be answered with a memory very like it, and so has the argument <c>force</c>.</summary>
    public bool AsksBeforeDuplicates { get; init; }

    /// <summary>How memories stand in the text of an answer.</summary>
    public ResultFormat ResultFormat { get; init; }

    /// <summary>Bytes of UTF-8 that the memories of one answer may take.</summary>
    public int MaxAnswerBytes { get; init; } = 80_000;

    /// <summary>Who confirms a deletion by a filter.</summary>
    public ConfirmationBy ConfirmationBy { get; init; }

    /// <summary>Whether what is deleted can be brought back.</summary>
    public bool KeepsHistory { get; init; }

    /// <summary>No tool that writes.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The tools to offer, but for those that write where <see cref="ReadOnly"/>.</summary>
    public IReadOnlyList<ToolName> Enabled { get; init; } = [ToolName.Find, ToolName.Store, ToolName.Update, ToolName.Forget, ToolName.Collections];

    public bool Offers(ToolName tool) => Enabled.Contains(tool) && !(ReadOnly && tool.Changes());

    public const string DefaultStoreDescription =
        "Keep a memory for later, in this conversation or another. Use it when you are asked to remember something, and when you learn "
        + "a fact, a decision, a preference or a solution that will matter again. One self-contained thought a call.";

    public const string DefaultFindDescription =
        "Look up what was remembered, by meaning and by words, or what was stored last. Use it before you answer what earlier conversations may bear on: "
        + "facts, decisions, preferences, solutions, personal information about the user.";
}
