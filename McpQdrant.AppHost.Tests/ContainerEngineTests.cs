using Microsoft.Extensions.Configuration;

namespace McpQdrant.AppHost.Tests;

public sealed class ContainerEngineTests
{
    [Theory]
    [InlineData("docker")]
    [InlineData("podman")]
    [InlineData("")]
    [InlineData(null)]
    public void Refusal_is_none_for_an_engine_that_Aspire_knows(string? engine)
    {
        Assert.Null(ContainerEngine.Refusal(Configuration(("DOTNET_ASPIRE_CONTAINER_RUNTIME", engine))));
    }

    [Theory]
    [InlineData("Podman")]
    [InlineData("containerd")]
    public void Refusal_names_the_variable_its_value_and_what_is_allowed(string engine)
    {
        var refusal = ContainerEngine.Refusal(Configuration(("DOTNET_ASPIRE_CONTAINER_RUNTIME", engine)));

        Assert.NotNull(refusal);
        Assert.Contains($"DOTNET_ASPIRE_CONTAINER_RUNTIME is '{engine}'", refusal, StringComparison.Ordinal);
        Assert.Contains("'docker' or 'podman'", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Refusal_is_about_the_setting_that_counts()
    {
        var refusal = ContainerEngine.Refusal(Configuration(("ASPIRE_CONTAINER_RUNTIME", "podman"), ("DOTNET_ASPIRE_CONTAINER_RUNTIME", "nonsense")));

        Assert.Null(refusal);
    }

    [Fact]
    public void Refusal_names_the_variable_that_was_set_where_the_host_reads_it_by_two_names()
    {
        var refusal = ContainerEngine.Refusal(Configuration(("ASPIRE_CONTAINER_RUNTIME", "Podman"), ("DOTNET_ASPIRE_CONTAINER_RUNTIME", "Podman")));

        Assert.StartsWith("DOTNET_ASPIRE_CONTAINER_RUNTIME is 'Podman'", refusal, StringComparison.Ordinal);
    }

    private static IConfiguration Configuration(params (string Name, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Name, setting => setting.Value)).Build();
}
