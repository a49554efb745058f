using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Tests.Server.Configuration;

public sealed class ListenAddressTests
{
    [Fact]
    public void From_is_this_machine_and_port_8000_by_default() => Assert.Equal(["http://127.0.0.1:8000"], Addresses());

    [Fact]
    public void From_takes_host_and_port() =>
        Assert.Equal(["http://[::1]:9000"], Addresses(("FASTMCP_HOST", "::1"), ("FASTMCP_PORT", "9000")));

    [Fact]
    public void From_takes_the_addresses_that_dotnet_run_and_aspire_give() =>
        Assert.Equal(["http://localhost:5100", "https://localhost:5101"], Addresses(("ASPNETCORE_URLS", "http://localhost:5100;https://localhost:5101")));

    [Theory]
    [InlineData("FASTMCP_HOST", "127.0.0.2", "http://127.0.0.2:8000")]
    [InlineData("FASTMCP_PORT", "9000", "http://127.0.0.1:9000")]
    public void From_prefers_its_own_settings_to_those_addresses(string name, string text, string expected) =>
        Assert.Equal([expected], Addresses(("ASPNETCORE_URLS", "http://localhost:5100"), (name, text)));

    [Fact]
    public void From_takes_the_port_of_aspires_manifest_on_the_host_that_the_image_sets() =>
        Assert.Equal(["http://0.0.0.0:8080"], Addresses(("HTTP_PORTS", "8080"), ("FASTMCP_HOST", "0.0.0.0"), ("ASPNETCORE_HTTP_PORTS", "8000")));

    [Theory]
    [InlineData("PORT", "http://127.0.0.1:8123")]
    [InlineData("ASPNETCORE_HTTP_PORTS", "http://127.0.0.1:8123")]
    public void From_takes_ports_as_platforms_give_them(string name, string expected) => Assert.Equal([expected], Addresses((name, "8123")));

    [Fact]
    public void From_listens_on_each_port() => Assert.Equal(["http://127.0.0.1:80", "http://127.0.0.1:81"], Addresses(("HTTP_PORTS", "80;81")));

    private static IEnumerable<string> Addresses(params (string, string)[] environment) =>
        ListenAddress.From(Load.Environment(environment)).Select(address => address.ToString());
}
