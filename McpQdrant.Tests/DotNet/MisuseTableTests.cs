using System.Text.RegularExpressions;
using McpQdrant.Memories;
using McpQdrant.Tests.Deployment;
using McpQdrant.Tests.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;

namespace McpQdrant.Tests.DotNet;

/// <summary>Each row of the table in <c>docs/dotnet.md</c> is provoked: the type and the sentence are those that a program gets.</summary>
public sealed partial class MisuseTableTests : IDisposable
{
    private static readonly IReadOnlyDictionary<string, (string Type, string Sentence)> Documented = Read();

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, Func<Task>> _provocations;

    public MisuseTableTests() => _provocations = new()
    {
        ["a call after the container was disposed of"] = CallDisposedAsync,
        ["no store was chosen"] = () => InProcessAsync(memory => memory.UseLocalModel(), _ => Task.CompletedTask),
        ["no model was chosen"] = () => InProcessAsync(memory => memory.UseSqliteInMemory(), _ => Task.CompletedTask),
        ["the model isn't there"] = () => InProcessAsync(memory => memory.UseSqliteInMemory().UseLocalModel(_folder.File("absent")), memories => memories.StoreAsync("A text.")),
        ["another process holds the path for too long"] = CallWhileHeldAsync,
        ["a server of another version"] = CallOtherVersionAsync,
        ["nobody answers"] = () => AtServerAsync(client => (client.Endpoint, client.MaxRetries) = (new Uri("http://127.0.0.1:9/mcp"), 0), memories => memories.FindAsync("what")),
        ["the key is wrong"] = () => AtServerOfKeyAsync("another-key", memories => memories.FindAsync("what")),
        ["a memory isn't there"] = () => InProcessAsync(
            memory => memory.UseSqliteInMemory().UseLocalModel(), memories => memories.UpdateAsync(Guid.NewGuid().ToString(), new MemoryUpdate { Text = "A text." })),
        ["a history over MCP"] = () => AtServerOfKeyAsync("the-right-key-of-the-test", memories => memories.HistoryAsync()),
    };

    public static TheoryData<string> Rows => new(Documented.Keys);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task What_is_thrown_is_what_the_page_says(string row)
    {
        var (type, sentence) = Documented[row];

        var failure = await Record.ExceptionAsync(_provocations[row]);

        Assert.NotNull(failure);
        Assert.Equal(type, failure.GetType().Name);
        Assert.Matches($"^{Regex.Escape(sentence).Replace("…", ".+", StringComparison.Ordinal)}$", failure.Message.ReplaceLineEndings(" "));
    }

    [Fact]
    public void Every_case_has_its_row() => Assert.Equal(_provocations.Keys.Order(), Documented.Keys.Order());

    private static async Task CallDisposedAsync()
    {
        IMemories? kept = null;
        await InProcessAsync(memory => memory.UseSqliteInMemory().UseLocalModel(), memories =>
        {
            kept = memories;
            return Task.CompletedTask;
        });
        await kept!.StoreAsync("A text.");
    }

    private Task CallWhileHeldAsync() => InProcessAsync(memory => memory.UseSqlite(_folder.Path).UseLocalModel(), async memories =>
    {
        await memories.StoreAsync("Before.");
        await using var holder = new SqliteConnection($"Data Source={_folder.File("memories.db")};Pooling=False");
        await holder.OpenAsync();
        await using var command = holder.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        await command.ExecuteNonQueryAsync();
        await memories.StoreAsync("Meanwhile.");
    });

    private static async Task CallOtherVersionAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddMcpServer(options => options.ServerInfo = new() { Name = "mcp-server-qdrant", Version = "0.8.0" })
            .WithHttpTransport(options => options.Stateless = true)
            .WithTools([McpServerTool.Create((string query) => $"Nothing about {query}.", new() { Name = "qdrant-find" })]);
        await using var app = builder.Build();
        app.MapMcp("/mcp");
        await app.StartAsync();
        await AtServerAsync(client => client.Endpoint = new Uri($"{app.Urls.First()}/mcp"), memories => memories.FindAsync("what"));
    }

    private async Task AtServerOfKeyAsync(string key, Func<IMemories, Task> call)
    {
        await using var server = await HttpServerProcess.StartAsync(new Dictionary<string, string?> { ["QDRANT_LOCAL_PATH"] = _folder.Path, ["MCP_API_KEY"] = "the-right-key-of-the-test" });
        await AtServerAsync(client => (client.Endpoint, client.Key) = (server.Address, key), call);
    }

    private static async Task InProcessAsync(Action<MemoryBuilder> configure, Func<IMemories, Task> call)
    {
        await using var services = new ServiceCollection().AddMemory(configure).BuildServiceProvider();
        await call(services.GetRequiredService<IMemories>());
    }

    private static async Task AtServerAsync(Action<McpQdrantClientSettings> configure, Func<IMemories, Task> call)
    {
        await using var services = new ServiceCollection().AddMcpQdrantClient(configure).BuildServiceProvider();
        await call(services.GetRequiredService<IMemories>());
    }

    private static Dictionary<string, (string Type, string Sentence)> Read() => File.ReadLines(Repository.File("docs/dotnet.md"))
        .Select(line => Row().Match(line)).Where(match => match.Success)
        .ToDictionary(match => match.Groups[1].Value, match => (match.Groups[2].Value, match.Groups[3].Value));

    [GeneratedRegex(@"^\| ([^|]+) \| `(\w+Exception)` \| ([^|]+) \|$")]
    private static partial Regex Row();
}
