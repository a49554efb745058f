using System.Net;
using System.Net.Sockets;

namespace McpQdrant.Tests.Protocol;

/// <summary>A start that can't work ends with a sentence and a code that isn't 0, whatever is missing, so that whoever started the server notices.</summary>
public sealed class FailedStartTests : IDisposable
{
    private static readonly string TinyModel = Path.Combine(AppContext.BaseDirectory, "Fixtures", "tiny-test");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Each of these files spoils the model in another way.</summary>
    [Theory]
    [InlineData("vocab.txt", null)]
    [InlineData("vocab.txt", "")]
    [InlineData("model.onnx", null)]
    [InlineData("model.onnx", "no graph")]
    [InlineData("tokenizer.json", "[]")]
    [InlineData("tokenizer.json", """{"model":{"type":"WordPiece"},"normalizer":{"type":"BertNormalizer"}}""")]
    [InlineData("tokenizer.json", """{"model":{"type":"Unigram","vocab":3}}""")]
    [InlineData("tokenizer_config.json", "[1]")]
    [InlineData("1_Pooling/config.json", "7")]
    public async Task Serve_ends_when_the_model_can_not_be_loaded(string file, string? content)
    {
        foreach (var transport in (string[])["stdio", "http"])
        {
            await using var server = ServerProcess.Start(["--transport", transport, "--port", "0"], new Dictionary<string, string?>
            {
                ["QDRANT_LOCAL_PATH"] = ":memory:",
                ["EMBEDDING_MODEL_PATH"] = SpoiltModel(file, content),
            });

            await AssertFailsAsync(server, "model");
        }
    }

    [Fact]
    public async Task Serve_ends_when_its_port_is_taken()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await using var server = ServerProcess.Start(["--transport", "http", "--port", $"{port}"], InMemory());

        var sentence = await AssertFailsAsync(server, "port");
        Assert.Equal($"Port {port} on 127.0.0.1 is taken. Choose another one with --port.", sentence);
    }

    [Fact]
    public async Task Serve_ends_when_the_address_is_another_machines()
    {
        await using var server = ServerProcess.Start(["--transport", "http", "--host", "203.0.113.1", "--port", "8000"], InMemory(("MCP_ALLOW_ANONYMOUS", "true")));

        var sentence = await AssertFailsAsync(server, "--host");
        Assert.StartsWith("Can't listen on http://203.0.113.1:8000: ", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_ends_when_the_certificates_can_not_be_read()
    {
        await using var server = ServerProcess.Start([], new Dictionary<string, string?>
        {
            ["QDRANT_URL"] = "https://127.0.0.1:1",
            ["QDRANT_CA_FILE"] = _folder.Write("ca.pem", "no certificate"),
        });

        await AssertFailsAsync(server, "holds no certificate");
    }

    [Theory]
    [InlineData("<&-", "Standard input is closed")]
    [InlineData("</", "Standard input is a folder")]
    [InlineData("0>written", "Standard input can't be read")]
    [InlineData(">&-", "Standard output is closed")]
    [InlineData("1</dev/null", "Standard output can't be written to")]
    public async Task Serve_ends_when_its_streams_carry_no_protocol(string redirection, string sentence)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are other streams on Windows.");
        await using var server = ServerProcess.Start("sh", ["-c", $"cd '{_folder.Path}'; exec '{ServerProcess.Binary}' {redirection}"], InMemory());

        Assert.StartsWith(sentence, await AssertFailsAsync(server, "Start the server from an MCP client"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_ends_well_when_its_input_is_empty()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no /dev/null.");
        await using var server = ServerProcess.Start("sh", ["-c", $"exec '{ServerProcess.Binary}' </dev/null"], InMemory());

        Assert.Equal(0, await server.WaitForExitAsync());
    }

    /// <returns>The last line of standard error, which is the reason.</returns>
    private static async Task<string> AssertFailsAsync(ServerProcess server, string word)
    {
        var code = await server.WaitForExitAsync();

        Assert.True(code == 1, $"Exit code {code}: {server.Errors}");
        Assert.DoesNotContain("   at ", server.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", server.Errors, StringComparison.Ordinal);
        var sentence = server.Errors.Split('\n')[^1];
        Assert.Contains(word, sentence, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith(".", sentence, StringComparison.Ordinal);
        return sentence;
    }

    private static Dictionary<string, string?> InMemory(params (string Name, string Value)[] more)
    {
        var variables = new Dictionary<string, string?> { ["QDRANT_LOCAL_PATH"] = ":memory:" };
        foreach (var (name, value) in more)
            variables[name] = value;
        return variables;
    }

    private string SpoiltModel(string file, string? content)
    {
        foreach (var source in Directory.EnumerateFiles(TinyModel, "*", SearchOption.AllDirectories))
        {
            // With tokenizer.json the vocabulary is read from there.
            var name = Path.GetRelativePath(TinyModel, source);
            if (file == "vocab.txt" && name == "tokenizer.json")
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
            File.Copy(source, _folder.File(name), overwrite: true);
        }
        File.Delete(_folder.File(file));
        if (content is not null)
            File.WriteAllText(_folder.File(file), content);
        return _folder.Path;
    }
}
