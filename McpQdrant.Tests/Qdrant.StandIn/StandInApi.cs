using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpQdrant.Tests.Qdrant;

/// <summary>The part of Qdrant's REST API that the store speaks, over collections in memory.</summary>
/// <param name="keys">What each key may do; empty for a server that asks for none.</param>
internal sealed class StandInApi(IReadOnlyDictionary<string, StandInAccess> keys)
{
    private const string Greeting =
        """{"title":"qdrant - vector search engine","version":"1.18.3","commit":"db8fa43fcb6aedec1e739487e17a99731b74590a"}""";

    private readonly SortedDictionary<string, StandInCollection> _collections = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _aliases = new(StringComparer.Ordinal);
    private readonly StandInSnapshots _snapshots = new();
    private readonly Lock _lock = new();

    /// <summary>Is told of each write that was done, before it is answered.</summary>
    public Action<string, string, ReadOnlyMemory<byte>>? Written { get; set; }

    /// <summary>The cluster that it says it is a part of; null for none.</summary>
    public StandInCluster? Cluster { get; set; }

    /// <summary>Does again what was written before.</summary>
    public void Restore(IEnumerable<(string Method, string Target, byte[] Body)> writes)
    {
        foreach (var (method, target, body) in writes)
            Dispatch(method, target, body, StandInAccess.Everything);
    }

    /// <param name="target">The path as it was sent, with its query string.</param>
    public StandInAnswer Answer(string method, string target, ReadOnlyMemory<byte> body, string? key)
    {
        try
        {
            if (Health(method, target) is { } health)
                return health;

            var access = AccessOf(key);
            lock (_lock)
                return Dispatch(method, target, body, access);
        }
        catch (StandInFailure failure) when (failure.IsPlain)
        {
            return new StandInAnswer(failure.Status, null, failure.Message);
        }
        catch (StandInFailure failure)
        {
            return StandInAnswer.Json(failure.Status, new JsonObject { ["status"] = new JsonObject { ["error"] = failure.Message }, ["time"] = 0 });
        }
    }

    private StandInAnswer Dispatch(string method, string target, ReadOnlyMemory<byte> body, StandInAccess access)
    {
        var path = target.Split('?')[0];
        var segments = path.Trim('/').Split('/').Select(Uri.UnescapeDataString).ToArray();
        if (path == "/cluster")
            return StandInAnswer.Json(200, new JsonObject { ["result"] = Cluster?.Describe() ?? new JsonObject { ["status"] = "disabled" }, ["status"] = "ok", ["time"] = 0 });
        if (segments[0] is "telemetry" or "metrics")
            throw StandInFailure.NotPlayed(path);
        if (segments[0] != "collections" && path != "/aliases")
            return new StandInAnswer(404, null, null);
        if (path == "/collections/" && method != "GET")
            return new StandInAnswer(404, null, null);

        var isWrite = IsWrite(method, segments);
        var name = segments.Length > 1 && segments[1] != "aliases" ? segments[1] : null;
        if (target.EndsWith("timeout=0", StringComparison.Ordinal))
            throw new StandInFailure(400, "Deserialize error in query parameters: invalid value: integer `0`, expected a nonzero u64");

        access.Check(name, isWrite, isOfServer: name is null || (segments.Length == 2 && method is "PUT" or "DELETE"), name is not null && Find(name) is not null);
        if (_snapshots.Download(method, segments) is { } file)
            return new StandInAnswer(200, "application/octet-stream", file);

        var snapshots = _snapshots.Answer(method, segments, target[path.Length..], body, Find, (to, recovered) => _collections[to] = recovered);
        var json = snapshots is null ? Parse(body, method, segments) : default;
        var result = snapshots ?? (name is null ? OfServer(method, path, json, access) : OfCollection(method, name, segments, json, IsWaitedFor(target)));
        if (isWrite)
            Written?.Invoke(method, target, body);
        return StandInAnswer.Json(200, new JsonObject { ["result"] = result, ["status"] = "ok", ["time"] = 0 });
    }

