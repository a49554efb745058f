namespace McpQdrant.Server.Access;

/// <summary>What a caller may do with the memories within its reach.</summary>
[Flags]
internal enum Rights
{
    None = 0,
    Read = 1,
    Write = 2,
    Forget = 4,
    All = Read | Write | Forget,
}
