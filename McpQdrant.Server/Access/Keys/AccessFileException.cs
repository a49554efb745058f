namespace McpQdrant.Server.Access.Keys;

/// <summary>The access file can't be used; the message says why, and never holds a key or its hash.</summary>
internal sealed class AccessFileException(string message, Exception? innerException = null) : Exception(message, innerException);