    private static StandInAnswer? Health(string method, string path) => (method, path) switch
    {
        ("GET", "/") => StandInAnswer.Json(200, JsonNode.Parse(Greeting)!),
        ("GET", "/healthz" or "/livez") => new StandInAnswer(200, "text/plain; charset=utf-8", "healthz check passed"),
        ("GET", "/readyz") => new StandInAnswer(200, "text/plain; charset=utf-8", "all shards are ready"),
        _ => null,
    };

    private StandInAccess AccessOf(string? key)
    {
        if (keys.Count == 0)
            return StandInAccess.Everything;
        if (key is null)
            throw new StandInFailure(401, "Must provide an API key or an Authorization bearer token", isPlain: true);
        return keys.GetValueOrDefault(key.Trim()) ?? throw new StandInFailure(401, "Invalid API key or JWT", isPlain: true);
    }

    private static bool IsWrite(string method, string[] segments) => method is "PUT" or "PATCH" or "DELETE"
        || (method == "POST" && (segments[^1] == "aliases" || segments is [_, _, "snapshots", ..] or [_, _, "points", "delete" or "payload" or "batch" or "vectors", ..]));

    private static bool IsWaitedFor(string target) => target.Contains("wait=true", StringComparison.Ordinal);

    private static JsonElement Parse(ReadOnlyMemory<byte> body, string method, string[] segments)
    {
        if (method is "GET" or "DELETE")
            return JsonElement.Parse("{}");
        try
        {
            if (body.Span.StartsWith(Encoding.UTF8.Preamble))
                throw StandInFailure.Unreadable("expected value at line 1 column 1");
            var json = JsonElement.Parse(body.Span, new JsonDocumentOptions { MaxDepth = 128 });
            return json.ValueKind == JsonValueKind.Object
                ? json
                : throw StandInFailure.Unreadable(json.ValueKind == JsonValueKind.Null
                    ? "invalid type: null, expected struct QueryRequest at line 1 column 4"
                    : "invalid type: sequence, expected struct QueryRequest at line 1 column 0");
        }
        catch (JsonException) when (body.IsEmpty)
        {
            throw StandInFailure.Unreadable("EOF while parsing a value at line 1 column 0");
        }
        catch (JsonException failure)
        {
            throw StandInFailure.Unreadable($"{failure.Message} in {string.Join('/', segments)}");
        }
    }

    private StandInCollection? Find(string name) =>
        _collections.GetValueOrDefault(name) ?? (_aliases.TryGetValue(name, out var aliased) ? _collections.GetValueOrDefault(aliased) : null);

    private JsonNode OfServer(string method, string path, JsonElement body, StandInAccess access)
    {
        switch (method, path.TrimEnd('/'))
        {
            case ("GET", "/collections"):
                return new JsonObject
                {
                    ["collections"] = new JsonArray([.. _collections.Keys
                        .Where(name => access.Collection is null || access.Collection == name)
                        .Select(name => new JsonObject { ["name"] = name })]),
                };
            case ("GET", "/aliases"):
                return Aliases(_aliases);
            case ("POST", "/collections/aliases"):
                foreach (var action in body.GetProperty("actions").EnumerateArray())
                    ChangeAlias(action.EnumerateObject().Single());
                return true;
            default:
                throw StandInFailure.NotPlayed($"{method} {path}");
        }
    }

    private void ChangeAlias(JsonProperty action)
    {
        var alias = action.Value.GetProperty("alias_name").GetString()!;
        if (action.Name == "delete_alias")
            _aliases.Remove(alias);
        else if (_collections.ContainsKey(alias))
            throw new StandInFailure(409, $"Wrong input: Collection `{alias}` already exists!");
        else
            _aliases[alias] = action.Value.GetProperty("collection_name").GetString()!;
    }

    private static JsonObject Aliases(IEnumerable<KeyValuePair<string, string>> aliases) => new()
    {
        ["aliases"] = new JsonArray([.. aliases.Select(alias => new JsonObject { ["alias_name"] = alias.Key, ["collection_name"] = alias.Value })]),
    };

