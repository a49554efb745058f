using McpQdrant.Core;
using McpQdrant.Core.Access;
using McpQdrant.Core.Backup;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Expiry;
using McpQdrant.Core.History;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Core.Transfer;
using McpQdrant.Server.Authentication;
using McpQdrant.Tests.Server.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace McpQdrant.Tests.Core.Access;

/// <summary>Every use case asks the policy before anything else, whoever calls it, and the audit log has a line on who was refused.</summary>
public sealed class UseCaseTests
{
    private static readonly CollectionName Notes = CollectionName.Parse("notes");

    private static readonly MemoryId Id = new(1);

    private static readonly IProgress<BackfillProgress> NoProgress = new Progress<BackfillProgress>();

    /// <summary>A request for each use case; one without a request here makes <see cref="Every_use_case_refuses_a_caller_without_rights"/> fail.</summary>
    private static readonly object[] Requests =
    [
        new StoreMemoryRequest(Notes, "the cat"),
        new FindMemoriesRequest(Notes, "the cat"),
        new UpdateMemoryRequest(Notes, Id, "the dog"),
        new PreviewForgetRequest(Notes, new Filter { Must = [Condition.Match("metadata.kind", "note")] }),
        new ForgetMemoriesRequest(Notes, [Id]),
        new GetMemoryRequest(Notes, Id),
        new ListMemoriesRequest(Notes, 10),
        new ListCollectionsRequest(),
        new CompleteCollectionNameRequest(""),
        new DescribeCollectionRequest(Notes),
        new MapCollectionRequest(Notes, 10),
        new UpgradeCollectionRequest(Notes, NoProgress),
        new ReembedCollectionRequest(Notes, NoProgress),
        new ExpireMemoriesRequest(),
        new PurgeMemoriesRequest(Notes, [Id]),
        new ListChangesRequest(new ChangeQuery { Limit = 10 }),
        new UndoChangeRequest(Notes, new ChangeId(Guid.CreateVersion7())),
        new ReadHistoryRequest(Notes, 10),
        new UndoCollectionChangesRequest(Notes, [new ChangeId(Guid.CreateVersion7())]),
        new UndoChangesRequest([new ChangeId(Guid.CreateVersion7())]),
        new CopyCollectionRequest(Notes, CollectionName.Parse("others"), NoProgress),
        new ExportCollectionsRequest([Notes], Stream.Null, NoProgress),
        new ReadCollectionsRequest([Notes]),
        new ExportMemoriesRequest(Notes, Stream.Null),
        new ImportIntoCollectionRequest(Notes, AsyncEnumerable.Empty<ImportEntry>(), NoProgress),
        new ImportIntoCollectionRequest(Notes, AsyncEnumerable.Empty<ImportEntry>(), NoProgress) { OnConflict = ImportConflict.Replace },
        new ImportMemoriesRequest(AsyncEnumerable.Empty<ImportEntry>(), NoProgress),
        new BackUpStoreRequest("backups", "1.0.0", NoProgress),
        new RestoreStoreRequest("backups", NoProgress),
    ];

    public static TheoryData<string> UseCases =>
        [.. typeof(IUseCase<,>).Assembly.GetTypes().Where(type => InterfaceOf(type) is not null && type.IsClass).Select(type => type.FullName!)];

    [Theory]
    [MemberData(nameof(UseCases))]
    public async Task Every_use_case_refuses_a_caller_without_rights(string useCase)
    {
        var log = new LogCapture();
        await using var services = Compose(log);
        var type = typeof(IUseCase<,>).Assembly.GetType(useCase, throwOnError: true)!;
        var requests = Requests.Where(request => request.GetType() == InterfaceOf(type)!.GetGenericArguments()[0]).ToArray();
        var caller = new Caller { Name = "stranger", Collections = ["*"] };

        foreach (var request in requests)
        {
            await Assert.ThrowsAsync<AccessDeniedException>(() => (Task)InterfaceOf(type)!.GetMethod("HandleAsync")!
                .Invoke(services.GetRequiredService(type), [caller, request, TestContext.Current.CancellationToken])!);
        }

        Assert.NotEmpty(requests);
        Assert.Equal(requests.Length, log.AuditLog.Count());
        Assert.All(log.AuditLog, line => Assert.StartsWith("stranger ", line.Text, StringComparison.Ordinal));
        Assert.All(log.AuditLog, line => Assert.Equal("refusal", line.Name));
    }

    /// <summary>What the refused call must not reach throws when it is touched.</summary>
    private static ServiceProvider Compose(LogCapture log) => new ServiceCollection()
        .AddLogging(logging => logging.AddProvider(log))
        .AddAccess(new AccessBounds(), Caller.Unauthenticated)
        .AddMemories(new SearchOptions(), new CollectionDefaults())
        .AddSingleton(new UnexpiredMemories(Untouchable<IMemoryStore>.Create(), Untouchable<IExpiryIndex>.Create(), TimeProvider.System))
        .AddSingleton<IErasure>(Untouchable<IErasure>.Create())
        .AddSingleton<IMemoryStore>(Untouchable<IMemoryStore>.Create())
        .AddSingleton<IChangeLog>(Untouchable<IChangeLog>.Create())
        .AddSingleton(new EmbeddingModels(Untouchable<ITextEmbedder>.Create(), []))
        .AddSingleton<ITextMaintenance>(Untouchable<ITextMaintenance>.Create())
        .AddSingleton<IStoreBackup>(Untouchable<IStoreBackup>.Create())
        .BuildServiceProvider();

    private static Type? InterfaceOf(Type type) =>
        type.GetInterfaces().FirstOrDefault(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IUseCase<,>));

    // A proxy is a subclass made at run time, so this can't be sealed.
#pragma warning disable CA1852
    private class Untouchable<T> : System.Reflection.DispatchProxy where T : class
#pragma warning restore CA1852
    {
        public static T Create() => Create<T, Untouchable<T>>();

        protected override object? Invoke(System.Reflection.MethodInfo? targetMethod, object?[]? args) =>
            throw new Xunit.Sdk.XunitException($"{typeof(T).Name}.{targetMethod?.Name} was called for a caller who was to be refused.");
    }
}
