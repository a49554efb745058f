namespace McpQdrant.Memories;

/// <summary>For whom a program calls: what that one may do, and which memories it meets. The same rules hold as at a server.</summary>
public sealed class MemoryCaller
{
    /// <summary>Tells callers apart: memories, changes and the audit log name it. 1 to 100 characters on one line, without a colon.</summary>
    public required string Name { get; init; }

    /// <summary>What it may do. Default: <see cref="MemoryRights.All"/>.</summary>
    public MemoryRights Rights { get; init; } = MemoryRights.All;

    /// <summary>Patterns of the collections within its reach; <c>*</c> stands for any characters. Default: all.</summary>
    public IReadOnlyList<string> Collections { get; init; } = ["*"];

    /// <summary>
    /// Fields of metadata with the values to which it is bound: <c>user</c>, <c>agent</c>, <c>session</c>, <c>project</c>. It meets no memory that has other
    /// values, and what it stores gets these. Default: none, so that it meets all.
    /// </summary>
    public IReadOnlyDictionary<string, string> Scope { get; init; } = new Dictionary<string, string>();
}

/// <summary>What a caller may do with the memories within its reach.</summary>
[Flags]
public enum MemoryRights
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Find, get and list.</summary>
    Read = 1,

    /// <summary>Store and update.</summary>
    Write = 2,

    /// <summary>Delete.</summary>
    Forget = 4,

    /// <summary>Read, write and delete, and so also undo.</summary>
    All = Read | Write | Forget,
}
