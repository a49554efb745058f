using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Tests.Server.Configuration;

public sealed class SecretFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Secrets =>
        [.. Settings.All.Where(setting => setting.IsSecret && setting is Setting<string?>).SelectMany(setting => setting.Names)];

    [Theory]
    [MemberData(nameof(Secrets))]
    public void Load_reads_a_secret_from_the_file_that_is_named(string name)
    {
        var path = folder.Write("secret", "s3cret\r\n");

        var values = Load.Environment(($"{name}_FILE", path), ("QDRANT_URL", "http://q:6333"));

        var setting = (Setting<string?>)Settings.All.Single(setting => setting.Names.Contains(name));
        Assert.Equal("s3cret", values.Get(setting));
        Assert.Equal($"environment: {name}_FILE", values.Source(setting).ToString());
        Assert.Empty(values.Warnings);
    }

    [Fact]
    public void Load_takes_sections_for_files_as_well() =>
        Assert.Equal("s3cret", Load.Environment(("Mcp__ApiKeyFile", folder.Write("secret", "s3cret"))).Get(Settings.ApiKey));

    [Fact]
    public void Load_refuses_a_secret_given_twice() =>
        Assert.Equal(
            "MCP_API_KEY and MCP_API_KEY_FILE are both set. Set only one of them.",
            Load.Error(("MCP_API_KEY", "a"), ("MCP_API_KEY_FILE", folder.Write("secret", "b"))));

    [Fact]
    public void Load_refuses_an_empty_file_since_the_secret_was_meant_to_be_there()
    {
        var path = folder.Write("secret", " \n");

        Assert.Equal($"MCP_API_KEY_FILE: '{path}' is empty.", Load.Error(("MCP_API_KEY_FILE", path)));
    }

    [Fact]
    public void Load_refuses_a_file_that_is_not_there()
    {
        var path = Path.Combine(folder.Path, "missing");

        Assert.StartsWith("MCP_API_KEY_FILE: the secret can't be read: ", Load.Error(("MCP_API_KEY_FILE", path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_refuses_a_file_that_is_too_large()
    {
        var path = folder.Write("secret", new string('a', 70_000));

        Assert.Equal($"MCP_API_KEY_FILE: '{path}' is too large for a secret; at most 64 KiB are read.", Load.Error(("MCP_API_KEY_FILE", path)));
    }

    [Fact]
    public void Load_never_prints_what_a_secret_file_holds() =>
        Assert.Equal(
            "MCP_API_KEY_FILE must be a key of visible ASCII characters.",
            Load.Error(("MCP_API_KEY_FILE", folder.Write("secret", "s3cret\ns3cret"))));

    public void Dispose() => folder.Dispose();
}
