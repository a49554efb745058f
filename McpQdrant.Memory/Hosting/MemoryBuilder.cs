using McpQdrant.Core.Search;
using McpQdrant.Core.Secrets;
using McpQdrant.Embeddings;
using McpQdrant.Stores.Qdrant;
using McpQdrant.Stores.Sqlite;
using Microsoft.Extensions.AI;

namespace McpQdrant.Memories;

/// <summary>Where memories are kept, which model makes their vectors, and how they are searched.</summary>
public sealed class MemoryBuilder
{
    /// <summary>The collection of calls that name none, unless <see cref="Collection"/> says another one.</summary>
    public const string DefaultCollection = "memories";

    private const string TwoStores = "Two stores were chosen for one memory. Call UseSqlite, UseSqliteInMemory or UseQdrant once; AddKeyedMemory adds a second memory.";
    private const string TwoModels = "Two models were chosen for one memory. Call UseLocalModel or UseEmbeddings once.";

    private SqliteStoreOptions? _sqlite;
    private QdrantOptions? _qdrant;
    private EmbeddingOptions? _local;
    private Func<IServiceProvider, IEmbeddingGenerator<string, Embedding<float>>>? _generator;
    private string? _model;

    private MemoryBuilder()
    {
    }

    /// <summary>The collection of calls that name none. Default: <see cref="DefaultCollection"/>.</summary>
    public string Collection { get; set; } = DefaultCollection;

    /// <summary>Who calls where a call does not say it. Default: a caller who may do everything, and whose name is <c>local</c>.</summary>
    public MemoryCaller? Caller { get; set; }

    /// <summary>For how long what memories were before can be read and brought back; null keeps no log of changes. Default: 30 days.</summary>
    public TimeSpan? History { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Memories that a find returns at most where it does not say it, from 1 to <see cref="FindOptions.MaxLimit"/>. Default: 10.</summary>
    public int FindLimit { get; set; } = 10;

    /// <summary>Similarity, from 0 to 1, from which a text of the same words as one that is there is not stored; null for never. Default: null.</summary>
    public double? DuplicateThreshold { get; set; }

    /// <summary>What becomes of texts that hold what looks like a key or a password. Default: they are stored as they are.</summary>
    public SecretTexts Secrets { get; set; }

    /// <summary>Keeps memories in a SQLite file of this machine. Several processes may use one folder at once.</summary>
    /// <param name="folder">A folder; it is made where it does not exist, for its owner only.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="MemoriesException">A store was chosen before.</exception>
    public MemoryBuilder UseSqlite(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        RequireNoStore();
        _sqlite = new SqliteStoreOptions { Folder = folder };
        return this;
    }

    /// <summary>Keeps memories in this process, until it ends: for tests.</summary>
    /// <returns>The same builder.</returns>
    /// <exception cref="MemoriesException">A store was chosen before.</exception>
    public MemoryBuilder UseSqliteInMemory()
    {
        RequireNoStore();
        _sqlite = new SqliteStoreOptions();
        return this;
    }

    /// <summary>Keeps memories in a Qdrant server, over its REST API.</summary>
    /// <param name="connection">Its address, for instance <c>http://localhost:6333</c>, or a connection string as Aspire gives it: <c>Endpoint=http://host:6333;Key=…</c>.</param>
    /// <param name="apiKey">Its key, where it is not in the connection string; null for none.</param>
    /// <param name="timeout">The longest that one call may take, retries included; null for 10 seconds.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="MemoriesException">A store was chosen before, or this is no address.</exception>
    public MemoryBuilder UseQdrant(string connection, string? apiKey = null, TimeSpan? timeout = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connection);
        RequireNoStore();
        var (address, key) = Hosting.QdrantConnection.Read(connection);
        _qdrant = new QdrantOptions { Url = address, ApiKey = apiKey ?? key, Timeout = timeout ?? TimeSpan.FromSeconds(10) };
        return this;
    }

