using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Core.Search.Keywords;

namespace McpQdrant.Server.Hooks;

/// <summary>What hooks bring back: a brief when a session starts, and what bears on a prompt. Nothing is brought back twice.</summary>
/// <param name="tokens">How long the brief may be; what a prompt brings back is half of it at most.</param>
/// <param name="similarity">What a memory must have in common with a prompt, as the cosine of their vectors.</param>
internal sealed class HookRecall(FindMemories find, CollectionName collection, int tokens, double similarity)
{
    private const int MaxPinned = 20;
    private const int MaxPrompt = 2000;
    private const int MaxCandidates = 10;
    private const int MaxRecalled = 4;

    /// <summary>Words that a memory and a prompt must share: one may be there by chance.</summary>
    private const int MinWords = 2;

    /// <summary>The pinned memories of a project, those that prompts brought back most often, and the newest, as far as there is room.</summary>
    /// <param name="mostUsed">The most used first.</param>
    public async Task<string?> BriefAsync(HookSession session, IReadOnlyList<MemoryId> mostUsed, CancellationToken cancellationToken)
    {
        var newest = await FindAsync(query: null, session.Project, metadata: null, FindMemoriesRequest.MaxLimit, cancellationToken);
        if (newest.Count == 0)
            return null;

        var pinned = await FindAsync(query: null, session.Project, JsonElement.Parse("""{"pinned": true}"""), MaxPinned, cancellationToken);
        var text = new RecalledText(collection, session.Project, session.Project is null ? "Notes" : "Notes on this project", tokens);
        var memories = pinned.Select(hit => (hit.Memory, Mark: (string?)"pinned"))
            .Concat(mostUsed.Join(newest, id => id, hit => hit.Memory.Id, (_, hit) => (hit.Memory, Mark: (string?)"often used")))
            .Concat(newest.Select(hit => (hit.Memory, Mark: (string?)null)))
            .DistinctBy(entry => entry.Memory.Id);
        foreach (var (memory, mark) in memories.Where(entry => !session.Shown.Contains(entry.Memory.Id)))
            text.Add(memory, mark);
        session.Shown.UnionWith(text.Shown);
        return text.Finish();
    }

    /// <summary>The memories that are near a prompt in meaning and share words with it.</summary>
    public async Task<string?> ForPromptAsync(HookSession session, string prompt, CancellationToken cancellationToken)
    {
        // A command of the client is not about anything.
        var words = prompt.StartsWith('/') ? 0 : WordOverlap.Count(prompt, prompt);
        if (words == 0)
            return null;

        var query = prompt.Length > MaxPrompt ? prompt[..MaxPrompt] : prompt;
        var hits = await FindAsync(query, session.Project, metadata: null, MaxCandidates, cancellationToken);
        var text = new RecalledText(collection, session.Project, "Notes that may bear on the prompt", tokens / 2);
        foreach (var found in hits.Where(found =>
            found.Hit.Similarity >= similarity && WordOverlap.Count(query, found.Memory.Text) >= Math.Min(MinWords, words) && !session.Shown.Contains(found.Memory.Id)).Take(MaxRecalled))
            text.Add(found.Memory);
        session.Shown.UnionWith(text.Shown);
        session.Recalled.UnionWith(text.Shown);
        return text.Finish();
    }

    /// <summary>Of the project, or of none: what another project knows is not for this one.</summary>
    private async Task<IReadOnlyList<FoundHit>> FindAsync(string? query, string? project, JsonElement? metadata, int limit, CancellationToken cancellationToken)
    {
        var filter = project is null ? null : new Filter { Should = [Condition.Match(HookHarvest.ProjectField, project), Condition.IsEmpty(HookHarvest.ProjectField)] };
        return (await find.HandleAsync(Caller.Local, new FindMemoriesRequest(collection, query, filter) { Metadata = metadata, Limit = limit }, cancellationToken)).Hits;
    }
}
