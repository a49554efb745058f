using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Web;

namespace McpQdrant.Tests.Qdrant;

/// <summary>Snapshots of the stand-in's collections: made, listed, downloaded, deleted, and recovered from an upload, which stays as Qdrant's does.</summary>
/// <remarks>After the API's description and source (openapi/openapi-snapshots.ytt.yaml, src/actix/api/snapshot_api.rs): there is no recording of it.</remarks>
internal sealed class StandInSnapshots
{
    private readonly SortedDictionary<(string Collection, string Name), string> _files = [];
    private int _made;

    /// <returns>The text of a snapshot; null where the request is another one.</returns>
    public string? Download(string method, string[] segments) => (method, segments) switch
    {
        ("GET", [_, var collection, "snapshots", var name]) => _files.GetValueOrDefault((collection, name)) ?? throw NotFound(name),
        _ => null,
    };

    /// <param name="find">A collection by its name.</param>
    /// <param name="put">Puts a collection in the place of the one of that name.</param>
    /// <returns>Null where the request is another one.</returns>
    public JsonNode? Answer(
        string method, string[] segments, string query, ReadOnlyMemory<byte> body, Func<string, StandInCollection?> find, Action<string, StandInCollection> put)
    {
        switch (method, segments)
        {
            case ("POST", [_, var collection, "snapshots", "upload"]):
                Recover(collection, query, body, find, put);
                return true;
            case ("POST", [_, var collection, "snapshots"]):
                var source = find(collection) ?? throw StandInFailure.NoCollection(collection);
                var made = $"{collection}-1-2026-01-31-12-00-{++_made:00}.snapshot";
                _files[(collection, made)] = source.Save();
                return Describe(collection, made);
            case ("GET", [_, var collection, "snapshots"]):
                return new JsonArray([.. _files.Keys.Where(file => file.Collection == collection).Select(file => Describe(file.Collection, file.Name))]);
            case ("DELETE", [_, var collection, "snapshots", var name]):
                return _files.Remove((collection, name)) ? true : throw NotFound(name);
            default:
                return null;
        }
    }

    private void Recover(string collection, string query, ReadOnlyMemory<byte> body, Func<string, StandInCollection?> find, Action<string, StandInCollection> put)
    {
        var (name, content) = Part(Encoding.UTF8.GetString(body.Span));
        if (HttpUtility.ParseQueryString(query)["checksum"] is { } wanted && HashOf(content) != wanted)
            throw new StandInFailure(400, $"Checksum mismatch: expected {HashOf(content)}, actual {wanted}");

        _files[(collection, name)] = content;
        StandInCollection recovered;
        try
        {
            recovered = StandInCollection.Load(JsonElement.Parse(content));
        }
        catch (JsonException)
        {
            throw new StandInFailure(500, "Service internal error: failed to unpack the snapshot");
        }
        if (find(collection) is { } there && !there.HasVectorsOf(recovered))
            throw StandInFailure.WrongInput("Snapshot is not compatible with existing collection: Collection vectors: … Snapshot Vectors: …");
        put(collection, recovered);
    }

    private JsonObject Describe(string collection, string name) => new()
    {
        ["name"] = name,
        ["creation_time"] = "2026-01-31T12:00:00",
        ["size"] = Encoding.UTF8.GetByteCount(_files[(collection, name)]),
        ["checksum"] = HashOf(_files[(collection, name)]),
    };

    /// <summary>The file of a form: what stands between its headers and the boundary.</summary>
    private static (string Name, string Content) Part(string form)
    {
        var boundary = form[..form.IndexOf("\r\n", StringComparison.Ordinal)];
        var start = form.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        var name = form[..start].Split("filename=")[1].Split([';', '\r'])[0].Trim('"');
        return (name, form[start..form.IndexOf($"\r\n{boundary}", start, StringComparison.Ordinal)]);
    }

    private static string HashOf(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    private static StandInFailure NotFound(string name) => new(404, $"Not found: Snapshot {name} not found");
}
