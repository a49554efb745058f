using System.Net;
using McpQdrant.Core.Access;
using McpQdrant.Core.Expiry;
using McpQdrant.Core.Search;
using McpQdrant.Core.Secrets;
using McpQdrant.Embeddings;
using McpQdrant.Server.Hosting;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Server.Mcp.Asking;
using McpQdrant.Server.Mcp.Tools.Answers;
using McpQdrant.Stores.Qdrant;
using Microsoft.Extensions.Logging;

namespace McpQdrant.Tests.Server.Configuration;

/// <summary>Each setting: what it takes, what it makes of it, and what it says to what it doesn't take.</summary>
public sealed class SettingValueTests
{
    private static readonly string File = Path.Combine(AppContext.BaseDirectory, "mcp-server-qdrant.dll");
    private static readonly string Folder = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);

    private static readonly (Setting Setting, string Text, object Value)[] Good =
    [
        (Settings.QdrantUrl, "http://localhost:6333", Server("http://localhost:6333")),
        (Settings.QdrantUrl, " https://xyz.cloud.qdrant.io ", Server("https://xyz.cloud.qdrant.io:6333")),
        (Settings.QdrantUrl, "https://proxy.example.com:443/qdrant", Server("https://proxy.example.com:443/qdrant")),
        (Settings.QdrantUrl, "https://proxy.example.com/qdrant/", Server("https://proxy.example.com/qdrant")),
        (Settings.QdrantUrl, "http://proxy.example.com/qdrant", Server("http://proxy.example.com/qdrant")),
        (Settings.QdrantUrl, "https://proxy.example.com/", Server("https://proxy.example.com:6333")),
        (Settings.QdrantUrl, "http://[::1]:7000", Server("http://[::1]:7000")),
        (Settings.QdrantUrl, "http://[fd00::1]", Server("http://[fd00::1]:6333")),
        (Settings.QdrantUrl, "localhost:6333", Server("http://localhost:6333")),
        (Settings.QdrantUrl, "127.0.0.1", Server("http://127.0.0.1:6333")),
        (Settings.QdrantUrl, ":memory:", new StoreLocation.InMemory()),
        (Settings.QdrantUrl, """["http://one:6333"]""", Server("http://one:6333")),
        (Settings.QdrantUrl, "http://one:6333, http://one:6333,", Server("http://one:6333")),
        (Settings.Discover, "true", true),
        (Settings.WriteOrdering, "Strong", WriteOrdering.Strong),
        (Settings.ReadConsistency, "Majority", "majority"),
        (Settings.ReadConsistency, " 2 ", "2"),
        (Settings.WriteConsistency, "2", 2),
        (Settings.QdrantApiKey, " s3cret\n", "s3cret"),
        (Settings.LocalPath, "/var/lib/memory", new StoreLocation.Folder(Path.GetFullPath("/var/lib/memory"))),
        (Settings.LocalPath, "memory", new StoreLocation.Folder(Path.GetFullPath("memory"))),
        (Settings.LocalPath, "~/memory", new StoreLocation.Folder(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "memory"))),
        (Settings.LocalPath, ":memory:", new StoreLocation.InMemory()),
        (Settings.QdrantTimeout, "1.5m", TimeSpan.FromSeconds(90)),
        (Settings.QdrantCaFile, File, File),
        (Settings.InjectedRest, "Endpoint=http://qdrant:6333;Key=k=;", new ConnectionString(new Uri("http://qdrant:6333"), "k=")),
        (Settings.InjectedRest, "endpoint=http://qdrant:6333", new ConnectionString(new Uri("http://qdrant:6333"), null)),
        (Settings.InjectedRestUrl, "http://qdrant:6333", new Uri("http://qdrant:6333")),
        (Settings.CollectionName, "notes of the year 2026", "notes of the year 2026"),
        (Settings.CollectionArgument, "true", true),
        (Settings.DocumentField, "body.text", "body.text"),
        (Settings.ShardNumber, "6", 6),
        (Settings.ReplicationFactor, "2", 2),
        (Settings.OnDisk, "off", false),
        (Settings.Quantization, "Scalar", QuantizationKind.Scalar),
        (Settings.SearchLimit, "1", 1),
        (Settings.SearchLimit, " 100 ", 100),
        (Settings.Search, "dense", SearchMode.Dense),
        (Settings.ScoreThreshold, "-0.5", -0.5),
        (Settings.RecencyHalfLife, "30d", TimeSpan.FromDays(30)),
        (Settings.Diversity, "0.3", 0.3),
        (Settings.AllowArbitraryFilter, "1", true),
        (Settings.StoreDescription, " Keep it. ", " Keep it. "),
        (Settings.FindDescription, "Find it.", "Find it."),
        (Settings.History, "off", TimeSpan.Zero),
        (Settings.History, "90d", TimeSpan.FromDays(90)),
        (Settings.Expires, "scratch=7d, a=b-*=12h", new[] { new ExpiryRule("scratch", TimeSpan.FromDays(7)), new ExpiryRule("a=b-*", TimeSpan.FromHours(12)) }),
        (Settings.DuplicateThreshold, "0.97", 0.97),
        (Settings.ConfirmationBy, "Person", ConfirmationBy.Person),
        (Settings.ConfirmationBy, "code", ConfirmationBy.Code),
        (Settings.Secrets, "Refuse", SecretHandling.Refuse),
        (Settings.Secrets, "mask", SecretHandling.Mask),
        (Settings.HookTokens, "2000", 2000),
        (Settings.HookSimilarity, "0.5", 0.5),
        (Settings.ConfirmationKey, "signs-codes", "signs-codes"),
        (Settings.ReadOnly, "YES", true),
        (Settings.Tools, "find, qdrant-store,", new[] { ToolName.Find, ToolName.Store }),
        (Settings.Tools, """["forget", "update"]""", new[] { ToolName.Forget, ToolName.Update }),
        (Settings.EmbeddingProvider, "fastembed", EmbeddingProvider.Local),
        (Settings.EmbeddingProvider, "onnx", EmbeddingProvider.Local),
        (Settings.EmbeddingModel, "BAAI/bge-small-en", "BAAI/bge-small-en"),
        (Settings.EmbeddingModelPath, Folder, Folder),
        (Settings.QueryPrefix, "query: ", "query: "),
        (Settings.DocumentPrefix, "passage: ", "passage: "),
        (Settings.EmbeddingUrl, "http://localhost:1234/v1", new Uri("http://localhost:1234/v1")),
        (Settings.EmbeddingApiKey, "sk-1", "sk-1"),
        (Settings.EmbeddingDimensions, "512", 512),
        (Settings.EmbeddingCacheSize, "0", 0),
        (Settings.Transport, "streamable-http", TransportKind.Http),
        (Settings.Transport, "http", TransportKind.Http),
        (Settings.Transport, "sse", TransportKind.Sse),
        (Settings.Host, "0.0.0.0", "0.0.0.0"),
        (Settings.Host, "LOCALHOST", "localhost"),
        (Settings.Host, "::1", "::1"),
        (Settings.Host, "+", "*"),
        (Settings.Port, "0", 0),
        (Settings.HttpPorts, "8080;8081", new[] { 8080, 8081 }),
        (Settings.AspNetCoreUrls, "http://localhost:5000;https://*:5001", new[] { new ListenAddress("http", "localhost", 5000), new ListenAddress("https", "*", 5001) }),
        (Settings.ApiKey, "abc", "abc"),
        (Settings.ConfirmationKey, "abc", "abc"),
        (Settings.AccessFile, File, File),
        (Settings.AllowAnonymous, "on", true),
        (Settings.Rest, "on", true),
        (Settings.Explorer, "yes", true),
        (Settings.OAuthCollectionsClaim, "collections", "collections"),
        (Settings.OAuthScopeClaims, "user=sub, project=team", new Dictionary<string, string> { ["user"] = "sub", ["project"] = "team" }),
        (Settings.Scope, "user=anna lee,session=a=b", new Dictionary<string, string> { ["user"] = "anna lee", ["session"] = "a=b" }),
        (Settings.Labels, "agent=ci", new Dictionary<string, string> { ["agent"] = "ci" }),
        (Settings.AllowedOrigins, "https://App.Example.com/, http://localhost:6274", new[] { "https://app.example.com", "http://localhost:6274" }),
        (Settings.AllowedHosts, "mcp.example.com, *.internal:8443, *", new[] { "mcp.example.com", "*.internal:8443", "*" }),
        (Settings.TrustedProxies, "10.0.0.0/8, 192.168.1.1, ::1", new[] { IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("192.168.1.1/32"), IPNetwork.Parse("::1/128") }),
        (Settings.Collections, "notes, team-*", new[] { "notes", "team-*" }),
        (Settings.CollectionPrefix, "{caller}-", "{caller}-"),
        (Settings.File, File, File),
        (Settings.LogLevel, "debug", LogLevel.Debug),
        (Settings.LogFormat, "json", LogFormat.Json),
        (Settings.EmbeddingTimeout, "5m", TimeSpan.FromMinutes(5)),
        (Settings.EmbeddingConcurrency, "1", 1),
        (Settings.ResultFormat, "Python", ResultFormat.Python),
        (Settings.MaxAnswerBytes, "4000", 4000),
        (Settings.MaxConnections, "100", 100),
        (Settings.MaxRequestBytes, "65536", 65536),
        (Settings.RateLimit, "0", 0),
        (Settings.ConcurrentRequests, "1", 1),
        (Settings.BodyTimeout, "1s", TimeSpan.FromSeconds(1)),
        (Settings.ShutdownTimeout, "0s", TimeSpan.Zero),
        (Settings.ShutdownDelay, "5s", TimeSpan.FromSeconds(5)),
        (Settings.Replicas, "3", 3),
    ];

    private static readonly (string Name, string Text, string Sentence)[] Bad =
    [
        ("QDRANT_URL", "http://localhost:6334", "QDRANT_URL: port 6334 of 'http://localhost:6334' is Qdrant's gRPC port, and this server speaks REST. Name the REST port, usually 6333."),
        ("QDRANT_URL", "ftp://host", "QDRANT_URL is 'ftp://host', but must be an http or https address such as http://localhost:6333, several with commas between them, or :memory:."),
        ("QDRANT_URL", "http://host:99999", "QDRANT_URL is 'http://host:99999', but must be an http or https address such as http://localhost:6333, several with commas between them, or :memory:."),
        ("QDRANT_URL", "qdrant:6333", "QDRANT_URL: 'qdrant:6333' has no scheme. Write http://qdrant:6333 or https://qdrant:6333."),
        ("QDRANT_URL", "https://me:pass@host:6333", "QDRANT_URL: the address must not hold a user name or a password. Use the setting for the API key."),
        ("QDRANT_URL", "https://host:6333/?api-key=pass", "QDRANT_URL: the address must end before '?' and '#'."),
        ("QDRANT_URL", "http://a:6333,b:6333", "QDRANT_URL: 'b:6333' has no scheme. Write http://b:6333 or https://b:6333."),
        ("QDRANT_URL", "http://a:6333,ftp://b", "QDRANT_URL: 'ftp://b' must be an http or https address such as http://localhost:6333."),
        ("QDRANT_URL", "http://a:6333,:memory:", "QDRANT_URL: :memory: can't stand among addresses. Write either :memory: or addresses."),
        ("QDRANT_URL", "http://a:6333,http://b:6334", "QDRANT_URL: port 6334 of 'http://b:6334' is Qdrant's gRPC port, and this server speaks REST. Name the REST port, usually 6333."),
        ("QDRANT_URL", ",", "QDRANT_URL is ',', but must be an http or https address such as http://localhost:6333, several with commas between them, or :memory:."),
        ("QDRANT_DISCOVER", "peers", "QDRANT_DISCOVER is 'peers', but must be true or false (also yes, no, on, off, 1, 0)."),
        ("QDRANT_WRITE_ORDERING", "2", "QDRANT_WRITE_ORDERING is '2', but must be weak, medium or strong."),
        ("QDRANT_WRITE_CONSISTENCY", "all", "QDRANT_WRITE_CONSISTENCY is 'all', but must be a whole number from 1 to 64."),
        ("QDRANT_READ_CONSISTENCY", "0", "QDRANT_READ_CONSISTENCY is '0', but must be majority, quorum, all, or a whole number from 1 to 64."),
        ("QDRANT_API_KEY", "s3cret key", "QDRANT_API_KEY must be a key of visible ASCII characters."),
        ("QDRANT_TIMEOUT", "10", "QDRANT_TIMEOUT is '10', but must be a duration from 1s to 10m, such as 30s, 15m, 12h or 30d."),
        ("QDRANT_TIMEOUT", "11m", "QDRANT_TIMEOUT is '11m', but must be a duration from 1s to 10m, such as 30s, 15m, 12h or 30d."),
        ("QDRANT_TIMEOUT", "s", "QDRANT_TIMEOUT is 's', but must be a duration from 1s to 10m, such as 30s, 15m, 12h or 30d."),
        ("QDRANT_TIMEOUT", "-5s", "QDRANT_TIMEOUT is '-5s', but must be a duration from 1s to 10m, such as 30s, 15m, 12h or 30d."),
        ("QDRANT_CA_FILE", "/nonexistent/ca.pem", "QDRANT_CA_FILE: there is no file '/nonexistent/ca.pem'."),
        ("ConnectionStrings__qdrant_http", "Endpoint=http://q:6333;Key=s3cret;s3cret", "ConnectionStrings__qdrant_http must be of the form Endpoint=http://host:port;Key=key."),
        ("ConnectionStrings__qdrant", "Key=s3cret", "ConnectionStrings__qdrant must be of the form Endpoint=http://host:port;Key=key."),
        ("QDRANT_HTTPURI", "qdrant", "QDRANT_HTTPURI is 'qdrant', but must be an http or https address."),
        ("COLLECTION_NAME", "a/b", "COLLECTION_NAME: The collection name holds '/', which Qdrant doesn't allow. Leave out / \\ : * ? \" < > | and NUL."),
        ("COLLECTION_NAME", new string('a', 256), "COLLECTION_NAME: The collection name is longer than 255 bytes. Choose a shorter one."),
        ("MCP_COLLECTION_ARGUMENT", "maybe", "MCP_COLLECTION_ARGUMENT is 'maybe', but must be true or false (also yes, no, on, off, 1, 0)."),
        ("QDRANT_DOCUMENT_FIELD", "a\nb", "QDRANT_DOCUMENT_FIELD is 'a\\nb', but must be a name on one line."),
        ("QDRANT_SHARD_NUMBER", "0", "QDRANT_SHARD_NUMBER is '0', but must be a whole number from 1 to 1024."),
        ("QDRANT_REPLICATION_FACTOR", "two", "QDRANT_REPLICATION_FACTOR is 'two', but must be a whole number from 1 to 64."),
        ("QDRANT_ON_DISK", "2", "QDRANT_ON_DISK is '2', but must be true or false (also yes, no, on, off, 1, 0)."),
        ("QDRANT_QUANTIZATION", "int8", "QDRANT_QUANTIZATION is 'int8', but must be none, scalar or binary."),
        ("QDRANT_SEARCH_LIMIT", "0", "QDRANT_SEARCH_LIMIT is '0', but must be a whole number from 1 to 100."),
        ("QDRANT_SEARCH_LIMIT", "101", "QDRANT_SEARCH_LIMIT is '101', but must be a whole number from 1 to 100."),
        ("QDRANT_SEARCH_LIMIT", "1e1", "QDRANT_SEARCH_LIMIT is '1e1', but must be a whole number from 1 to 100."),
        ("MEMORY_SEARCH", "bm25", "MEMORY_SEARCH is 'bm25', but must be hybrid, dense or keyword."),
        ("MEMORY_SCORE_THRESHOLD", "1.1", "MEMORY_SCORE_THRESHOLD is '1.1', but must be a number from -1 to 1."),
        ("MEMORY_SCORE_THRESHOLD", "NaN", "MEMORY_SCORE_THRESHOLD is 'NaN', but must be a number from -1 to 1."),
        ("MEMORY_RECENCY_HALF_LIFE", "30", "MEMORY_RECENCY_HALF_LIFE is '30', but must be a duration from 1m to 36500d, such as 30s, 15m, 12h or 30d."),
        ("MEMORY_DIVERSITY", "0,3", "MEMORY_DIVERSITY is '0,3', but must be a number from 0 to 1."),
        ("MEMORY_HISTORY", "30", "MEMORY_HISTORY is '30', but must be off, or a duration from 1h to 3650d, such as 30s, 15m, 12h or 30d."),
        ("MEMORY_EXPIRES", "notes", "MEMORY_EXPIRES: 'notes' must be a collection and a duration, such as scratch=7d."),
        ("MEMORY_EXPIRES", "a=7d,b=soon", "MEMORY_EXPIRES: 'b=soon' must be a collection and a duration, such as scratch=7d."),
        ("MEMORY_DUPLICATE_THRESHOLD", "95", "MEMORY_DUPLICATE_THRESHOLD is '95', but must be a number from 0 to 1."),
        ("MEMORY_SCOPE", "anna", "MEMORY_SCOPE: 'anna' must be a field and its value, such as user=anna."),
        ("MEMORY_SCOPE", "team=a", "MEMORY_SCOPE: 'team=a' names 'team', and the fields are user, agent, session, project."),
        ("MEMORY_SCOPE", "user=a,user=b", "MEMORY_SCOPE: it names 'user' twice."),
        ("MEMORY_LABELS", "user=", "MEMORY_LABELS: 'user=' needs a value of 1 to 256 characters on one line for 'user'."),
        ("MCP_OAUTH_SCOPE_CLAIMS", "sub", "MCP_OAUTH_SCOPE_CLAIMS: 'sub' must be a field and the claim of its value, such as user=sub."),
        ("MEMORY_CONFIRM", "yes", "MEMORY_CONFIRM is 'yes', but must be auto, person or code."),
        ("MEMORY_SECRETS", "hide", "MEMORY_SECRETS is 'hide', but must be allow, mask or refuse."),
        ("MCP_HOOK_TOKENS", "99", "MCP_HOOK_TOKENS is '99', but must be a whole number from 100 to 20000."),
        ("MCP_HOOK_SIMILARITY", "35", "MCP_HOOK_SIMILARITY is '35', but must be a number from 0 to 1."),
        ("FILTERABLE_FIELDS", "{}", "FILTERABLE_FIELDS: it must be a JSON array of objects."),
        ("QDRANT_ALLOW_ARBITRARY_FILTER", "y", "QDRANT_ALLOW_ARBITRARY_FILTER is 'y', but must be true or false (also yes, no, on, off, 1, 0)."),
        ("QDRANT_READ_ONLY", "read", "QDRANT_READ_ONLY is 'read', but must be true or false (also yes, no, on, off, 1, 0)."),
        ("MCP_TOOLS", "find;store", "MCP_TOOLS: 'find;store' must be find, store, update, forget, collections, qdrant-find, qdrant-store, qdrant-update, qdrant-forget, qdrant-collections, undo or qdrant-undo."),
        ("MCP_TOOLS", "[1]", "MCP_TOOLS is '[1]', but must be some of find, store, update, forget, collections and undo, with commas between them."),
        ("EMBEDDING_PROVIDER", "azure", "EMBEDDING_PROVIDER is 'azure', but must be local, fastembed, onnx, openai, ollama or qdrant."),
        ("EMBEDDING_MODEL", "a\rb", "EMBEDDING_MODEL is 'a\\rb', but must be a name on one line."),
        ("EMBEDDING_MODEL_PATH", "/nonexistent/model", "EMBEDDING_MODEL_PATH: there is no folder '/nonexistent/model'."),
        ("EMBEDDING_URL", "localhost:1234", "EMBEDDING_URL is 'localhost:1234', but must be an http or https address."),
        ("EMBEDDING_API_KEY", "s3crét", "EMBEDDING_API_KEY must be a key of visible ASCII characters."),
        ("OPENAI_API_KEY", "s3cret s3cret", "OPENAI_API_KEY must be a key of visible ASCII characters."),
        ("EMBEDDING_DIMENSIONS", "0", "EMBEDDING_DIMENSIONS is '0', but must be a whole number from 1 to 65536."),
        ("EMBEDDING_CACHE_SIZE", "-1", "EMBEDDING_CACHE_SIZE is '-1', but must be a whole number from 0 to 1000000."),
        ("EMBEDDING_TIMEOUT", "0s", "EMBEDDING_TIMEOUT is '0s', but must be a duration from 1s to 10m, such as 30s, 15m, 12h or 30d."),
        ("EMBEDDING_CONCURRENCY", "0", "EMBEDDING_CONCURRENCY is '0', but must be a whole number from 1 to 1024."),
        ("MCP_TRANSPORT", "grpc", "MCP_TRANSPORT is 'grpc', but must be stdio, sse, streamable-http or http."),
        ("FASTMCP_HOST", "mcp.example.com", "FASTMCP_HOST is 'mcp.example.com', but must be an IP address, localhost, or * for every interface."),
        ("FASTMCP_SERVER_HOST", "http://127.0.0.1", "FASTMCP_SERVER_HOST is 'http://127.0.0.1', but must be an IP address, localhost, or * for every interface."),
        ("FASTMCP_PORT", "tcp://10.0.0.1:8000", "FASTMCP_PORT is 'tcp://10.0.0.1:8000', but must be a whole number from 0 to 65535."),
        ("FASTMCP_SERVER_PORT", "65536", "FASTMCP_SERVER_PORT is '65536', but must be a whole number from 0 to 65535."),
        ("HTTP_PORTS", "80,81", "HTTP_PORTS is '80,81', but must be port numbers from 1 to 65535, with ';' between them."),
        ("PORT", "http", "PORT is 'http', but must be port numbers from 1 to 65535, with ';' between them."),
        ("ASPNETCORE_URLS", "localhost", "ASPNETCORE_URLS is 'localhost', but must be addresses such as http://127.0.0.1:8000, with ';' between them."),
        ("MCP_CONFIRMATION_KEY", "s3cret key", "MCP_CONFIRMATION_KEY must be a key of visible ASCII characters."),
        ("MCP_API_KEY", "s3cret key", "MCP_API_KEY must be a key of visible ASCII characters."),
        ("MCP_ACCESS_FILE", "/nonexistent/access.json", "MCP_ACCESS_FILE: there is no file '/nonexistent/access.json'."),
        ("MCP_REST", "v1", "MCP_REST is 'v1', but must be true or false (also yes, no, on, off, 1, 0)."),
        ("MCP_EXPLORER", "page", "MCP_EXPLORER is 'page', but must be true or false (also yes, no, on, off, 1, 0)."),
        ("MCP_ALLOW_ANONYMOUS", "sure", "MCP_ALLOW_ANONYMOUS is 'sure', but must be true or false (also yes, no, on, off, 1, 0)."),
        ("MCP_OAUTH_AUTHORITY", "http://login.example.com", "MCP_OAUTH_AUTHORITY is 'http://login.example.com', but must be an https address (http only on this machine)."),
        ("MCP_OAUTH_AUDIENCE", "a\tb", "MCP_OAUTH_AUDIENCE is 'a\\tb', but must be a name on one line."),
        ("MCP_OAUTH_COLLECTIONS_CLAIM", "a\u001bb", "MCP_OAUTH_COLLECTIONS_CLAIM is 'a?b', but must be a name on one line."),
        ("MCP_ALLOWED_ORIGINS", "https://a.example.com, *", "MCP_ALLOWED_ORIGINS: '*' must be an origin such as https://app.example.com, without a path."),
        ("MCP_ALLOWED_ORIGINS", "https://a.example.com/app", "MCP_ALLOWED_ORIGINS: 'https://a.example.com/app' must be an origin such as https://app.example.com, without a path."),
        ("MCP_ALLOWED_HOSTS", "http://a.example.com", "MCP_ALLOWED_HOSTS: 'http://a.example.com' must be a host name, possibly with a port, without http://."),
        ("MCP_TRUSTED_PROXIES", "10.0.0.0/33", "MCP_TRUSTED_PROXIES: '10.0.0.0/33' must be an IP address or a network such as 10.0.0.0/8."),
        ("MCP_COLLECTIONS", "a,b\nc", "MCP_COLLECTIONS: 'b\\nc' must be a name on one line."),
        ("MCP_COLLECTION_PREFIX", "{user}-", "MCP_COLLECTION_PREFIX: '{user}-' has braces around something else than {caller}, the only placeholder."),
        ("MCP_COLLECTION_PREFIX", "{caller}/", "MCP_COLLECTION_PREFIX: The collection name holds '/', which Qdrant doesn't allow. Leave out / \\ : * ? \" < > | and NUL."),
        ("MCP_RESULT_FORMAT", "xml", "MCP_RESULT_FORMAT is 'xml', but must be entry or python."),
        ("MCP_MAX_ANSWER_BYTES", "3999", "MCP_MAX_ANSWER_BYTES is '3999', but must be a whole number from 4000 to 104857600."),
        ("MCP_MAX_REQUEST_BYTES", "16M", "MCP_MAX_REQUEST_BYTES is '16M', but must be a whole number from 65536 to 1073741824."),
        ("MCP_RATE_LIMIT", "-1", "MCP_RATE_LIMIT is '-1', but must be a whole number from 0 to 1000000."),
        ("MCP_MAX_CONNECTIONS", "0", "MCP_MAX_CONNECTIONS is '0', but must be a whole number from 1 to 1000000."),
        ("MCP_CONCURRENT_REQUESTS", "0", "MCP_CONCURRENT_REQUESTS is '0', but must be a whole number from 1 to 10000."),
        ("MCP_BODY_TIMEOUT", "30", "MCP_BODY_TIMEOUT is '30', but must be a duration from 1s to 10m, such as 30s, 15m, 12h or 30d."),
        ("MCP_SETTINGS", "/nonexistent/settings.json", "MCP_SETTINGS: there is no file '/nonexistent/settings.json'."),
        ("FASTMCP_LOG_LEVEL", "loud", "FASTMCP_LOG_LEVEL is 'loud', but must be DEBUG, INFO, WARNING, ERROR or CRITICAL."),
        ("MCP_LOG_FORMAT", "xml", "MCP_LOG_FORMAT is 'xml', but must be text or json."),
        ("MCP_SHUTDOWN_DELAY", "5", "MCP_SHUTDOWN_DELAY is '5', but must be a duration from 0s to 10m, such as 30s, 15m, 12h or 30d."),
        ("MCP_REPLICAS", "0", "MCP_REPLICAS is '0', but must be a whole number from 1 to 1000."),
        ("MCP_SHUTDOWN_TIMEOUT", "soon", "MCP_SHUTDOWN_TIMEOUT is 'soon', but must be a duration from 0s to 10m, such as 30s, 15m, 12h or 30d."),
    ];

    /// <summary>They take any text.</summary>
    private static readonly Setting[] WithoutBadValues =
        [Settings.LocalPath, Settings.StoreDescription, Settings.FindDescription, Settings.QueryPrefix, Settings.DocumentPrefix];

    /// <summary>They are valid only together with others, and tested with those.</summary>
    private static readonly Setting[] TestedWithOthers =
        [Settings.InjectedGrpc, Settings.FilterableFields, Settings.OAuthAuthority, Settings.OAuthAudience];

    public static TheoryData<int> GoodCases => [.. Enumerable.Range(0, Good.Length)];

    public static TheoryData<string, string, string> BadCases => [.. Bad.Select(bad => new TheoryDataRow<string, string, string>(bad.Name, bad.Text, bad.Sentence))];

    public static TheoryData<string> Names => [.. Settings.All.SelectMany(setting => setting.Names)];

    [Theory]
    [MemberData(nameof(GoodCases))]
    public void Read_gives_the_value_of_what_a_setting_allows(int index)
    {
        var (setting, text, expected) = Good[index];

        Assert.Equal(expected, setting.Format.Read(text));
    }

    [Theory]
    [MemberData(nameof(BadCases))]
    public void Load_says_what_is_wrong_and_what_is_allowed(string name, string text, string sentence)
    {
        Assert.Equal(sentence, Load.Error((name, text)));
        Assert.DoesNotContain("s3cret", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Load_takes_empty_for_unset(string name)
    {
        var values = Load.Environment((name, ""), (name.ToLowerInvariant(), "  \t"));

        Assert.All(Settings.All, setting => Assert.False(values.IsSet(setting), setting.Name));
    }

    [Fact]
    public void The_tables_above_leave_no_setting_out()
    {
        var good = Good.Select(row => row.Setting).Concat(TestedWithOthers).ToHashSet();
        var bad = Bad.Select(row => row.Name).Concat(WithoutBadValues.Select(setting => setting.Name)).ToHashSet();

        Assert.Equal([], Settings.All.Where(setting => !good.Contains(setting)).Select(setting => setting.Name));
        Assert.Equal([], Settings.All.Where(setting => !bad.Contains(setting.Name)).Select(setting => setting.Name));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("1", true)]
    [InlineData("yes", true)]
    [InlineData("ON", true)]
    [InlineData("false", false)]
    [InlineData("FALSE", false)]
    [InlineData("0", false)]
    [InlineData("No", false)]
    [InlineData("off", false)]
    public void Booleans_are_read_in_all_their_forms(string text, bool expected) =>
        Assert.Equal(expected, Load.Environment(("QDRANT_READ_ONLY", text)).Get(Settings.ReadOnly));

    private static StoreLocation.Server Server(string url) => new(new Uri(url));
}
