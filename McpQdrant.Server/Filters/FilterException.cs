namespace McpQdrant.Server.Filters;

/// <summary>A filter that can't be read: the message names the place in it and says what is allowed there.</summary>
internal sealed class FilterException(string message, Exception? innerException = null) : Exception(message, innerException);
