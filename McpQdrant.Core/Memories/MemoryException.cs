using McpQdrant.Core.Collections;

namespace McpQdrant.Core.Memories;

/// <summary>A failure that the caller can do something about: the message says what happened and what to do.</summary>
/// <remarks>It reaches the caller as it is, so it holds no secret, no stack and no path that the caller did not give.</remarks>
public class MemoryException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Whether it is for the operator as well: the store, the model or the disk doesn't work, whatever the call.</summary>
    public bool IsOutage { get; init; }
}

/// <summary>What the caller names is not there, or is not the caller's: both are said in the same words.</summary>
public sealed class NotThereException(string message) : MemoryException(message);

/// <summary>The memory is no longer in a state that the caller knows, so nothing was changed.</summary>
public sealed class RevisionConflictException(string message) : MemoryException(message);

/// <summary>A store's word that a <see cref="CollectionLayout"/> no longer describes the collection, so it must be read anew.</summary>
/// <remarks>The message is a sentence for the case that a second try, with fresh facts, meets the same again.</remarks>
public sealed class StaleCollectionException(string message, Exception? innerException = null) : MemoryException(message, innerException);
