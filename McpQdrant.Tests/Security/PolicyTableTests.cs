using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using McpQdrant.Tests.Protocol;
using McpQdrant.Tests.Server.Authentication;

namespace McpQdrant.Tests.Security;

/// <summary>What each caller gets from each tool and resource for each kind of collection, over HTTP.</summary>
public sealed partial class PolicyTableTests(PolicyServer policy) : IClassFixture<PolicyServer>
{
    /// <summary>
    /// <c>done</c>; <c>absent</c>: byte by byte what somebody who may see everything is told of a collection that there isn't;
    /// <c>denied</c>: a right or the tool is missing; <c>out</c>: not this collection; <c>401</c>.
    /// </summary>
    private const string Table = """
        caller    action         own-here own-gone secret-here secret-gone
        reader    find           done     absent   absent      absent
        reader    store          denied   denied   denied      denied
        reader    update         denied   denied   denied      denied
        reader    forget         denied   denied   denied      denied
        reader    forget-filter  denied   denied   denied      denied
        reader    confirm        denied   denied   denied      denied
        reader    resource       done     absent   absent      absent
        reader    memory         done     absent   absent      absent
        writer    find           done     absent   absent      absent
        writer    store          done     done     out         out
        writer    update         done     absent   absent      absent
        writer    forget         denied   denied   denied      denied
        writer    forget-filter  denied   denied   denied      denied
        writer    resource       done     absent   absent      absent
        writer    memory         done     absent   absent      absent
        ingester  find           denied   denied   denied      denied
        ingester  store          done     done     out         out
        ingester  update         denied   denied   denied      denied
        ingester  forget         denied   denied   denied      denied
        ingester  resource       denied   denied   denied      denied
        ingester  memory         denied   denied   denied      denied
        eraser    find           done     absent   absent      absent
        eraser    store          done     done     out         out
        eraser    update         done     absent   absent      absent
        eraser    forget         done     absent   absent      absent
        eraser    forget-filter  done     absent   absent      absent
        eraser    confirm        absent   absent   absent      absent
        eraser    resource       done     absent   absent      absent
        eraser    memory         done     absent   absent      absent
        forgetter find           denied   denied   denied      denied
        forgetter store          denied   denied   denied      denied
        forgetter update         denied   denied   denied      denied
        forgetter forget         denied   denied   denied      denied
        forgetter forget-filter  denied   denied   denied      denied
        forgetter resource       denied   denied   denied      denied
        finder    find           done     absent   absent      absent
        finder    store          denied   denied   denied      denied
        finder    update         denied   denied   denied      denied
        finder    forget         denied   denied   denied      denied
        stranger  find           absent   absent   absent      absent
        stranger  store          out      out      out         out
        stranger  update         absent   absent   absent      absent
        stranger  forget         absent   absent   absent      absent
        stranger  forget-filter  absent   absent   absent      absent
        stranger  resource       absent   absent   absent      absent
        stranger  memory         absent   absent   absent      absent
        admin     find           done     absent   done        absent
        admin     store          done     done     done        done
        admin     update         done     absent   done        absent
        admin     forget         done     absent   done        absent
        admin     forget-filter  done     absent   done        absent
        admin     resource       done     absent   done        absent
        admin     memory         done     absent   done        absent
        unknown   find           401      401      401         401
        unknown   resource       401      401      401         401
        nobody    store          401      401      401         401
        nobody    memory         401      401      401         401
        """;

    /// <summary>A collection that there isn't, of a name as long as those that there are.</summary>
    private const string Unseen = "secret-gone";

