using System.Xml.Linq;
using McpQdrant.Tests.Deployment;

namespace McpQdrant.Tests.Containers;

/// <summary>Holds the Dockerfile and the Containerfile together.</summary>
public sealed class ImageFileTests
{
    [Fact]
    public void Dockerfile_and_Containerfile_differ_only_where_they_say_so()
    {
        var (docker, podman) = (Read("Dockerfile"), Read("Containerfile"));

        Assert.Equal(Common(docker, "# Docker:"), Common(podman, "# Podman:"));
        Assert.Equal(docker.Count(line => line.StartsWith("# Docker:", StringComparison.Ordinal)), podman.Count(line => line.StartsWith("# Podman:", StringComparison.Ordinal)));
        Assert.NotEqual(docker, podman);
    }

    [Theory]
    [InlineData("Dockerfile")]
    [InlineData("Containerfile")]
    public void Every_image_has_a_registry_in_its_name(string file)
    {
        var images = Read(file).Where(line => line.StartsWith("ARG ", StringComparison.Ordinal) && line.Contains("_IMAGE=", StringComparison.Ordinal)).Select(line => line.Split('=')[1]);

        Assert.All(images, image => Assert.StartsWith("mcr.microsoft.com/", image, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_project_is_in_what_is_built_and_none_is_listed()
    {
        Assert.Contains("!McpQdrant.*", Read(".dockerignore"));
        foreach (var project in Directory.EnumerateDirectories(Repository.Root, "McpQdrant.*").Select(Path.GetFileName))
            Assert.DoesNotContain(Read("Dockerfile"), line => line.StartsWith("COPY ", StringComparison.Ordinal) && line.Contains(project!, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_file_that_a_project_is_built_from_is_in_what_is_built()
    {
        string[] allowed = [.. Read(".dockerignore").Where(line => line.StartsWith('!')).Select(line => line[1..])];
        var (seen, open) = (new HashSet<string>(), new Stack<string>([Repository.File("McpQdrant.Server/McpQdrant.Server.csproj"), Repository.File("McpQdrant.Tests/McpQdrant.Tests.csproj")]));
        while (open.TryPop(out var project))
        {
            if (!seen.Add(project))
                continue;
            var document = XDocument.Load(project);
            foreach (var path in document.Descendants("Import").Attributes("Project").Concat(document.Descendants("ProjectReference").Attributes("Include")).Select(attribute => attribute.Value.Replace('\\', '/')))
            {
                if (!path.Contains('$', StringComparison.Ordinal))
                    open.Push(Path.GetFullPath(path, Path.GetDirectoryName(project)!));
            }
        }

        Assert.All(seen, file =>
        {
            var first = Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar)[0];
            Assert.Contains(allowed, line => line.Split('/')[0] == first || (line.EndsWith('*') && first.StartsWith(line[..^1], StringComparison.Ordinal)));
        });
        Assert.Contains(Repository.File("Package.props"), seen);
    }

    private static string[] Read(string file) => File.ReadAllLines(Repository.File(file));

    /// <summary>The lines after the first comment, without the comments that mark a difference and the line below each.</summary>
    private static List<string> Common(string[] lines, string mark)
    {
        var body = lines.SkipWhile(line => line.StartsWith('#')).ToList();
        for (var at = body.FindIndex(IsMark); at >= 0; at = body.FindIndex(IsMark))
            body.RemoveRange(at, 2);
        return body;

        bool IsMark(string line) => line.StartsWith(mark, StringComparison.Ordinal);
    }
}
