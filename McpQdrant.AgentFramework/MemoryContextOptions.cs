using Microsoft.Extensions.AI;

namespace McpQdrant.Memories;

/// <summary>What an agent's memory does by itself, and within which limits.</summary>
public sealed class MemoryContextOptions
{
    /// <summary>Whether what bears on the user's messages is brought into each call. Default: yes.</summary>
    public bool Recalls { get; set; } = true;

    /// <summary>Whether what <see cref="Select"/> chooses is stored after each call that succeeded. Default: yes.</summary>
    public bool Stores { get; set; } = true;

    /// <summary>Whether the model gets the tools <c>memory_store</c>, <c>memory_find</c> and <c>memory_forget</c>, bound to the same scope. Default: no.</summary>
    public bool OffersTools { get; set; }

    /// <summary>The collection; null for the default one of the <see cref="IMemories"/>.</summary>
    public string? Collection { get; set; }

    /// <summary>How many memories one recall brings at most, from 1 to <see cref="FindOptions.MaxLimit"/>. Default: 5.</summary>
    public int MaxMemories { get; set; } = 5;

    /// <summary>How many characters all that is recalled may have, its fence included. Default: 4000.</summary>
    public int MaxCharacters { get; set; } = 4000;

    /// <summary>What a memory must have in common with the user's messages to be brought into a call, as the cosine of their vectors, from 0 to 1. Default: 0.3.</summary>
    public double MinSimilarity { get; set; } = 0.3;

    /// <summary>Whether memories of other sessions are recalled where the scope has a session. Default: yes.</summary>
    public bool RecallAcrossSessions { get; set; } = true;

    /// <summary>Chooses the texts to store from the messages of a call that succeeded: those that came from outside, and those of the agent. Null for the user's messages that are no questions.</summary>
    public Func<IEnumerable<ChatMessage>, IEnumerable<ChatMessage>, IEnumerable<string>>? Select { get; set; }

    /// <summary>Whether a call of the agent fails where its memory does. Default: no, the failure is logged, and the agent goes on without a memory.</summary>
    public bool IsRequired { get; set; }

    internal FindOptions ToFind(AgentMemoryScope scope) => new() { Collection = Collection, Limit = MaxMemories, Metadata = scope.ToFilter(RecallAcrossSessions) };

    /// <exception cref="MemoriesException">A limit is out of its range.</exception>
    internal void Check()
    {
        if (MaxMemories is < 1 or > FindOptions.MaxLimit)
            throw new MemoriesException($"MaxMemories is {MaxMemories}. Give a number from 1 to {FindOptions.MaxLimit}.");
        if (MaxCharacters < RecalledText.MinCharacters)
            throw new MemoriesException($"MaxCharacters is {MaxCharacters}. Give {RecalledText.MinCharacters} or more: the fence around memories takes a part of them.");
        if (MinSimilarity is not (>= 0 and <= 1))
            throw new MemoriesException($"MinSimilarity is {MinSimilarity}. Give a number from 0 to 1.");
    }
}
