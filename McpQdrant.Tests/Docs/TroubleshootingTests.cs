using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using McpQdrant.Server.Cli;
using McpQdrant.Stores.Sqlite.Files;
using McpQdrant.Tests.Deployment;
using McpQdrant.Tests.Embeddings.Remote;
using McpQdrant.Tests.Protocol;
using McpQdrant.Tests.Qdrant;
using McpQdrant.Tests.Server.Authentication;
using McpQdrant.Tests.Server.Cli;
using Microsoft.Data.Sqlite;

namespace McpQdrant.Tests.Docs;

/// <summary>Each message that <c>docs/troubleshooting.md</c> quotes is provoked, and is what the program prints.</summary>
public sealed partial class TroubleshootingTests : IDisposable
{
    private static readonly IReadOnlyDictionary<string, string> Quoted = Read();

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, Func<Task<string>>> _provocations;

    public TroubleshootingTests() => _provocations = new()
    {
        ["It would be open to everybody"] = () => DoctorAsync(("FASTMCP_HOST", "0.0.0.0"), ("MCP_TRANSPORT", "http")),
        ["The port is taken"] = ServeOnTakenPortAsync,
        ["A setting can't be used"] = () => DoctorAsync(("QDRANT_SEARCH_LIMIT", "many")),
        ["A file with a secret isn't there"] = () => DoctorAsync(("QDRANT_URL", "http://localhost"), ("QDRANT_API_KEY_FILE", _folder.File("absent"))),
        ["The folder can't be used"] = () => DoctorAsync(("QDRANT_LOCAL_PATH", Path.Combine(_folder.Write("file", ""), "below"))),
        ["The disk is full"] = () => Task.FromResult(SqliteFailure.Explain(new SqliteException("", SQLitePCL.raw.SQLITE_FULL)).Message),
        ["The file is damaged"] = () => Task.FromResult(SqliteFailure.Explain(new SqliteException("", SQLitePCL.raw.SQLITE_CORRUPT)).Message),
        ["The file is of a newer version"] = () => DoctorOverFileAsync("PRAGMA application_id = 1298362449; PRAGMA user_version = 99"),
        ["The file is somebody else's"] = () => DoctorOverFileAsync("CREATE TABLE theirs (a)"),
        ["Nobody answers"] = () => DoctorAsync(("QDRANT_URL", "http://127.0.0.1:1")),
        ["From a container, localhost is the container"] = DoctorInContainerAsync,
        ["The name is unknown"] = () => DoctorAsync(("QDRANT_URL", "http://qdrant.invalid")),
        ["It is the wrong port"] = DoctorAtGrpcAsync,
        ["The key is missing"] = () => DoctorAtQdrantAsync(401),
        ["The key isn't taken"] = () => DoctorAtQdrantAsync(401, ("QDRANT_API_KEY", "wrong")),
        ["It needs time to start"] = () => DoctorAtQdrantAsync(503),
        ["A collection is another model's"] = UpgradeOtherModelAsync,
        ["The model isn't there"] = () => DoctorAsync(("EMBEDDING_MODEL", "intfloat/e5-small-v2")),
        ["The provider can't be reached"] = () => DoctorAsync(("EMBEDDING_PROVIDER", "ollama"), ("EMBEDDING_MODEL", "all-minilm"), ("EMBEDDING_URL", "http://127.0.0.1:1")),
        ["The provider refuses the key"] = DoctorWithRefusedKeyAsync,
        ["401: who calls?"] = () => PostAsync([("MCP_API_KEY", "key")]),
        ["401: a wrong key"] = () => PostAsync([("MCP_API_KEY", "key")], request => request.Headers.Add("X-API-Key", "other")),
        ["403: an unknown name"] = () => PostAsync([], request => request.Headers.Host = "memory.example.com"),
        ["403: an unknown page"] = () => PostAsync([], request => request.Headers.Add("Origin", "https://app.example.com")),
        ["429: too many"] = () => PostAsync([("MCP_RATE_LIMIT", "1")], times: 2),
    };

