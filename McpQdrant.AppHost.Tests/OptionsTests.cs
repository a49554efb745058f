namespace McpQdrant.AppHost.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void Read_takes_Qdrant_and_one_server_where_nothing_is_asked()
    {
        var (options, error) = Read();

        Assert.Null(error);
        Assert.Equal(new Options(MemoryStore.Qdrant, "mcp-qdrant-data", Replicas: 1, Port: null, Inspector: false, HasApiKey: false), options);
    }

    [Fact]
    public void Read_takes_what_is_asked()
    {
        var (options, error) = Read("--Store=Qdrant", "--Volume=notes", "--Replicas=3", "--Port=9000", "--Parameters:mcp-api-key=secret");

        Assert.Null(error);
        Assert.Equal(new Options(MemoryStore.Qdrant, "notes", Replicas: 3, Port: 9000, Inspector: false, HasApiKey: true), options);
    }

    [Theory]
    [InlineData("Store is 'sqlite'. It is 'qdrant'", "--Store=sqlite")]
    [InlineData("Store is '7'. It is 'qdrant'", "--Store=7")]
    [InlineData("The embedded store is for one machine", "--Store=embedded", "--publisher", "manifest")]
    [InlineData("Volume is '/var/lib/qdrant'. It is the name of a volume", "--Volume=/var/lib/qdrant")]
    [InlineData("Replicas is 'many'. It is a number of servers", "--Replicas=many")]
    [InlineData("Replicas is '0'. It is a number of servers", "--Replicas=0")]
    [InlineData("Port is '70000'. It is a port number", "--Port=70000")]
    [InlineData("Inspector is 'perhaps'. It is true or false", "--Inspector=perhaps")]
    [InlineData("The parameter 'mcp-api-key' is empty. Set Parameters:mcp-api-key", "--Parameters:mcp-api-key=")]
    [InlineData("The parameter 'qdrant-Key' is empty. Set Parameters:qdrant-Key", "--Parameters:qdrant-Key= ")]
    [InlineData("DcpPublisher:ContainerRuntime is 'Docker'", "--DcpPublisher:ContainerRuntime=Docker")]
    public void Read_says_what_is_wrong_and_what_to_do(string sentence, params string[] arguments)
    {
        var (options, error) = Read(arguments);

        Assert.Null(options);
        Assert.StartsWith(sentence, error, StringComparison.Ordinal);
    }

    private static (Options? Options, string? Error) Read(params string[] arguments) => Options.Read(DistributedApplication.CreateBuilder(arguments));
}
