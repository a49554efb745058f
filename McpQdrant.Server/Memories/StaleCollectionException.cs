namespace McpQdrant.Server.Memories;

/// <summary>A store's word that a <see cref="CollectionLayout"/> no longer describes the collection, so it must be read anew.</summary>
/// <remarks>The message is a sentence for the case that a second try, with fresh facts, meets the same again.</remarks>
internal sealed class StaleCollectionException(string message, Exception? innerException = null) : MemoryException(message, innerException);
