using System.Text.RegularExpressions;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Authentication.Keys;
using McpQdrant.Tests.Server.Authentication;
using Microsoft.Extensions.Logging.Abstractions;

namespace McpQdrant.Tests.Fuzzing;

/// <summary>The text of an access file, and the callers that it names.</summary>
internal static partial class AccessFileTarget
{
    /// <summary>The names of the callers in the seeds.</summary>
    private static readonly string[] Names = ["ann", "bob"];

    private static readonly AccessPolicy Policy = new(new AccessBounds { CollectionPrefix = "{caller}-" }, Caller.Unauthenticated, new AuditLog(NullLoggerFactory.Instance));

    public static Task JudgeAsync(byte[] file)
    {
        try
        {
            var keys = AccessFileReader.Parse(file);

            Assert.InRange(keys.Count, 0, 100);
            foreach (var name in Names)
            {
                if (keys.Find(CallerKey.HashOf(AccessServer.KeyOf(name))) is { Caller: var caller })
                    Use(caller);
            }
        }
        catch (AccessFileException refusal)
        {
            Assert.NotEmpty(refusal.Message);
            // A file may call a caller by a hash, and callers are named.
            var withoutNames = QuotedName().Replace(refusal.Message, "''");
            Assert.All(Names, name => Assert.DoesNotContain(Convert.ToHexStringLower(CallerKey.HashOf(AccessServer.KeyOf(name))), withoutNames, StringComparison.OrdinalIgnoreCase));
        }
        return Task.CompletedTask;
    }

    [GeneratedRegex("'[^']*'")]
    private static partial Regex QuotedName();

    private static void Use(Caller caller)
    {
        Assert.NotEmpty(caller.Name);
        foreach (var tool in Enum.GetValues<ToolName>())
            Policy.MayUse(caller, tool);
        try
        {
            var resolved = Policy.Resolve(caller, CollectionName.Parse("notes"), "fuzz");
            Assert.True(resolved.IsInaccessible || resolved.Value.EndsWith("-notes", StringComparison.Ordinal), resolved.Value);
        }
        catch (MemoryException tooLong)
        {
            Assert.Contains("longer than", tooLong.Message, StringComparison.Ordinal);
        }
    }
}
