namespace McpQdrant.Memories;

/// <summary>A lasting memory of texts: stored once, found again by meaning and by words.</summary>
/// <remarks>
/// <para>
/// Two implementations: <c>AddMemory</c> of the package McpQdrant.Memory keeps memories in this process's own store, <c>AddMcpQdrantClient</c> of McpQdrant.Client
/// reaches those of a server. Both may be called from any number of threads at once. A call that has returned has happened: it survives the end of the process.
/// </para>
/// <para>
/// Every method may throw <see cref="MemoriesException"/>, whose message is a sentence on what was wrong and what to do, its derived types where a program can
/// tell cases apart, <see cref="ObjectDisposedException"/> where the memory was disposed of, <see cref="OperationCanceledException"/> where the token was
/// canceled, and <see cref="NotSupportedException"/> for what an implementation has no way to do.
/// </para>
/// </remarks>
public interface IMemories
{
    /// <summary>Keeps a text. The same text with the same metadata is kept once.</summary>
    /// <param name="text">Any text that is not blank. A long one is cut into passages, by each of which it is found.</param>
    /// <param name="options">Where to, with which metadata, and for how long; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call; the text may have been stored all the same.</param>
    /// <returns>The memory, and whether it is new. Where the store has a threshold for duplicates, it may be the one that was there already.</returns>
    /// <exception cref="MemoriesException">The text is blank or too long, it holds a secret and those are refused, or the store or the model does not work.</exception>
    Task<StoredMemory> StoreAsync(string text, StoreOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Finds what bears on a question.</summary>
    /// <param name="query">A question, or words, names and codes; null or blank for the newest memories.</param>
    /// <param name="options">Where to look, and what memories must satisfy; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The best first; empty where nothing was found, and where there is no such collection.</returns>
    /// <exception cref="MemoriesException">The filter or a time is not valid, or the store or the model does not work.</exception>
    Task<IReadOnlyList<FoundMemory>> FindAsync(string? query, FindOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Reads one memory, whole.</summary>
    /// <param name="id">As a store, a find or a list gave it.</param>
    /// <param name="options">Where it is, and who asks; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Null where there is no such memory.</returns>
    /// <exception cref="MemoriesException">The text is no id, or the store does not work.</exception>
    Task<Memory?> GetAsync(string id, CallOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Reads the memories of a collection, those that were stored last first. They are read in pages, as they are enumerated.</summary>
    /// <param name="options">Which ones; null for all.</param>
    /// <param name="cancellationToken">Cancels the enumeration.</param>
    /// <returns>Empty where there is no such collection.</returns>
    /// <exception cref="MemoriesException">The filter or a time is not valid, or the store does not work.</exception>
    IAsyncEnumerable<Memory> ListAsync(ListOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Corrects a memory under its id, in one step: a find sees it as it was or as it is.</summary>
    /// <param name="id">The memory.</param>
    /// <param name="update">What to change; at least one of its properties.</param>
    /// <param name="options">Where it is, and who asks; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call; the change may have been made all the same.</param>
    /// <returns>The memory as it is now, and the change, by which <see cref="UndoAsync"/> takes it back.</returns>
    /// <exception cref="MemoryNotFoundException">There is no such memory.</exception>
    /// <exception cref="MemoriesException">There is nothing to change, or the store or the model does not work.</exception>
    Task<ChangedMemory> UpdateAsync(string id, MemoryUpdate update, CallOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Deletes memories by their ids.</summary>
    /// <param name="ids">Those to delete; ids of memories that are not there are no mistake.</param>
    /// <param name="options">Where they are, and who asks; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call; memories may have been deleted all the same.</param>
    /// <returns>How many there were, and the change, by which <see cref="UndoAsync"/> brings them back.</returns>
    /// <exception cref="MemoriesException">A text is no id, or the store does not work.</exception>
    Task<ForgottenMemories> ForgetAsync(IReadOnlyList<string> ids, CallOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Reads what was changed and deleted in a collection, the latest first, with what memories held before.</summary>
    /// <param name="options">Which changes; null for the latest.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>One entry for each memory of a change. The first store of a memory is no change.</returns>
    /// <exception cref="MemoriesException">The store does not work.</exception>
    /// <exception cref="NotSupportedException">This implementation has no way to read it.</exception>
    Task<IReadOnlyList<MemoryChange>> HistoryAsync(HistoryOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Brings memories back to what they were before a change. That is a change too, and can be taken back.</summary>
    /// <param name="change">As an update, a deletion or the history gave it.</param>
    /// <param name="options">Where it was made, and whether to do it or only to tell; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call; memories may have been brought back all the same.</param>
    /// <returns>What became of each memory of the change.</returns>
    /// <exception cref="MemoryNotFoundException">There is no such change.</exception>
    /// <exception cref="MemoriesException">No log of changes is kept, or the store or the model does not work.</exception>
    Task<UndoneChange> UndoAsync(string change, UndoOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Writes the memories of a collection as JSON Lines, which <see cref="ImportAsync"/> and <c>mcp-server-qdrant import</c> read.</summary>
    /// <param name="output">Is written to, and stays open.</param>
    /// <param name="options">Which memories; null for the default collection.</param>
    /// <param name="cancellationToken">Cancels the call; a part may have been written.</param>
    /// <returns>How many memories were written.</returns>
    /// <exception cref="MemoriesException">There is no such collection, or the store does not work.</exception>
    /// <exception cref="NotSupportedException">This implementation has no way to do it.</exception>
    Task<long> ExportAsync(Stream output, ExportOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Stores memories that were exported. What is there already stays, so an interrupted import is run again.</summary>
    /// <param name="input">JSON Lines; is read to its end, and stays open.</param>
    /// <param name="options">Where to, and what becomes of memories whose ids are taken; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call; a part may have been stored.</param>
    /// <returns>What became of the lines. A line that can't be read is skipped and counted.</returns>
    /// <exception cref="MemoriesException">The store or the model does not work, or a collection can't take the memories.</exception>
    /// <exception cref="NotSupportedException">This implementation has no way to do it.</exception>
    Task<ImportedMemories> ImportAsync(Stream input, ImportOptions? options = null, CancellationToken cancellationToken = default);
}
