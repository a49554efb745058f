namespace McpQdrant.Server.Hooks;

/// <summary>Which project a session works on.</summary>
internal static class HookProject
{
    /// <summary>The name of the folder that holds the repository around a folder, or of the folder itself; null where there is none.</summary>
    public static string? Of(string? folder)
    {
        if (string.IsNullOrWhiteSpace(folder) || !Path.IsPathRooted(folder))
            return null;

        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            // A file in a worktree or a submodule, a folder elsewhere.
            if (Path.Exists(Path.Combine(at.FullName, ".git")))
                return NameOf(at);
        }
        return NameOf(new DirectoryInfo(folder));
    }

    private static string? NameOf(DirectoryInfo folder) => folder.Parent is null ? null : folder.Name;
}
