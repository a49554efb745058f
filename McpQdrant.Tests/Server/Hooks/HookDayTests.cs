namespace McpQdrant.Tests.Server.Hooks;

public sealed class HookDayTests
{
    private static readonly string[] Sayings =
    [
        "Remember that staging is rebuilt every night.", "We decided to keep migrations in their own assembly.", "No, the retries belong into the client and not into the job.",
        "Always run the formatter before you commit.", "Please use System.Text.Json instead of Newtonsoft.Json in this repository.", "Thanks, that looks good to me.",
        "Can you rename the class?", "Remember: the nightly build needs the secret named ATLAS_FEED.",
    ];

    /// <summary>Six sessions of ten events: start, six prompts, a compaction, the start after it, the end. They talk about the same things, as days do.</summary>
    [Fact]
    public async Task A_day_of_sixty_events_stores_nothing_twice_and_nothing_goes_wrong()
    {
        using var host = new HookHost();
        var events = 0;
        for (var session = 0; session < 6; session++)
        {
            // A resumed session begins with what was said before.
            if (session % 2 == 0)
                File.Delete(host.Transcript);
            await CallAsync("session-start", session % 2 == 0 ? """, "source": "startup" """ : """, "source": "resume" """);
            for (var prompt = 0; prompt < 6; prompt++)
            {
                var said = Sayings[(session * 5 + prompt * 3) % Sayings.Length];
                host.Say("user", said);
                host.Say("assistant", $"Decision: task {prompt % 2} is done by the worker and not by hand.");
                await CallAsync("user-prompt", $", \"prompt\": \"{said}\"");
                if (prompt == 3)
                {
                    await CallAsync("pre-compact");
                    await CallAsync("session-start", """, "source": "compact" """);
                }
            }
            await CallAsync("session-end");

            Task CallAsync(string hook, string more = "")
            {
                events++;
                return host.CallAsync(hook, $"session-{session}", more);
            }
        }

        var texts = (await host.ReadAsync()).Select(memory => memory.Text).ToList();
        Assert.Equal(60, events);
        Assert.Equal("", host.Log);
        Assert.Equal(texts.Distinct(StringComparer.OrdinalIgnoreCase).Count(), texts.Count);
        Assert.Equal(8, texts.Count);
    }
}
