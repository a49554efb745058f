using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Secrets;
using McpQdrant.Server.Hooks.Transcripts;
using McpQdrant.Server.Hosting;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Server.Mcp.Tools.Arguments;

namespace McpQdrant.Server.Hooks;

/// <summary>Does what an event asks for, and answers nothing where that can't be done: a broken memory must not stop a session.</summary>
/// <param name="isReview">Writes what was learnt to a file instead of the store.</param>
internal sealed class HookRun(SettingValues settings, HookFolder folder, bool isReview)
{
    /// <summary>For how long one call of the store may take: it is locked, or a server doesn't answer.</summary>
    private static readonly TimeSpan StorePatience = TimeSpan.FromMilliseconds(500);

    /// <summary>Does one event.</summary>
    /// <param name="answer">Gets what is to be added to the session's context.</param>
    /// <exception cref="MemoryException">The store or the model doesn't work.</exception>
    public async Task RunAsync(HookEvent hook, HookInput input, Action<string> answer, CancellationToken cancellationToken)
    {
        var session = HookSession.Open(folder, input.Session, HookProject.Of(input.Folder));
        // A compaction loses what was shown before, and a new start has not seen it.
        if (hook == HookEvent.PreCompact || hook == HookEvent.SessionStart && input.Cause is not "resume")
            session.Shown.Clear();

        await using var services = Compose();
        switch (hook)
        {
            case HookEvent.SessionStart:
                Answer(await RecallOf(services).BriefAsync(session, HookSession.MostUsed(folder, session.Project, DateTimeOffset.UtcNow), cancellationToken));
                session.Save();
                // Some compactions skip the hook that comes before them.
                if (input.Cause is "compact" or "resume")
                    await HarvestAsync(services, session, input, cancellationToken);
                break;
            case HookEvent.UserPrompt when input.Prompt is { } prompt:
                Answer(await RecallOf(services).ForPromptAsync(session, prompt.Trim(), cancellationToken));
                break;
            case HookEvent.PreCompact or HookEvent.SessionEnd:
                await HarvestAsync(services, session, input, cancellationToken);
                break;
        }
        session.Save();

        void Answer(string? context)
        {
            if (context is not null)
                answer(HookAnswer.Of(input, hook, context));
        }
    }

    private async Task HarvestAsync(ServiceProvider services, HookSession session, HookInput input, CancellationToken cancellationToken)
    {
        var transcript = Transcript.Read(input.Transcript, session.Offset);
        var harvest = new HookHarvest(services.GetRequiredService<StoreMemory>(), services.GetRequiredService<SecretFilter>(), Collection, services.GetRequiredService<TimeProvider>());
        if (isReview)
            harvest.Review(folder, session, input.Session, transcript);
        else
            await harvest.StoreAsync(session, input.Session, transcript, cancellationToken);
    }

    private HookRecall RecallOf(ServiceProvider services) =>
        new(services.GetRequiredService<FindMemories>(), Collection, settings.Get(Settings.HookTokens), settings.Get(Settings.HookSimilarity));

    private CollectionName Collection => CollectionName.Parse(settings.Get(Settings.CollectionName) ?? CollectionArgument.Default);

    private ServiceProvider Compose() => new ServiceCollection()
        .AddLogging()
        .AddMemoryServer(settings, Caller.Local, new ServerOverrides
        {
            StorePatience = StorePatience,
            DuplicateThreshold = HookHarvest.DuplicateThreshold,
            LoadsModelAtStart = false,
            // Nobody looks at what a hook stores, so secrets are kept out unless somebody allowed them.
            Secrets = settings.IsSet(Settings.Secrets) ? null : SecretHandling.Mask,
        })
        .BuildServiceProvider();
}
