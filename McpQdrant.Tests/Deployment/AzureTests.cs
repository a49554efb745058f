using YamlDotNet.RepresentationModel;

namespace McpQdrant.Tests.Deployment;

public sealed class AzureTests
{
    [Fact]
    public void Azd_is_led_to_the_AppHost()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(Repository.File("azure.yaml"))));

        var app = yaml.Documents[0].RootNode["services"]["app"];

        Assert.Equal("containerapp", (string?)app["host"]);
        Assert.True(File.Exists(Repository.File((string)app["project"]!)));
    }
}
