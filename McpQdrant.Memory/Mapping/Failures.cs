using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Memories.Embedding;

namespace McpQdrant.Memories.Mapping;

/// <summary>The one place where failures of the core become those of the public API.</summary>
internal static class Failures
{
    /// <summary>The core speaks of settings, which here are calls.</summary>
    private static readonly (string Setting, string Call)[] Names =
    [
        ("QDRANT_LOCAL_PATH", "the folder of UseSqlite"),
        ("QDRANT_URL", "the address of UseQdrant"),
        ("QDRANT_API_KEY", "the key of UseQdrant"),
        ("QDRANT_TIMEOUT", "the timeout of UseQdrant"),
        ("EMBEDDING_MODEL_PATH", "the folder of UseLocalModel"),
        ("EMBEDDING_MODEL", "the model of UseEmbeddings"),
        ("MEMORY_HISTORY is off", "History is null"),
        ("qdrant-find", "FindAsync"),
    ];

    public static async Task<T> TranslateAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception failure) when (Translation(failure) is { } translated)
        {
            throw translated;
        }
    }

    public static T Translate<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception failure) when (Translation(failure) is { } translated)
        {
            throw translated;
        }
    }

    /// <returns>Null for what is no failure of the core's.</returns>
    private static MemoriesException? Translation(Exception failure) => failure switch
    {
        NotThereException => new MemoryNotFoundException(Sentence(failure), failure),
        AccessDeniedException or OutOfScopeException => new MemoryAccessException(Sentence(failure), failure),
        ModelFailure => new MemoryModelException(Sentence(failure), failure),
        MemoryException { IsOutage: true } => new MemoriesUnavailableException(Sentence(failure), failure),
        MemoryException => new MemoriesException(Sentence(failure), failure),
        FilterException => new MemoriesException($"The filter is not valid: {failure.Message}", failure),
        _ => null,
    };

    private static string Sentence(Exception failure) =>
        Names.Aggregate(failure.Message, (sentence, name) => sentence.Replace(name.Setting, name.Call, StringComparison.Ordinal));
}
