namespace McpQdrant.Memories;

/// <summary>A failure that the caller or the operator can do something about: the message says what happened and what to do.</summary>
/// <remarks>The message holds no key and no text of a memory, so it can be shown and logged.</remarks>
public class MemoriesException : Exception
{
    /// <summary>A failure without a sentence.</summary>
    public MemoriesException()
    {
    }

    /// <summary>A failure with its sentence.</summary>
    /// <param name="message">What was wrong and what to do.</param>
    public MemoriesException(string message) : base(message)
    {
    }

    /// <summary>A failure with its sentence and its cause.</summary>
    /// <param name="message">What was wrong and what to do.</param>
    /// <param name="innerException">What it comes from.</param>
    public MemoriesException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}

/// <summary>What the caller names is not there, or is not the caller's: both are said in the same words.</summary>
public sealed class MemoryNotFoundException : MemoriesException
{
    /// <inheritdoc/>
    public MemoryNotFoundException()
    {
    }

    /// <inheritdoc/>
    public MemoryNotFoundException(string message) : base(message)
    {
    }

    /// <inheritdoc/>
    public MemoryNotFoundException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}

/// <summary>The caller may not do this: it lacks a right, a key or a token, or the memory is not within its scope.</summary>
public sealed class MemoryAccessException : MemoriesException
{
    /// <inheritdoc/>
    public MemoryAccessException()
    {
    }

    /// <inheritdoc/>
    public MemoryAccessException(string message) : base(message)
    {
    }

    /// <inheritdoc/>
    public MemoryAccessException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}

/// <summary>The model that makes vectors is missing, can't be used, or did not answer.</summary>
public sealed class MemoryModelException : MemoriesException
{
    /// <inheritdoc/>
    public MemoryModelException()
    {
    }

    /// <inheritdoc/>
    public MemoryModelException(string message) : base(message)
    {
    }

    /// <inheritdoc/>
    public MemoryModelException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}

/// <summary>The store or the server can't be reached or does not work, whatever the call: a wrong address, a full disk, a file that another process holds.</summary>
public sealed class MemoriesUnavailableException : MemoriesException
{
    /// <inheritdoc/>
    public MemoriesUnavailableException()
    {
    }

    /// <inheritdoc/>
    public MemoriesUnavailableException(string message) : base(message)
    {
    }

    /// <inheritdoc/>
    public MemoriesUnavailableException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
