using McpQdrant.Core.Memories;
using McpQdrant.Server.Mcp.Tools.Arguments;

namespace McpQdrant.Server.Mcp.Tools.Answers;

/// <summary>What is said of a find: what was asked, or why nothing came of it.</summary>
internal static class FindSentence
{
    private const int MaxShownQuery = 200;

    /// <summary>Of more collections that can't be searched, only how many there are.</summary>
    private const int MaxShownProblems = 3;

    public static string Of(FindMemoriesRequest request, FindMemoriesResult found)
    {
        if (!found.CollectionExists)
            return Absent(request, found);

        var sentence = found.Hits.Count == 0 ? Nothing(request, found)
            : request.Query is { } query ? $"Results for the query '{ShortText.Of(query, MaxShownQuery)}'"
            : found.Hits.Count == 1 ? "The newest memory" : $"The {found.Hits.Count} newest memories, the newest first";
        return LeftOut(found) is [_, ..] leftOut ? $"{sentence.TrimEnd('.')}.{leftOut}" : sentence;
    }

    private static string Absent(FindMemoriesRequest request, FindMemoriesResult found)
    {
        if (request.Collection is not { } target)
            return "There are no memories yet. qdrant-store makes the first.";

        return found.NearestCollections is [_, ..] nearest
            ? $"There is no collection '{target}'. The nearest: {string.Join(", ", nearest.Select(name => $"'{name}'"))}. qdrant-collections lists all."
            : $"There are no memories yet: the collection '{target}' doesn't exist. qdrant-store makes it.";
    }

    private static string Nothing(FindMemoriesRequest request, FindMemoriesResult found)
    {
        var where = request.Collection is { } target ? $" in '{target}'" : found.Collections == 1 ? " in the one collection" : $" in {found.Collections} collections";
        var asked = request.Query is { } query ? $" matches the query '{ShortText.Of(query, MaxShownQuery)}'" : " matches";
        var missing = found.MissingFields.Count == 0 ? "" : $" No memory there has {string.Join(" or ", found.MissingFields.Select(field => $"'{field}'"))}: leave that filter out, or look at a memory for the right name.";
        return $"No memory{where}{asked}.{(request.Filter is { } filter ? QueryFilter.Hint(filter) : "")}{missing}";
    }

    private static string LeftOut(FindMemoriesResult found)
    {
        var many = found.CollectionsLeftOut == 0 ? "" : $" {found.CollectionsLeftOut} further collections were not searched; name one to search it.";
        if (found.Unusable.Count == 0)
            return many;

        var problems = string.Join(" ", found.Unusable.Take(MaxShownProblems).Select(one => one.Reason));
        return $"{many} Not searched: {found.Unusable.Count} of the collections. {problems}";
    }
}
