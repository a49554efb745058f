using System.Text.Json.Nodes;
using McpQdrant.Memories;
using McpQdrant.Tests.Protocol;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace McpQdrant.Tests.DotNet;

/// <summary>What goes wrong in a program, each with a type and a sentence.</summary>
public sealed class MisuseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AddMemory_refuses_what_is_missing_or_chosen_twice()
    {
        static MemoriesException Refusal(Action<MemoryBuilder> configure) => Assert.ThrowsAny<MemoriesException>(() => new ServiceCollection().AddMemory(configure));

        Assert.Contains("UseSqlite", Refusal(memory => memory.UseLocalModel()).Message, StringComparison.Ordinal);
        Assert.Contains("UseLocalModel", Assert.IsType<MemoryModelException>(Refusal(memory => memory.UseSqliteInMemory())).Message, StringComparison.Ordinal);
        Assert.Contains("once", Refusal(memory => memory.UseSqliteInMemory().UseQdrant("http://localhost:6333")).Message, StringComparison.Ordinal);
        Assert.Contains("once", Refusal(memory => memory.UseLocalModel().UseLocalModel("models")).Message, StringComparison.Ordinal);
        var address = Refusal(memory => memory.UseQdrant("Endpoint=localhost;Key=hunter2"));
        Assert.Contains("http://localhost:6333", address.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", address.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_is_not_there_is_told_by_the_name_of_the_call()
    {
        await using var services = Add(memory => memory.UseSqlite(_folder.Path).UseLocalModel(_folder.File("none")));

        var failure = await Assert.ThrowsAsync<MemoryModelException>(() => services.GetRequiredService<IMemories>().StoreAsync("A text."));

        Assert.Contains("UseLocalModel", failure.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.File("none"), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_generator_of_ones_own_makes_the_vectors_and_its_failure_is_the_models()
    {
        using var generator = new LetterGenerator();
        await using var services = Add(memory => memory.UseSqlite(_folder.Path).UseEmbeddings(generator, "letters"));
        var memories = services.GetRequiredService<IMemories>();

        await memories.StoreAsync("aaaa");
        await memories.StoreAsync("bbbb");
        Assert.Equal("bbbb", (await memories.FindAsync("b bb b"))[0].Memory.Text);

        generator.Failure = new HttpRequestException("The model is on holiday");
        var failure = await Assert.ThrowsAsync<MemoryModelException>(() => memories.StoreAsync("cccc"));
        Assert.Contains("on holiday", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_generator_without_a_name_is_refused()
    {
        using var generator = new LetterGenerator();
        await using var services = Add(memory => memory.UseSqliteInMemory().UseEmbeddings(generator));

        var failure = await Assert.ThrowsAsync<MemoryModelException>(() => services.GetRequiredService<IMemories>().StoreAsync("aaaa"));

        Assert.Contains("UseEmbeddings", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_address_is_an_outage_with_a_sentence()
    {
        await using var services = Add(memory => memory.UseQdrant("http://127.0.0.1:9/", timeout: TimeSpan.FromSeconds(1)).UseLocalModel());

        var failure = await Assert.ThrowsAsync<MemoriesUnavailableException>(() => services.GetRequiredService<IMemories>().StoreAsync("A text."));

        Assert.Contains("127.0.0.1:9", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("QDRANT_", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_processes_share_one_folder()
    {
        await using var services = Add(memory => memory.UseSqlite(_folder.Path).UseLocalModel());
        var memories = services.GetRequiredService<IMemories>();
        await memories.StoreAsync("This process was here.");

        await using var other = ServerProcess.Start(["store", "The other process was here.", "--collection", "memories"], new Dictionary<string, string?> { ["QDRANT_LOCAL_PATH"] = _folder.Path });
        other.CloseInput();
        Assert.True(await other.WaitForExitAsync() == 0, other.Errors);

        Assert.Equal(["The other process was here.", "This process was here."], (await memories.ListAsync().ToListAsync()).Select(memory => memory.Text));
        Assert.Equal("The other process was here.", (await memories.FindAsync("other"))[0].Memory.Text);
    }

    [Fact]
    public async Task A_file_that_another_process_holds_for_long_is_an_outage()
    {
        await using var services = Add(memory => memory.UseSqlite(_folder.Path).UseLocalModel());
        var memories = services.GetRequiredService<IMemories>();
        await memories.StoreAsync("Before.");

        await using var holder = new SqliteConnection($"Data Source={_folder.File("memories.db")};Pooling=False");
        await holder.OpenAsync();
        await using (var transaction = holder.BeginTransaction())
        {
            await using var command = holder.CreateCommand();
            command.CommandText = "CREATE TABLE held (id INTEGER)";
            command.Transaction = transaction;
            await command.ExecuteNonQueryAsync();
            var failure = await Assert.ThrowsAsync<MemoriesUnavailableException>(() => memories.StoreAsync("Meanwhile."));
            Assert.Contains("process", failure.Message, StringComparison.Ordinal);
        }
        Assert.True((await memories.StoreAsync("After.")).IsNew);
    }

    [Fact]
    public async Task A_caller_is_bound_by_its_rights_and_its_scope()
    {
        await using var services = Add(memory => memory.UseSqlite(_folder.Path).UseLocalModel());
        var memories = services.GetRequiredService<IMemories>();
        var ada = new MemoryCaller { Name = "ada", Scope = new Dictionary<string, string> { ["user"] = "ada" } };
        var bob = new MemoryCaller { Name = "bob", Scope = new Dictionary<string, string> { ["user"] = "bob" } };
        var reader = new MemoryCaller { Name = "reader", Rights = MemoryRights.Read };

        var stored = await memories.StoreAsync("Ada likes tea.", new StoreOptions { Caller = ada });

        Assert.Equal("ada", (await memories.GetAsync(stored.Id))!.By);
        Assert.Equal("ada", (await memories.GetAsync(stored.Id))!.Metadata?["user"]?.GetValue<string>());
        Assert.Empty(await memories.FindAsync("tea", new FindOptions { Caller = bob }));
        Assert.Single(await memories.FindAsync("tea", new FindOptions { Caller = ada }));
        Assert.Single(await memories.FindAsync("tea", new FindOptions { Caller = reader }));
        var others = new StoreOptions { Caller = bob, Metadata = new JsonObject { ["user"] = "ada" } };
        await Assert.ThrowsAsync<MemoryAccessException>(() => memories.StoreAsync("For Ada.", others));
        await Assert.ThrowsAsync<MemoryAccessException>(() => memories.StoreAsync("A text.", new StoreOptions { Caller = reader }));
        await Assert.ThrowsAsync<MemoryAccessException>(() => memories.ForgetAsync([stored.Id], new CallOptions { Caller = reader }));
        await Assert.ThrowsAsync<MemoryAccessException>(() => memories.ExportAsync(Stream.Null, new ExportOptions { Caller = ada }));
        var name = await Assert.ThrowsAsync<MemoriesException>(() => memories.FindAsync("tea", new FindOptions { Caller = new MemoryCaller { Name = "local" } }));
        Assert.Contains("Choose another one", name.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_and_duplicates_are_handled_as_configured()
    {
        await using var services = new ServiceCollection()
            .AddMemory(memory => { memory.UseSqliteInMemory().UseLocalModel(); memory.Secrets = SecretTexts.Refuse; memory.DuplicateThreshold = 0.95; memory.History = null; memory.Collection = "notes"; })
            .AddKeyedMemory("other", memory => memory.UseSqliteInMemory().UseLocalModel())
            .BuildServiceProvider();
        var memories = services.GetRequiredService<IMemories>();

        var first = await memories.StoreAsync("The key rotates every month.");
        var second = await memories.StoreAsync("the key rotates every month");
        var refused = await Assert.ThrowsAsync<MemoriesException>(() => memories.StoreAsync("password: hunter2hunter2"));

        Assert.Equal("notes", first.Collection);
        Assert.Equal((first.Id, false, true), (second.Id, second.IsNew, second.IsDuplicate));
        Assert.True((await memories.StoreAsync("the key rotates every month", new StoreOptions { AllowDuplicate = true })).IsNew);
        Assert.DoesNotContain("hunter2", refused.Message, StringComparison.Ordinal);
        Assert.Null((await memories.ForgetAsync([first.Id])).Change);
        Assert.Empty(await services.GetRequiredKeyedService<IMemories>("other").ListAsync().ToListAsync());
    }

    private static ServiceProvider Add(Action<MemoryBuilder> configure) => new ServiceCollection().AddMemory(configure).BuildServiceProvider();

    /// <summary>Vectors of how often letters occur.</summary>
    private sealed class LetterGenerator : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Exception? Failure { get; set; }

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) => Failure is { } failure
            ? Task.FromException<GeneratedEmbeddings<Embedding<float>>>(failure)
            : Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(value => new Embedding<float>(
                Enumerable.Range('a', 26).Select(letter => (float)value.Count(character => character == letter)).ToArray()))));

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
