using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Transfer;
using McpQdrant.Tests.Server.Mcp;

namespace McpQdrant.Tests.Core.Secrets;

/// <summary>Secrets stay out of the store, by whichever way they come.</summary>
public sealed class SecretFilterTests
{
    private static readonly string Token = MadeUpSecrets.Take(20).First(secret => secret.Kind == "GitHub token").Secret;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refusal_names_the_kind_and_never_the_secret()
    {
        await using var host = await ToolHost.StartAsync(("MEMORY_SECRETS", "refuse"));
        var id = await host.StoreAsync("the cat");
        var texts = JsonSerializer.Serialize($"The token is {Token}.");

        string[] refusals =
        [
            await host.RefusalAsync("qdrant-store", $$"""{"collection_name": "notes", "information": {{texts}}}"""),
            await host.RefusalAsync("qdrant-store", $$$"""{"collection_name": "notes", "information": "the dog", "metadata": {"a": [{"b": "{{{Token}}}"}]}}"""),
            await host.RefusalAsync("qdrant-store", $$$"""{"collection_name": "notes", "information": "the dog", "metadata": {"{{{Token}}}": 1}}"""),
            await host.RefusalAsync("qdrant-update", $$"""{"collection_name": "notes", "id": "{{id}}", "information": {{texts}}}"""),
            await host.RefusalAsync("qdrant-update", $$$"""{"collection_name": "notes", "id": "{{{id}}}", "metadata": {"token": "{{{Token}}}"}}"""),
        ];

        Assert.All(refusals, refusal => Assert.Contains("a GitHub token", refusal, StringComparison.Ordinal));
        Assert.All(refusals, refusal => Assert.DoesNotContain(Token[..12], refusal, StringComparison.Ordinal));
        Assert.DoesNotContain(Token, (await host.FindAsync("cat dog token")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_masked_text_is_stored_and_found_without_its_secret()
    {
        await using var host = await ToolHost.StartAsync(("MEMORY_SECRETS", "mask"));

        var stored = await host.DoAsync("qdrant-store", $$$"""{"collection_name": "notes", "information": "The cat's token is {{{Token}}}.", "metadata": {"keys": ["{{{Token}}}"], "card": 4111111111111111, "password": "hunter2", "n": 1}}""");
        var found = await host.FindAsync("cat");

        Assert.Contains("stored without it", stored.Text, StringComparison.Ordinal);
        Assert.Contains("The cat's token is [secret: GitHub token].", found.Text, StringComparison.Ordinal);
        var metadata = (await host.Get<GetMemory>().HandleAsync(
            Caller.Local, new GetMemoryRequest(CollectionName.Parse("notes"), MemoryOf(stored["id"]!)), Stop)).Metadata!.Value;
        Assert.Equal("""{"keys":["[secret: GitHub token]"],"card":"[secret: card number]","password":"[secret: password]","n":1}""", metadata.GetRawText());
    }

    [Fact]
    public async Task Secrets_are_stored_as_they_are_unless_somebody_says_otherwise()
    {
        await using var host = await ToolHost.StartAsync();

        await host.StoreAsync($"the cat {Token}", $$"""{"token": "{{Token}}"}""");

        Assert.Contains(Token, (await host.FindAsync("cat")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_skips_what_holds_a_secret_and_says_where()
    {
        await using var host = await ToolHost.StartAsync(("MEMORY_SECRETS", "refuse"));

        var imported = await ImportAsync(host, new ImportedMemory($"the cat {Token}", null), new ImportedMemory("the dog", JsonElement.Parse($$"""{"t": "{{Token}}"}""")), new ImportedMemory("the fish", null));

        Assert.Equal((1, 2), (imported.Stored, imported.Skipped));
        Assert.All(imported.FirstSkipped, skipped => Assert.Contains("a GitHub token", skipped.Reason, StringComparison.Ordinal));
        Assert.All(imported.FirstSkipped, skipped => Assert.DoesNotContain(Token, skipped.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_import_masks_texts_metadata_and_other_fields()
    {
        await using var host = await ToolHost.StartAsync(("MEMORY_SECRETS", "mask"));
        var id = new MemoryId(7);

        await ImportAsync(host, new ImportedMemory($"the cat {Token}", JsonElement.Parse($$"""{"t": "{{Token}}"}""")) { Id = id, Others = JsonElement.Parse($$"""{"o": "{{Token}}"}""") });

        var memory = await host.Get<GetMemory>().HandleAsync(Caller.Local, new GetMemoryRequest(CollectionName.Parse("notes"), id), Stop);
        Assert.Equal("the cat [secret: GitHub token]", memory.Text);
        Assert.Equal("""{"t":"[secret: GitHub token]"}""", memory.Metadata!.Value.GetRawText());
        using var exported = new MemoryStream();
        await host.Get<ExportCollections>().HandleAsync(Caller.Local, new ExportCollectionsRequest([CollectionName.Parse("notes")], exported, new Progress<BackfillProgress>()), Stop);
        Assert.DoesNotContain(Token, System.Text.Encoding.UTF8.GetString(exported.ToArray()), StringComparison.Ordinal);
    }

    private static Task<ImportMemoriesResult> ImportAsync(ToolHost host, params ImportedMemory[] memories) => host.Get<ImportMemories>().HandleAsync(
        Caller.Local,
        new ImportMemoriesRequest(memories.Select((memory, number) => new ImportEntry.Item($"line {number + 1}", memory)).ToAsyncEnumerable<ImportEntry>(), new Progress<BackfillProgress>())
        {
            Collection = CollectionName.Parse("notes"),
        },
        Stop);

    private static MemoryId MemoryOf(string text) => MemoryId.TryParse(text, out var id) ? id : throw new ArgumentException(text);
}
