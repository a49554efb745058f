using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using McpQdrant.Tests.Server.Authentication;

namespace McpQdrant.Tests.Server.Rest;

/// <summary>Memories that people take along over REST, and bring.</summary>
public sealed class RestTransferTests
{
    private const string Csv = "text,kind,created\nthe cat,animal,2026-01-02T03:04:05Z\n,none,\nthe dog,animal,\n";

    public static TheoryData<bool> Stores => [false, true];

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task What_one_server_exports_another_imports_and_exports_the_same(bool isQdrant)
    {
        await using var one = await RestServer.StartAsync(isQdrant);
        await using var other = await RestServer.StartAsync(!isQdrant);
        for (var number = 0; number < 5; number++)
            await one.StoreAsync("größe", $"note {number}", $$"""{"number": {{number}}}""");
        var id = (await one.DoAsync("GET", "/collections/größe/memories")).GetProperty("memories")[0].GetProperty("id").GetString();
        await one.DoAsync("PATCH", $"/collections/größe/memories/{id}", """{"text": "changed"}""");

        var file = await one.SendAsync("GET", "/collections/größe/export");
        var imported = await ImportAsync(other, "copied", file.Body);
        var again = await ImportAsync(other, "copied", file.Body);
        var back = await other.SendAsync("GET", "/collections/copied/export");
        var some = await one.SendAsync("GET", """/collections/größe/export?metadata={"number":[1,2]}""");

        Assert.Equal(("application/x-ndjson", "größe.jsonl"), (file.ContentHeaders.ContentType?.MediaType, file.ContentHeaders.ContentDisposition?.FileNameStar));
        Assert.Equal((5, "what `export` wrote"), (imported.GetProperty("stored").GetInt32(), imported.GetProperty("format").GetString()));
        Assert.Equal((0, 5), (again.GetProperty("stored").GetInt32(), again.GetProperty("present").GetInt32()));
        Assert.Equal("größe", JsonElement.Parse(file.Body.Split('\n')[0]).GetProperty("collection").GetString());
        Assert.Equal(file.Body.Split('\n')[1..], back.Body.Split('\n')[1..]);
        Assert.Equal(3, some.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task A_dry_run_says_what_would_come_of_a_file_and_stores_nothing()
    {
        await using var rest = await RestServer.StartAsync(isQdrant: false);

        var plan = await ImportAsync(rest, "notes", Csv, "?name=table.csv&dryRun=true");
        var before = await rest.SendAsync("GET", "/collections/notes");
        var done = await ImportAsync(rest, "notes", Csv, "?name=table.csv");

        Assert.Equal((true, 2, 1, "CSV"), (plan.GetProperty("dryRun").GetBoolean(), plan.GetProperty("stored").GetInt32(), plan.GetProperty("skipped").GetInt32(), plan.GetProperty("format").GetString()));
        Assert.Equal("line 3", plan.GetProperty("firstSkipped")[0].GetProperty("place").GetString());
        Assert.Equal(HttpStatusCode.NotFound, before.Status);
        Assert.Equal(2, done.GetProperty("stored").GetInt32());
        Assert.Equal(2, (await rest.DoAsync("GET", "/collections/notes")).GetProperty("memories").GetInt32());
    }

    [Theory]
    [InlineData("keep", "in the store")]
    [InlineData("replace", "in the file")]
    [InlineData("newer", "in the store")]
    public async Task A_conflict_ends_as_the_caller_says(string onConflict, string expected)
    {
        await using var rest = await RestServer.StartAsync(isQdrant: false);
        var id = await rest.StoreAsync("notes", "in the store");

        await ImportAsync(rest, "notes", $$"""{"id": "{{id}}", "text": "in the file", "updated": "2020-01-01T00:00:00Z"}""" + "\n", $"?onConflict={onConflict}");

        Assert.Equal(expected, (await rest.DoAsync("GET", $"/collections/notes/memories/{id}")).GetProperty("text").GetString());
    }

    [Fact]
    public async Task Who_asks_for_lines_hears_how_far_it_is()
    {
        await using var rest = await RestServer.StartAsync(isQdrant: false);
        var lines = string.Concat(Enumerable.Range(0, 300).Select(number => $$"""{"text": "note {{number}}"}""" + "\n"));

        var good = await LinesAsync(lines);
        var bad = await LinesAsync("no json at all");

        Assert.True(good.Count >= 2, $"{good.Count} lines");
        Assert.All(good[..^1], line => Assert.InRange(line.GetProperty("read").GetInt64(), 0, 300));
        Assert.Equal(300, good[^1].GetProperty("report").GetProperty("stored").GetInt32());
        Assert.Equal(400, Assert.Single(bad).GetProperty("problem").GetProperty("status").GetInt32());

        async Task<List<JsonElement>> LinesAsync(string body)
        {
            var answer = await rest.SendAsync("POST", "/collections/notes/import", body, prepare: request => request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/x-ndjson")));
            Assert.Equal("application/x-ndjson", answer.ContentHeaders.ContentType?.MediaType);
            return [.. answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
        }
    }

    [Theory]
    [InlineData("", "", "'upload' is empty, so there is nothing to import.")]
    [InlineData("../../etc/a.csv", "", "'a.csv' is empty, so there is nothing to import.")]
    [InlineData("x.gz", "no json", "'x.gz' is in no format that import reads")]
    [InlineData("", "SQLite format 3\0", "'upload' is an SQLite database.")]
    public async Task A_file_that_can_not_be_read_is_told_by_its_name_and_no_path(string name, string body, string sentence)
    {
        await using var rest = await RestServer.StartAsync(isQdrant: false);
        var before = Folders();

        var answer = await rest.SendAsync("POST", $"/collections/notes/import?name={Uri.EscapeDataString(name)}", body);

        Assert.StartsWith(sentence, answer.Problem(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetTempPath(), answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(Folders().Except(before), folder => File.Exists(Path.Combine(folder, "a.csv")));

        static string[] Folders() => Directory.GetDirectories(Path.GetTempPath(), "mcp-server-qdrant-*");
    }

    /// <summary>A file may say of anybody that a memory is by them, and bring a vector that makes it the answer to every question.</summary>
    [Fact]
    public async Task What_a_file_claims_of_others_is_not_believed()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("access.json"), AccessServer.File(AccessServer.Entry("anna", ["*"], read: true, write: true)));
        await using var rest = await RestServer.StartAsync(isQdrant: true, ("MCP_ACCESS_FILE", folder.File("access.json")), ("MCP_COLLECTION_PREFIX", "{caller}-"));
        var anna = AccessServer.KeyOf("anna");

        await rest.DoAsync("POST", "/collections/notes/import", """{"id": "7", "text": "the cat", "by": "the admin", "vector": [9,9,9,9,9,9,9,9], "others": {"owner": "the admin"}}""", anna);
        var memory = await rest.DoAsync("GET", "/collections/notes/memories/7", bearer: anna);
        var file = (await rest.SendAsync("GET", "/collections/notes/export", bearer: anna)).Body.Split('\n');

        Assert.Equal("anna", memory.GetProperty("by").GetString());
        Assert.Equal("notes", JsonElement.Parse(file[0]).GetProperty("collection").GetString());
        Assert.DoesNotContain("owner", file[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_compressed_both_ways()
    {
        await using var rest = await RestServer.StartAsync(isQdrant: false);
        var lines = string.Concat(Enumerable.Range(0, 100).Select(number => $$"""{"text": "note {{number}} of many that are alike"}""" + "\n"));
        using var zipped = new MemoryStream();
        await using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(lines));

        var imported = await rest.SendAsync("POST", "/collections/notes/import", prepare: request => request.Content = new ByteArrayContent(zipped.ToArray()));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(rest.Server.Address, "/api/v1/collections/notes/export"));
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        using var response = await rest.Server.Client.SendAsync(request);
        await using var unpacked = new GZipStream(await response.Content.ReadAsStreamAsync(), CompressionMode.Decompress);

        Assert.Equal(100, imported.Json.GetProperty("stored").GetInt32());
        Assert.Equal("gzip", response.Content.Headers.ContentEncoding.Single());
        Assert.Equal(101, (await new StreamReader(unpacked).ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task An_upload_is_no_longer_than_a_request_may_be()
    {
        await using var rest = await RestServer.StartAsync(isQdrant: false, ("MCP_MAX_REQUEST_BYTES", "65536"));

        var answer = await rest.SendAsync("POST", "/collections/notes/import", new string('a', 70_000));

        Assert.StartsWith("The request is longer than MCP_MAX_REQUEST_BYTES allows.", answer.Problem(HttpStatusCode.RequestEntityTooLarge), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_says_what_works_and_reasons_to_callers_with_a_name_only()
    {
        await using var open = await RestServer.StartAsync(isQdrant: false, ("QDRANT_URL", "http://127.0.0.1:9"), ("QDRANT_TIMEOUT", "1s"));
        await using var named = await RestServer.StartAsync(isQdrant: false, ("QDRANT_URL", "http://127.0.0.1:9"), ("QDRANT_TIMEOUT", "1s"), ("MCP_API_KEY", "a-key-of-the-tests"));

        var anonymous = await open.DoAsync("GET", "/health");
        var holder = await named.DoAsync("GET", "/health", bearer: "a-key-of-the-tests");

        Assert.Equal("unhealthy", anonymous.GetProperty("status").GetString());
        Assert.All(anonymous.GetProperty("checks").EnumerateArray(), check => Assert.False(check.TryGetProperty("reason", out _)));
        Assert.Contains(holder.GetProperty("checks").EnumerateArray(), check => check.GetProperty("name").GetString() == "store" && check.GetProperty("reason").GetString()!.Contains("127.0.0.1:9", StringComparison.Ordinal));
    }

    private static Task<JsonElement> ImportAsync(RestServer rest, string collection, string file, string query = "") => rest.DoAsync("POST", $"/collections/{collection}/import{query}", file);
}