    /// <summary>Makes vectors in this process, with a model in ONNX form. Nothing is downloaded.</summary>
    /// <param name="folder">A folder with a sentence-transformers model; null for the model that comes with this package (all-MiniLM-L6-v2, in <c>models</c> beside the program).</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="MemoriesException">A model was chosen before.</exception>
    public MemoryBuilder UseLocalModel(string? folder = null)
    {
        RequireNoModel();
        _local = new EmbeddingOptions { ModelPath = folder };
        return this;
    }

    /// <summary>Makes vectors with a generator of Microsoft.Extensions.AI. It stays yours: it is not disposed of.</summary>
    /// <param name="generator">The generator.</param>
    /// <param name="model">The model's name, by which collections know who wrote them; null for what the generator's metadata say.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="MemoriesException">A model was chosen before.</exception>
    public MemoryBuilder UseEmbeddings(IEmbeddingGenerator<string, Embedding<float>> generator, string? model = null)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return UseEmbeddings(_ => generator, model);
    }

    /// <summary>Makes vectors with a generator of the program's services.</summary>
    /// <param name="generator">Finds the generator when it is needed first.</param>
    /// <param name="model">The model's name, by which collections know who wrote them; null for what the generator's metadata say.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="MemoriesException">A model was chosen before.</exception>
    public MemoryBuilder UseEmbeddings(Func<IServiceProvider, IEmbeddingGenerator<string, Embedding<float>>> generator, string? model = null)
    {
        ArgumentNullException.ThrowIfNull(generator);
        RequireNoModel();
        (_generator, _model) = (generator, model);
        return this;
    }

    internal static Hosting.MemoryOptions Build(Action<MemoryBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var builder = new MemoryBuilder();
        configure(builder);
        return builder.ToOptions();
    }

    private Hosting.MemoryOptions ToOptions()
    {
        if (_sqlite is null && _qdrant is null)
            throw new MemoriesException("The memory has no store. Call UseSqlite, UseSqliteInMemory or UseQdrant in AddMemory.");
        if (_local is null && _generator is null)
            throw new MemoryModelException("The memory has no model to make vectors with. Call UseLocalModel or UseEmbeddings in AddMemory.");
        if (FindLimit is < 1 or > FindOptions.MaxLimit)
            throw new MemoriesException($"FindLimit is {FindLimit}. Give a number from 1 to {FindOptions.MaxLimit}.");
        if (DuplicateThreshold is < 0 or > 1)
            throw new MemoriesException($"DuplicateThreshold is {DuplicateThreshold}. Give a number from 0 to 1, or null for never.");
        if (History <= TimeSpan.Zero)
            throw new MemoriesException("History is not a positive time. Give one, or null to keep no log of changes.");

        return new Hosting.MemoryOptions
        {
            Sqlite = _sqlite,
            Qdrant = _qdrant,
            LocalModel = _local,
            Generator = _generator,
            Model = _model,
            Collection = Mapping.Failures.Translate(() => Core.Collections.CollectionName.Parse(Collection)),
            Caller = Mapping.Callers.Of(Caller),
            History = History,
            Search = new SearchOptions { Limit = FindLimit, DuplicateThreshold = DuplicateThreshold },
            Secrets = Secrets switch { SecretTexts.Mask => SecretHandling.Mask, SecretTexts.Refuse => SecretHandling.Refuse, _ => SecretHandling.Allow },
        };
    }

    private void RequireNoStore()
    {
        if (_sqlite is not null || _qdrant is not null)
            throw new MemoriesException(TwoStores);
    }

    private void RequireNoModel()
    {
        if (_local is not null || _generator is not null)
            throw new MemoriesException(TwoModels);
    }
}

/// <summary>What becomes of a text that holds what looks like a key or a password.</summary>
public enum SecretTexts
{
    /// <summary>It is stored as it is.</summary>
    Store,

    /// <summary>It is stored with <c>[secret: kind]</c> in the secret's place.</summary>
    Mask,

    /// <summary>It is not stored: <see cref="MemoriesException"/>.</summary>
    Refuse,
}
