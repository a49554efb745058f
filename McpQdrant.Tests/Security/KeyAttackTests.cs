using System.Net;
using McpQdrant.Server.Access;
using McpQdrant.Server.Access.Keys;
using McpQdrant.Tests.Access;
using McpQdrant.Tests.Protocol;

namespace McpQdrant.Tests.Security;

/// <summary>Keys that are wrong, or in the wrong place.</summary>
public sealed class KeyAttackTests
{
    private const string Key = "the-right-key-0123456789";

    private static readonly string Body = Messages.Request(1, "tools/list");

    [Theory]
    [InlineData("?api_key=" + Key)]
    [InlineData("?key=" + Key)]
    [InlineData("?access_token=" + Key)]
    [InlineData("?X-API-Key=" + Key)]
    public async Task A_key_in_the_address_is_no_key(string query)
    {
        await using var server = await AccessServer.StartAsync(("MCP_API_KEY", Key));

        var answer = await server.SendAsync(Body, prepare: request => request.RequestUri = new Uri(server.Endpoint, $"/mcp{query}"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.All(server.Log.Events, entry => Assert.DoesNotContain(Key, entry.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Authorization", "Bearer")]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "Basic dGhlLXJpZ2h0LWtleS0wMTIzNDU2Nzg5")]
    [InlineData("Authorization", Key)]
    [InlineData("X-API-Key", "")]
    [InlineData("X-API-Key", Key + "0")]
    [InlineData("X-API-Key", "Bearer " + Key)]
    [InlineData("Cookie", "X-API-Key=" + Key)]
    public async Task A_wrong_header_is_no_key(string header, string value)
    {
        await using var server = await AccessServer.StartAsync(("MCP_API_KEY", Key));

        var answer = await server.SendAsync(Body, prepare: request => request.Headers.TryAddWithoutValidation(header, value));

        Assert.True(answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest, $"{answer.Status}");
    }

    [Fact]
    public async Task A_wrong_key_beside_the_right_one_is_refused()
    {
        await using var server = await AccessServer.StartAsync(("MCP_API_KEY", Key));

        var two = await server.SendAsync(Body, prepare: request => request.Headers.TryAddWithoutValidation("X-API-Key", [Key, "other"]));
        var mixed = await server.SendAsync(Body, Key, request => request.Headers.Add("X-API-Key", "other"));

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (two.Status, mixed.Status));
    }

    [Fact]
    public async Task Every_wrong_key_gets_the_same_answer()
    {
        await using var server = await AccessServer.StartAsync(("MCP_API_KEY", Key));

        var answers = new List<string>();
        foreach (var wrong in (string[])["x", Key[..^1], Key[..^1] + "8", new string('k', 10_000)])
        {
            var answer = await server.SendAsync(Body, wrong);
            answers.Add($"{answer.Status} {answer.Body} {answer.Challenge}");
        }

        Assert.Single(answers.Distinct());
    }

    /// <summary>What takes the same time is the same work: a hash of fixed length, and each known one compared in full.</summary>
    [Fact]
    public void Every_key_is_compared_by_its_hash_with_all_that_there_are()
    {
        var callers = Enumerable.Range(0, 5).Select(i => new CallerKey(CallerKey.HashOf($"key-{i}"), new Caller { Name = $"caller-{i}", Rights = Rights.Read, Collections = ["*"] })).ToArray();
        var keys = new CountedKeys(callers);
        var subject = new CallerKeys(keys);

        foreach (var presented in (string[])["key-0", "key-4", "unknown", "", new string('k', 100_000)])
        {
            keys.Taken = 0;
            subject.Find(CallerKey.HashOf(presented));
            Assert.Equal(callers.Length, keys.Taken);
        }
    }

    private sealed class CountedKeys(IReadOnlyList<CallerKey> keys) : IReadOnlyList<CallerKey>
    {
        public int Taken { get; set; }

        public int Count => keys.Count;

        public CallerKey this[int index] => keys[index];

        public IEnumerator<CallerKey> GetEnumerator()
        {
            foreach (var key in keys)
            {
                Taken++;
                yield return key;
            }
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
