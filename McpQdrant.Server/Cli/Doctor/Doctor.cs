using System.Diagnostics;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Server.Hosting;
using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Server.Cli;

/// <summary>Looks at all that a server with these settings would need, one after the other; one problem doesn't hide the next.</summary>
internal static class Doctor
{
    public static async Task<IReadOnlyList<DoctorFinding>> ExamineAsync(SettingValues settings, CancellationToken cancellationToken)
    {
        var findings = new List<DoctorFinding>
        {
            settings.Warnings.Count == 0
                ? new("settings", DoctorState.Ok, "The settings are valid.")
                : new("settings", DoctorState.Warning, string.Join(Environment.NewLine, settings.Warnings)),
        };
        findings.AddRange(await ExaminePartsAsync(settings, cancellationToken));
        if (settings.Get(Settings.Transport) != TransportKind.Stdio)
        {
            foreach (var address in ListenAddress.From(settings))
                findings.Add(await PortCheck.RunAsync(address, cancellationToken));
        }
        return findings;
    }

    private static async Task<IReadOnlyList<DoctorFinding>> ExaminePartsAsync(SettingValues settings, CancellationToken cancellationToken)
    {
        ServiceProvider built;
        try
        {
            built = new ServiceCollection()
                .AddLogging(logging => logging.AddServerLogging(settings.Get(Settings.LogFormat), LogLevel.Critical))
                .AddMemoryServer(settings, Caller.Local)
                .BuildServiceProvider();
        }
        catch (MemoryException failure)
        {
            return [new("store", DoctorState.Problem, failure.Message)];
        }

        await using var services = built;
        List<DoctorFinding> findings =
        [
            await TryAsync("store", () => services.GetRequiredService<IStoreInspection>().InspectAsync(cancellationToken)),
            await TryAsync("model", () => EmbedAsync(services.GetRequiredService<ITextEmbedder>(), cancellationToken)),
        ];
        if (settings.Get(Settings.CollectionName) is { } name && findings.TrueForAll(finding => finding.State == DoctorState.Ok))
            findings.Add(IsEachCallersOwn(settings)
                ? new("collection", DoctorState.Ok, $"Each caller has a collection '{name}' of its own, made when it first stores a memory.")
                : await TryAsync("collection", () => DescribeAsync(
                    services.GetRequiredService<DescribeCollection>(), CollectionName.Parse(name).Within(Prefix(settings)), cancellationToken)));
        if (findings[0].State == DoctorState.Ok && await ExamineClusterAsync(services.GetRequiredService<IStoreInspection>(), cancellationToken) is { } cluster)
            findings.Insert(1, cluster);
        return findings;
    }

    /// <returns>Null where memories are on one machine.</returns>
    private static async Task<DoctorFinding?> ExamineClusterAsync(IStoreInspection store, CancellationToken cancellationToken)
    {
        try
        {
            return await store.InspectClusterAsync(cancellationToken) switch
            {
                null => null,
                { Warnings: [] } report => new DoctorFinding("cluster", DoctorState.Ok, string.Join(Environment.NewLine, report.Parts)),
                var report => new DoctorFinding("cluster", DoctorState.Warning, string.Join(Environment.NewLine, report.Warnings.Concat(report.Parts))),
            };
        }
        catch (MemoryException failure)
        {
            return new DoctorFinding("cluster", DoctorState.Warning, failure.Message);
        }
    }

    /// <summary>Over HTTP the callers are known only when they call.</summary>
    private static bool IsEachCallersOwn(SettingValues settings) =>
        settings.Get(Settings.Transport) != TransportKind.Stdio
        && settings.Get(Settings.CollectionPrefix) is { } template && template.Contains(CollectionPrefix.Placeholder, StringComparison.Ordinal);

    private static string Prefix(SettingValues settings) => CollectionPrefix.For(settings.Get(Settings.CollectionPrefix) ?? "", Caller.Local.Name);

    private static async Task<DoctorFinding> TryAsync(string part, Func<Task<string>> examine)
    {
        try
        {
            return new DoctorFinding(part, DoctorState.Ok, await examine());
        }
        catch (MemoryException failure)
        {
            return new DoctorFinding(part, DoctorState.Problem, failure.Message);
        }
    }

    private static async Task<string> EmbedAsync(ITextEmbedder embedder, CancellationToken cancellationToken)
    {
        var identity = await embedder.IdentifyAsync(cancellationToken);
        var started = Stopwatch.GetTimestamp();
        var embedding = await embedder.EmbedQueryAsync("Is all well?", cancellationToken);
        return embedding.Vector is SemanticVector.Embedded
            ? $"{identity.Model} ({identity.Provider}) embeds: {identity.Dimensions} numbers a vector, {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms for a short text."
            : $"Qdrant itself embeds with {identity.Model}, {identity.Dimensions} numbers a vector. Whether it has that model shows when a memory is stored.";
    }

    private static async Task<string> DescribeAsync(DescribeCollection describe, CollectionName name, CancellationToken cancellationToken) =>
        await describe.HandleAsync(Caller.Local, new DescribeCollectionRequest(name), cancellationToken) switch
        {
            null => $"'{name}' doesn't exist yet; it is made when the first memory is stored.",
            { Problem: { } problem } => throw new MemoryException(problem),
            { Mode: SearchMode.Dense } dense => $"'{name}' has {UpgradeCollection.Counted(dense.Points)}{WrittenWith(dense)}, found by meaning only; mcp-server-qdrant upgrade adds words.",
            var entry => $"'{name}' has {UpgradeCollection.Counted(entry.Points)}{WrittenWith(entry)}, found by meaning and by words.",
        };

    /// <summary>It may be another model than the configured one, which is for new collections.</summary>
    private static string WrittenWith(CollectionEntry entry) => entry.Model is { } model ? $" of {model}" : "";
}

/// <summary>What <c>doctor</c> found out about one part.</summary>
/// <param name="Part">What was looked at, in a word.</param>
/// <param name="Sentence">What is there; for a problem, what to do about it too.</param>
internal sealed record DoctorFinding(string Part, DoctorState State, string Sentence);

internal enum DoctorState
{
    Ok,

    /// <summary>Works, but perhaps not as it was meant.</summary>
    Warning,

    Problem,
}
