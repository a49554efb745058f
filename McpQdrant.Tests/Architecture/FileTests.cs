using McpQdrant.Tests.Deployment;

namespace McpQdrant.Tests.Architecture;

/// <summary>A stranger must find the way: not through many files of a few lines, and not through folders without an order.</summary>
public sealed class FileTests
{
    private const int ThinLines = 15;
    private const double MaxThinShare = 0.12;
    private const int MaxFilesOfFolder = 20;

    [Fact]
    public void Few_files_are_thin()
    {
        var files = SourceFiles().Where(file => !file.Split(Path.DirectorySeparatorChar)[0].EndsWith("Tests", StringComparison.Ordinal)).ToList();
        var thin = files.Where(file => File.ReadLines(Repository.File(file)).Count() <= ThinLines).Order(StringComparer.Ordinal).ToList();

        Assert.True(files.Count > 100, $"Only {files.Count} files were found.");
        Assert.True(
            thin.Count <= files.Count * MaxThinShare,
            $"{thin.Count} of {files.Count} files have {ThinLines} lines or fewer. Put what is small beside its only user:\n{string.Join('\n', thin)}");
    }

    [Fact]
    public void No_folder_holds_more_files_than_can_be_looked_over()
    {
        var full = SourceFiles().GroupBy(file => Path.GetDirectoryName(file)).Where(folder => folder.Count() > MaxFilesOfFolder).Select(folder => $"{folder.Key}: {folder.Count()}").ToList();

        Assert.True(full.Count == 0, $"Folders of more than {MaxFilesOfFolder} files are missing folders:\n{string.Join('\n', full)}");
    }

    /// <summary>Relative to the repository, without what the build makes.</summary>
    private static IEnumerable<string> SourceFiles() =>
        from project in Directory.EnumerateDirectories(Repository.Root, "McpQdrant.*")
        from file in Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(Repository.Root, file)
        where !relative.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin")
        select relative;
}