    public static TheoryData<string, string, string, string> Cells
    {
        get
        {
            var rows = Table.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
            return [.. rows[1..].SelectMany(row => row[2..].Select((outcome, column) => (row[0], row[1], rows[0][column + 2], outcome)))];
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Every_cell_is_as_the_policy_says(string caller, string action, string collection, string outcome)
    {
        if (action is "store" && collection.EndsWith("gone", StringComparison.Ordinal))
            collection = $"{collection}-{caller}";   // there is one afterwards
        await policy.SeedAsync();

        var answer = await policy.Server.SendAsync(Message(action, collection), Key(caller));

        switch (outcome)
        {
            case "401":
                Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
                break;
            case "absent":
                // The same caller asks for what there isn't, within no one's reach: whether a collection exists must make no difference.
                var missing = await policy.Server.SendAsync(Message(action, Unseen), Key(caller));
                Assert.Equal(missing.Status, answer.Status);
                Assert.Equal(WithoutNearest(missing.Body.Replace(Unseen, "?", StringComparison.Ordinal)), WithoutNearest(answer.Body.Replace(collection, "?", StringComparison.Ordinal)));
                if (caller is not "admin")
                    Assert.DoesNotContain("secret-", answer.Body.Replace(collection, "?", StringComparison.Ordinal), StringComparison.Ordinal);
                Assert.DoesNotContain("vault", answer.Body, StringComparison.Ordinal);
                break;
            case "denied":
                Assert.StartsWith($"You may not use {Used(action)}", Failure(answer), StringComparison.Ordinal);
                break;
            case "out":
                Assert.StartsWith($"The collection '{collection}' is not among those that you may use.", Failure(answer), StringComparison.Ordinal);
                break;
            default:
                Assert.Equal("done", outcome);
                Assert.Null(Failure(answer));
                Assert.Contains(action is "store" or "forget" ? collection : "vault", answer.Body, StringComparison.Ordinal);
                break;
        }
    }

    /// <summary>The nearest names differ with the name that was asked for.</summary>
    private static string WithoutNearest(string body) => NearestNames().Replace(body, "");

    [GeneratedRegex("""The nearest: .*?\. """)]
    private static partial Regex NearestNames();

    [Theory]
    [InlineData("reader", "qdrant-collections,qdrant-find")]
    [InlineData("writer", "qdrant-collections,qdrant-find,qdrant-store,qdrant-update")]
    [InlineData("ingester", "qdrant-store")]
    [InlineData("forgetter", "")]
    [InlineData("finder", "qdrant-find")]
    [InlineData("eraser", "qdrant-collections,qdrant-find,qdrant-forget,qdrant-store,qdrant-update")]
    public async Task A_caller_is_offered_only_what_it_may_use(string caller, string expected)
    {
        var answer = await policy.Server.SendAsync(Messages.Request(1, "tools/list"), Key(caller));

        var tools = answer.Message.Result().GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString());
        Assert.Equal(expected, string.Join(',', tools.Order()));
    }

    [Theory]
    [InlineData("reader", true)]
    [InlineData("ingester", false)]
    public async Task Resources_are_offered_to_those_who_may_read(string caller, bool mayRead)
    {
        var answer = await policy.Server.SendAsync(Messages.Request(1, "resources/templates/list"), Key(caller));

        Assert.Equal(mayRead ? 2 : 0, answer.Message.Result().GetProperty("resourceTemplates").GetArrayLength());
    }

    [Theory]
    [InlineData("reader", true, false)]
    [InlineData("stranger", false, false)]
    [InlineData("ingester", false, false)]
    [InlineData("admin", true, true)]
    public async Task Lists_and_completions_name_only_collections_within_reach(string caller, bool seesOwn, bool seesSecret)
    {
        await policy.SeedAsync();

        var listed = await policy.Server.SendAsync(Messages.Call(1, "qdrant-collections", []), Key(caller));
        var completed = await policy.Server.SendAsync(Messages.Request(1, "completion/complete", new JsonObject
        {
            ["ref"] = new JsonObject { ["type"] = "ref/resource", ["uri"] = "memory://{collection}" },
            ["argument"] = new JsonObject { ["name"] = "collection", ["value"] = "" },
        }), Key(caller));

        Assert.All([listed, completed], answer =>
        {
            Assert.Equal(seesOwn, answer.Body.Contains("own-here", StringComparison.Ordinal));
            Assert.Equal(seesSecret, answer.Body.Contains("secret-here", StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task A_completion_tells_no_more_of_a_forbidden_collection_than_of_none()
    {
        await policy.SeedAsync();

        var forbidden = await CompleteAsync("secret-h");
        var missing = await CompleteAsync("nothing-h");

        Assert.Equal(missing.Body, forbidden.Body);

        Task<HttpAnswer> CompleteAsync(string value) => policy.Server.SendAsync(
            Messages.Request(1, "completion/complete", new JsonObject
            {
                ["ref"] = new JsonObject { ["type"] = "ref/resource", ["uri"] = "memory://{collection}" },
                ["argument"] = new JsonObject { ["name"] = "collection", ["value"] = value },
            }),
            Key("reader"));
    }

    [Fact]
    public async Task A_confirmation_code_is_good_for_its_caller_only()
    {
        await policy.SeedAsync();
        var preview = await policy.Server.SendAsync(Message("forget-filter", "own-here"), Key("eraser"));
        var code = preview.Message.Structured().GetProperty("confirmation").GetString()!;

        var stolen = await policy.Server.SendAsync(Confirm(code), Key("eraser2"));
        var unknown = await policy.Server.SendAsync(Confirm("000000000000"), Key("eraser2"));
        var own = await policy.Server.SendAsync(Confirm(code), Key("eraser"));

        Assert.Equal(unknown.Body, stolen.Body);
        Assert.Equal(1, own.Message.Structured().GetProperty("deleted").GetInt32());

        static string Confirm(string code) => Messages.Call(1, "qdrant-forget", new JsonObject { ["confirmation"] = code, ["collection_name"] = "own-here" });
    }

    [Fact]
    public async Task Every_refusal_is_in_the_audit_once_and_no_text_is()
    {
        await policy.SeedAsync();
        policy.Server.Log.Clear();

        await policy.Server.SendAsync(Message("find", "secret-here"), Key("reader"));
        await policy.Server.SendAsync(Message("store", "own-here"), Key("reader"));
        await policy.Server.SendAsync(Message("resource", "secret-here"), Key("reader"));
        await policy.Server.SendAsync(Message("find", "own-here"), Key("unknown"));

        Assert.Equal(
            ["reader qdrant-find secret-here refused: this collection", "reader qdrant-store (null) refused: this action", "reader resources/read secret-here refused: this collection", "127.0.0.1 /mcp (null) refused: wrong credentials"],
            policy.Server.Log.AuditLog.Select(entry => entry.Text));
        Assert.All(policy.Server.Log.Events, entry => Assert.DoesNotContain("vault", entry.Text, StringComparison.Ordinal));
        Assert.All(policy.Server.Log.Events, entry => Assert.DoesNotContain("key-of", entry.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_change_is_in_the_audit_with_its_caller_ids_and_outcome()
    {
        await policy.SeedAsync();
        policy.Server.Log.Clear();

        await policy.Server.SendAsync(Message("store", "own-here"), Key("eraser"));
        await policy.Server.SendAsync(Message("update", "own-here"), Key("eraser"));
        await policy.Server.SendAsync(Message("forget", "own-here"), Key("eraser"));
        await policy.Server.SendAsync(Message("update", "own-here"), Key("eraser"));
        await policy.Server.SendAsync(Message("find", "own-here"), Key("eraser"));

        var events = policy.Server.Log.AuditLog.ToArray();
        Assert.Equal(["change", "change", "change", "failure"], events.Select(entry => entry.Name));
        Assert.Equal(["stored again", "updated", "deleted 1 of 1", "failed"], events.Select(entry => entry.Values["Outcome"]));
        Assert.All(events, entry => Assert.Equal(("eraser", "own-here"), (entry.Values["Caller"], entry.Values["Collection"])));
        Assert.All(events, entry => Assert.Contains(policy.Id, entry.Text, StringComparison.Ordinal));
    }

    private static string? Key(string caller) => caller switch
    {
        "admin" => PolicyServer.AdminKey,
        "nobody" => null,
        _ => AccessServer.KeyOf(caller),
    };

    private static string Used(string action) => action switch
    {
        "resource" or "memory" => "resources/read",
        "forget-filter" or "confirm" => "qdrant-forget",
        _ => $"qdrant-{action}",
    };

    private string Message(string action, string collection) => action switch
    {
        "find" => Messages.Find(1, "When can I get in?", collection),
        "store" => Messages.Store(1, "The vault opens at nine.", collection, new JsonObject { ["kind"] = "fact" }),
        "update" => Messages.Call(1, "qdrant-update", new JsonObject { ["id"] = policy.Id, ["metadata"] = new JsonObject { ["seen"] = true }, ["collection_name"] = collection }),
        "forget" => Messages.Call(1, "qdrant-forget", new JsonObject { ["ids"] = new JsonArray(policy.Id), ["collection_name"] = collection }),
        "forget-filter" => Messages.Call(1, "qdrant-forget", new JsonObject { ["filter"] = JsonNode.Parse("""{"must": [{"key": "metadata.kind", "match": {"value": "fact"}}]}"""), ["collection_name"] = collection }),
        "confirm" => Messages.Call(1, "qdrant-forget", new JsonObject { ["confirmation"] = "0123456789ab", ["collection_name"] = collection }),
        "resource" => Messages.Request(1, "resources/read", new JsonObject { ["uri"] = $"memory://{collection}" }),
        "memory" => Messages.Request(1, "resources/read", new JsonObject { ["uri"] = $"memory://{collection}/{policy.Id}" }),
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, null),
    };

    /// <summary>The sentence of a failure, of a tool or of the protocol; null where there is none.</summary>
    private static string? Failure(HttpAnswer answer) =>
        answer.Message.TryGetProperty("error", out var error) ? error.GetProperty("message").GetString()
        : answer.Message.Result().TryGetProperty("isError", out var isError) && isError.ValueKind == JsonValueKind.True ? answer.Message.Text()
        : null;
}
