using McpQdrant.Server.Cli;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Tests.Server.Authentication;

namespace McpQdrant.Tests.Server.Cli;

public sealed class HealthcheckCommandTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("*")]
    public async Task Healthcheck_ends_with_0_when_the_server_is_healthy(string host)
    {
        await using var server = await HealthServer.StartAsync(200);

        var run = await RunAsync("--host", host, "--port", $"{server.Port}");

        Assert.Equal(new CommandRun(0, $"The server at http://127.0.0.1:{server.Port}/health is healthy.\n", ""), run);
    }

    [Theory]
    [InlineData(503, "can't serve")]
    [InlineData(404, "answers with status 404, as McpQdrant wouldn't")]
    [InlineData(302, "answers with status 302")]
    public async Task Healthcheck_ends_with_1_and_a_sentence_when_the_server_is_not(int status, string sentence)
    {
        await using var server = await HealthServer.StartAsync(status);

        var run = await RunAsync("--port", $"{server.Port}");

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, null)]
    [InlineData(200, "another-service")]
    [InlineData(503, null)]
    public async Task Healthcheck_ends_with_1_when_another_program_answers(int status, string? service)
    {
        await using var server = await HealthServer.StartAsync(status, service);

        var run = await RunAsync("--port", $"{server.Port}");

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains("is another program", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Healthcheck_takes_the_answer_of_the_server_itself()
    {
        await using var server = await AccessServer.StartAsync();

        var run = await RunAsync("--port", $"{server.Address.Port}");

        Assert.Equal((0, ""), (run.Code, run.Error));
    }

    [Fact]
    public async Task Healthcheck_ends_with_1_when_nothing_listens()
    {
        using var port = new FreePort();

        var run = await RunAsync("--port", $"{port.Number}");

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.StartsWith($"No server answers at http://127.0.0.1:{port.Number}/health: Connection refused. Check that it runs", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Healthcheck_ends_with_1_when_the_server_hangs()
    {
        await using var server = await HealthServer.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));

        var run = await RunAsync("--port", $"{server.Port}");

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains("within 3 seconds", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Healthcheck_of_any_free_port_asks_for_a_number()
    {
        var run = await RunAsync("--port", "0");

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains("--port", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http", "127.0.0.1", "http://127.0.0.1:8000/health")]
    [InlineData("http", "localhost", "http://localhost:8000/health")]
    [InlineData("http", "::", "http://[::1]:8000/health")]
    [InlineData("http", "10.1.2.3", "http://10.1.2.3:8000/health")]
    [InlineData("https", "127.0.0.1", null)]
    public void Address_is_one_that_can_be_called(string scheme, string host, string? expected) =>
        Assert.Equal(expected, HealthProbe.AddressOf([new ListenAddress(scheme, host, 8000)])?.AbsoluteUri);

    // Without authentication a server refuses other addresses than this machine's, before anything is asked.
    private static Task<CommandRun> RunAsync(params string[] options) => CommandRun.OfAsync(HealthcheckCommand.Create(), options);
}
