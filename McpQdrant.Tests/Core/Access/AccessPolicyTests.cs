using CsCheck;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Server.Authentication;
using McpQdrant.Server.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace McpQdrant.Tests.Core.Access;

public sealed class AccessPolicyTests
{
    [Theory]
    [InlineData("notes", "notes", true)]
    [InlineData("notes", "notes2", false)]
    [InlineData("notes", "Notes", false)]
    [InlineData("team-*", "team-a", true)]
    [InlineData("team-*", "team-", true)]
    [InlineData("team-*", "steam-a", false)]
    [InlineData("*-public", "a-public", true)]
    [InlineData("a*c", "abbc", true)]
    [InlineData("a*c", "abbd", false)]
    [InlineData("a.c", "abc", false)]
    [InlineData("*", "anything at all", true)]
    public void Resolve_goes_by_patterns(string pattern, string name, bool isInReach)
    {
        var caller = new Caller { Name = "a", Rights = Rights.All, Collections = [pattern] };

        var resolved = Policy(new AccessBounds()).Resolve(caller, CollectionName.Parse(name), "test");

        Assert.Equal(isInReach, !resolved.IsInaccessible);
        Assert.Equal(name, resolved.ToString());
    }

    [Fact]
    public void Bounds_count_for_every_caller()
    {
        var policy = Policy(new AccessBounds { ReadOnly = true, Collections = ["a*"] });

        Assert.True(policy.Resolve(Caller.Local, CollectionName.Parse("b"), "test").IsInaccessible);
        Assert.False(policy.Resolve(Caller.Local, CollectionName.Parse("a"), "test").IsInaccessible);
        Assert.True(policy.MayUse(Caller.Local, ToolName.Find));
        Assert.False(policy.MayUse(Caller.Local, ToolName.Store));
        Assert.False(policy.MayUse(Caller.Local, ToolName.Forget));
    }

    [Fact]
    public void Names_within_a_prefix_are_said_without_it()
    {
        var policy = Policy(new AccessBounds { CollectionPrefix = "{caller}-" });
        var caller = new Caller { Name = "build agent", Rights = Rights.All, Collections = ["*"] };

        var resolved = policy.Resolve(caller, CollectionName.Parse("notes"), "test");

        Assert.Equal("build~20~agent-notes", resolved.Value);
        Assert.Equal("notes", $"{resolved}");
        Assert.Equal(resolved, CollectionName.Parse("build~20~agent-notes"));
    }

    [Fact]
    public void Visible_are_those_within_reach_by_the_callers_names()
    {
        var policy = Policy(new AccessBounds { CollectionPrefix = "{caller}-" });
        var caller = new Caller { Name = "ann", Rights = Rights.Read, Collections = ["n*"] };
        string[] all = ["ann-notes", "ann-secret", "ann-", "anna-notes", "bob-notes", "notes"];

        var visible = policy.Visible(caller, all.Select(CollectionName.Parse));

        Assert.Equal(["notes"], visible.Select(name => name.ToString()));
        Assert.Empty(policy.Visible(caller with { Rights = Rights.Write }, all.Select(CollectionName.Parse)));
    }

    /// <summary>The one thing that tenants rest on.</summary>
    [Theory]
    [InlineData("{caller}-")]
    [InlineData("t-{caller}é")]
    public void No_two_callers_reach_one_collection(string prefix)
    {
        var policy = Policy(new AccessBounds { CollectionPrefix = prefix });
        var gen = Gen.Char["a-~._é2d|:"].Array[1, 6].Select(characters => new string(characters));
        Gen.Select(gen, gen, gen, gen).Sample(
            (one, other, itsCollection, othersCollection) =>
                one == other || Actual(policy, one, itsCollection) is not { } name || name != Actual(policy, other, othersCollection),
            iter: 20_000);
    }

    [Theory]
    [InlineData("{caller}")]
    [InlineData("{caller}x")]
    [InlineData("t-{caller}.x")]
    [InlineData("a{caller}_")]
    [InlineData("a{caller}~")]
    public void A_prefix_that_does_not_hold_callers_apart_stops_the_start(string prefix) =>
        Assert.Contains("nothing tells the end of the caller's name", Assert.Throws<InvalidSettingsException>(() => Start(prefix)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("team-")]
    [InlineData("{caller}-")]
    [InlineData("{caller}{caller}-")]
    [InlineData("x {caller} y")]
    public void Any_other_prefix_is_good(string prefix) => Start(prefix);

    private static void Start(string prefix) =>
        new ServiceCollection().AddAccess(new AccessBounds { CollectionPrefix = prefix }, Caller.Unauthenticated);

    private static AccessPolicy Policy(AccessBounds bounds) => new(bounds, Caller.Unauthenticated, new AuditLog(NullLoggerFactory.Instance));

    private static string? Actual(AccessPolicy policy, string caller, string collection) =>
        CollectionNameRule.Refusal(collection) is null
            ? policy.Resolve(new Caller { Name = caller, Collections = ["*"] }, CollectionName.Parse(collection), "test").Value
            : null;
}