    private JsonNode OfCollection(string method, string name, string[] segments, JsonElement body, bool isWaitedFor)
    {
        var rest = string.Join('/', segments[2..]);
        switch (method, rest)
        {
            case ("GET", "exists"):
                return new JsonObject { ["exists"] = Find(name) is not null };
            case ("GET", "aliases"):
                return Aliases(_aliases.Where(alias => alias.Value == name));
            case ("DELETE", ""):
                return _collections.Remove(name);
            case ("PUT", ""):
                return Create(name, body);
        }

        var collection = Find(name) ?? throw StandInFailure.NoCollection(name);
        switch (method, rest)
        {
            case ("GET", ""):
                return collection.Describe();
            case ("GET", "cluster"):
                return Cluster?.DescribeShards(collection.Describe())
                    ?? JsonNode.Parse("""{"peer_id":1,"shard_count":1,"local_shards":[{"shard_id":0,"points_count":0,"state":"Active"}],"remote_shards":[],"shard_transfers":[]}""")!;
            case ("PATCH", ""):
                collection.Patch(body);
                return true;
            case ("PUT", "index"):
                collection.Index(body.GetProperty("field_name").GetString()!, body.GetProperty("field_schema"));
                break;
            case ("PUT", "points"):
                collection.Upsert(body);
                break;
            case ("PUT", "points/vectors"):
                collection.Update(body.GetProperty("points"), body.TryGetProperty("update_filter", out var filter) ? filter : null);
                break;
            case ("POST", "points/vectors/delete"):
                collection.DeleteVectors([.. body.GetProperty("vector").EnumerateArray().Select(name => name.GetString()!)], Selection(body));
                break;
            case ("POST", "points/delete"):
                collection.Delete(Selection(body));
                break;
            case ("POST", "points/payload") when !body.TryGetProperty("key", out _):
                collection.SetPayload(body.GetProperty("payload"), Selection(body));
                break;
            case ("POST", "points/batch"):
                return new JsonArray([.. body.GetProperty("operations").EnumerateArray().Select(operation => Operation(collection, operation, isWaitedFor))]);
            case ("PUT", _) when segments is [_, _, "vectors", var vector]:
                if (vector.Contains('/'))
                    throw new StandInFailure(422, "Validation error in path parameters: [vector_name: vector name cannot contain \"/\" char]");
                collection.AddVector(vector, body);
                break;
            default:
                return StandInReads.Answer(collection, method, rest, body);
        }
        return Done(collection, isWaitedFor);
    }

    private static JsonObject Done(StandInCollection collection, bool isWaitedFor) =>
        new() { ["operation_id"] = collection.NextOperation(), ["status"] = isWaitedFor ? "completed" : "acknowledged" };

    /// <summary>One of several in a request.</summary>
    private static JsonObject Operation(StandInCollection collection, JsonElement operation, bool isWaitedFor)
    {
        if (operation.TryGetProperty("upsert", out var upsert))
            collection.Upsert(upsert);
        else if (operation.TryGetProperty("delete", out var delete))
            collection.Delete(Selection(delete));
        else
            throw StandInFailure.NotPlayed("other operations in a batch than upserts and deletions");
        return Done(collection, isWaitedFor);
    }

    private bool Create(string name, JsonElement body)
    {
        if (name.Length > 255)
            throw new StandInFailure(422, $"Validation error in path parameters: [collection_name: value \"{name}\" invalid, must be from 1 to 255 characters]");
        if (name.IndexOfAny([.. "/\\:*?\"<>|\0"]) is var at and >= 0)
            throw new StandInFailure(422, $"Validation error in path parameters: [collection_name: collection name cannot contain \"{name[at]}\" char]");
        if (_aliases.ContainsKey(name))
            throw StandInFailure.WrongInput($"Can't create collection with name {name}. Alias with the same name already exists");
        if (_collections.ContainsKey(name))
            throw new StandInFailure(409, $"Wrong input: Collection `{name}` already exists!");

        _collections[name] = new StandInCollection(body);
        return true;
    }

    /// <summary>The points that a change is about: by ids or by a filter.</summary>
    private static Func<StandInPoint, bool> Selection(JsonElement body)
    {
        if (body.TryGetProperty("points", out var points))
        {
            var ids = points.EnumerateArray().Select(id => StandInPoint.ReadId(id)).ToHashSet();
            return point => ids.Contains(point.Id);
        }
        if (body.TryGetProperty("filter", out var filter))
            return point => StandInFilter.Matches(filter, point);
        throw StandInFailure.Unreadable("data did not match any variant of untagged enum PointsSelector");
    }
}