    public static TheoryData<string> Headings => new(Quoted.Keys);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Headings))]
    public async Task The_message_is_what_the_program_prints(string heading)
    {
        Assert.True(_provocations.TryGetValue(heading, out var provoke), $"Nothing provokes '{heading}'.");

        var printed = OneLine(await provoke());

        Assert.Matches(string.Join(".+", Quoted[heading].Split('…').Select(part => Regex.Escape(part.Trim()))).Replace(@"\ .+", @"\ ?.+", StringComparison.Ordinal), printed);
    }

    [Fact]
    public void Every_provocation_is_described() => Assert.Empty(_provocations.Keys.Except(Quoted.Keys));

    private static Dictionary<string, string> Read()
    {
        var quoted = new Dictionary<string, string>();
        var heading = "";
        foreach (var line in File.ReadLines(Repository.File("docs/troubleshooting.md")))
        {
            if (line.StartsWith("### ", StringComparison.Ordinal))
                heading = line[4..];
            else if (line.StartsWith("> ", StringComparison.Ordinal))
                quoted.Add(heading, line[2..]);
        }
        return quoted;
    }

    /// <summary>The doctor's table breaks a long sentence nowhere, but a sentence may have lines of its own.</summary>
    private static string OneLine(string text) => Blanks().Replace(text, " ");

    private Task<string> DoctorAsync(params (string Name, string Value)[] settings) => RunAsync(DoctorCommand.Create(), [], settings);

    private async Task<string> RunAsync(System.CommandLine.Command command, string[] arguments, (string Name, string Value)[] settings)
    {
        var json = new JsonObject();
        if (settings.All(setting => setting.Name is not "QDRANT_URL" and not "QDRANT_LOCAL_PATH"))
            json["QDRANT_URL"] = ":memory:";
        foreach (var (name, value) in settings)
            json[name] = value;
        var run = await CommandRun.OfAsync(command, [.. arguments, "--settings", _folder.Write("settings.json", json.ToJsonString())]);
        Assert.NotEqual(0, run.Code);
        return run.Output + run.Error;
    }

    private Task<string> DoctorOverFileAsync(string sql)
    {
        using (var connection = new SqliteConnection($"Data Source={_folder.File("memories.db")};Pooling=false"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this test.
            command.CommandText = sql;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }
        return DoctorAsync(("QDRANT_LOCAL_PATH", _folder.Path));
    }

    private static async Task<string> DoctorInContainerAsync()
    {
        await using var doctor = ServerProcess.Start(["doctor"], new Dictionary<string, string?> { ["QDRANT_URL"] = "http://127.0.0.1:1", ["DOTNET_RUNNING_IN_CONTAINER"] = "true" });
        return string.Join('\n', await doctor.ReadToEndAsync());
    }

    private static async Task<string> ServeOnTakenPortAsync()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var server = ServerProcess.Start(
            ["--transport", "http", "--port", $"{((IPEndPoint)taken.LocalEndpoint).Port}"], new Dictionary<string, string?> { ["QDRANT_URL"] = ":memory:" });
        Assert.Equal(1, await server.WaitForExitAsync());
        return server.Errors;
    }

    /// <summary>A gRPC server answers HTTP/1 with the settings of HTTP/2, and hangs up.</summary>
    private async Task<string> DoctorAtGrpcAsync()
    {
        using var grpc = new TcpListener(IPAddress.Loopback, 0);
        grpc.Start();
        using var end = new CancellationTokenSource();
        var serving = Task.Run(async () =>
        {
            while (true)
            {
                using var client = await grpc.AcceptTcpClientAsync(end.Token);
                await client.GetStream().ReadExactlyAsync(new byte[24], end.Token);
                await client.GetStream().WriteAsync(new byte[] { 0, 0, 0, 4, 0, 0, 0, 0, 0 }, end.Token);
            }
        });

        var printed = await DoctorAsync(("QDRANT_URL", $"http://127.0.0.1:{((IPEndPoint)grpc.LocalEndpoint).Port}"));
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
        return printed;
    }

    private async Task<string> DoctorAtQdrantAsync(int status, params (string Name, string Value)[] settings)
    {
        await using var qdrant = await QdrantStandIn.StartAsync(new QdrantStandInOptions
        {
            Before = context =>
            {
                context.Response.StatusCode = status;
                return Task.FromResult(true);
            },
        }, TestContext.Current.CancellationToken);
        return await DoctorAsync([("QDRANT_URL", qdrant.Url.AbsoluteUri), .. settings]);
    }

    private async Task<string> DoctorWithRefusedKeyAsync()
    {
        await using var provider = await ProviderStandIn.StartAsync();
        provider.Then(401, "");
        return await DoctorAsync(("EMBEDDING_PROVIDER", "openai"), ("EMBEDDING_URL", provider.OpenAIOptions.Url!.AbsoluteUri), ("EMBEDDING_MODEL", "m"), ("EMBEDDING_API_KEY", "wrong"));
    }

    private static async Task<string> UpgradeOtherModelAsync()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", "fast-other-model", ["tea"]);
        return (await workshop.RunAsync(UpgradeCommand.Create(), "notes")).Error;
    }

    private static async Task<string> PostAsync((string Name, string Text)[] settings, Action<HttpRequestMessage>? prepare = null, int times = 1)
    {
        await using var server = await AccessServer.StartAsync(settings);
        var answer = "";
        for (var i = 0; i < times; i++)
        {
            var post = await server.SendAsync(Messages.Request(1, "tools/list"), prepare: prepare);
            answer = (int)post.Status < 400 ? "" : post.Message.GetProperty("error").GetProperty("message").GetString()!;
        }
        return answer;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
