namespace McpQdrant.Server.Mcp.Asking;

/// <summary>Who confirms that what a filter matches is to be deleted.</summary>
internal enum ConfirmationBy
{
    /// <summary>The person in front of the client where it can ask, and a code elsewhere.</summary>
    Auto,

    /// <summary>The person, always: a client that can't ask deletes nothing by a filter.</summary>
    Person,

    /// <summary>A code, always, which the model passes back.</summary>
    Code,
}
