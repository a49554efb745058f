namespace McpQdrant.Tests.Deployment;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    public static string File(string path) => Path.Combine(Root, path);

    private static string Find(DirectoryInfo? folder)
    {
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "McpQdrant.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"There is no McpQdrant.sln above {AppContext.BaseDirectory}.");
    }
}
