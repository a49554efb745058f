using System.Text.RegularExpressions;
using McpQdrant.Tests.Deployment;

namespace McpQdrant.Tests.Containers;

/// <summary>What the workflows may do, and that they do it by the scripts that people call.</summary>
public sealed partial class WorkflowTests
{
    public static TheoryData<string> Workflows => [.. Directory.GetFiles(Repository.File(".github/workflows")).Select(file => Path.GetRelativePath(Repository.Root, file))];

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Every_action_is_pinned_by_commit_and_names_its_version(string file)
    {
        var uses = File.ReadLines(Repository.File(file)).Where(line => line.Contains("uses:", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(uses);
        Assert.All(uses, line => Assert.Matches(Pinned(), line));
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Every_job_has_an_end_and_no_right_by_default(string file)
    {
        var workflow = Yaml.Read(file);

        Assert.All(workflow["permissions"]!.AsObject(), permission => Assert.Equal("read", (string?)permission.Value));
        Assert.All(workflow["jobs"]!.AsObject(), job => Assert.NotNull(job.Value!["timeout-minutes"]));
    }

    [Theory]
    [InlineData(".github/workflows/ci.yml")]
    [InlineData(".github/workflows/release.yml")]
    [InlineData("deploy/gitlab/container.gitlab-ci.yml")]
    [InlineData(".gitlab-ci.yml")]
    public void Every_script_that_is_called_is_there(string file)
    {
        var scripts = Script().Matches(File.ReadAllText(Repository.File(file))).Select(match => match.Value).Distinct().ToArray();

        Assert.NotEmpty(scripts);
        Assert.All(scripts, script => Assert.True(File.Exists(Repository.File(script)), script));
    }

    [GeneratedRegex(@"uses: [\w-]+/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"scripts/[\w-]+\.sh|\.ci/run|deploy/gitlab/[\w.-]+\.yml")]
    private static partial Regex Script();
}
