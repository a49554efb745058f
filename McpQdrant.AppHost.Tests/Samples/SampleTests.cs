using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace McpQdrant.AppHost.Tests.Samples;

/// <summary>The samples do what their pages say; no container engine and no key needed.</summary>
public sealed class SampleTests : IDisposable
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mcpqdrant-");

    public static TheoryData<string> Projects => new(Directory.GetFiles(Path.Combine(AppHost.RepositoryRoot, "samples"), "*.csproj", SearchOption.AllDirectories));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Console_agent_remembers_across_runs()
    {
        Assert.Equal("I will remember that.", await SayAsync("My dog is called Rex."));
        Assert.Equal("You told me: My dog is called Rex.", await SayAsync("What is my dog called?"));

        async Task<string> SayAsync(string message)
        {
            await using var agent = SampleProcess.Start("samples/console-agent", "ConsoleAgent", _folder.FullName, [message]);
            return await agent.ReadToEndAsync();
        }
    }

    [Fact]
    public async Task Minimal_API_finds_a_note_by_its_meaning_and_deletes_it()
    {
        await using var api = SampleProcess.Start("samples/minimal-api", "MinimalApi", _folder.FullName, ["--urls", "http://127.0.0.1:0"]);
        using var client = new HttpClient { BaseAddress = await api.ReadAddressAsync() };

        using var created = await client.PostAsJsonAsync("/notes", new { text = "The signing key rotates every 90 days." }, Token);
        var found = await client.GetFromJsonAsync<JsonArray>("/notes?query=When%20does%20the%20key%20change%3F", Token);
        using var blank = await client.PostAsJsonAsync("/notes", new { text = " " }, Token);
        using var deleted = await client.DeleteAsync(created.Headers.Location, Token);
        using var gone = await client.GetAsync(created.Headers.Location, Token);

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("The signing key rotates every 90 days.", Assert.Single(found!)!["text"]!.GetValue<string>());
        Assert.EndsWith(found![0]!["id"]!.GetValue<string>(), created.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, blank.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Aspire_application_is_Qdrant_the_server_and_an_agent_that_is_told_where_it_is()
    {
        var path = Path.Combine(_folder.FullName, "manifest.json");
        await using var appHost = await DistributedApplicationTestingBuilder.CreateAsync<global::Projects.AppHost>(["--publisher", "manifest", "--output-path", path], Token);
        await using var app = await appHost.BuildAsync(Token);

        await app.RunAsync(Token);

        var resources = JsonNode.Parse(await File.ReadAllTextAsync(path, Token))!["resources"]!;
        Assert.Equal("{qdrant.bindings.http.url}", (string?)resources["memory"]!["env"]!["QDRANT_HTTPURI"]);
        Assert.Equal("{memory.connectionString}", (string?)resources["agent"]!["env"]!["ConnectionStrings__memory"]);
        var agent = Assert.Single(appHost.Resources, resource => resource.Name == "agent");
        Assert.Equal("memory", Assert.Single(agent.Annotations.OfType<WaitAnnotation>()).Resource.Name);
    }

    [Fact]
    public async Task Agent_of_the_Aspire_application_remembers_for_each_user_at_a_server()
    {
        await using var server = SampleProcess.Start(
            "McpQdrant.Server", "mcp-server-qdrant", _folder.FullName, ["--transport", "http", "--port", "0"], ("QDRANT_LOCAL_PATH", _folder.FullName), ("MCP_API_KEY", "the-key-of-the-sample"));
        var connection = $"Endpoint={new Uri(await server.ReadAddressAsync(), "/mcp")};Key=the-key-of-the-sample";
        await using var agent = SampleProcess.Start("samples/aspire/Agent", "Agent", _folder.FullName, ["--urls", "http://127.0.0.1:0"], ("ConnectionStrings__memory", connection));
        using var client = new HttpClient { BaseAddress = await agent.ReadAddressAsync() };

        Assert.Equal("I will remember that.", await SayAsync("ada", "My dog is called Rex."));
        Assert.Equal("You told me: My dog is called Rex.", await SayAsync("ada", "What is my dog called?"));
        Assert.Equal("I will remember that.", await SayAsync("bob", "What is the dog of Ada called?"));
        Assert.Equal("Healthy", await client.GetStringAsync("/health", Token));

        async Task<string> SayAsync(string user, string message)
        {
            using var answer = await client.PostAsync($"/users/{user}/messages", new StringContent(message), Token);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return await answer.Content.ReadAsStringAsync(Token);
        }
    }

    /// <summary>A copy of a sample has no central versions.</summary>
    [Theory]
    [MemberData(nameof(Projects))]
    public void Sample_asks_for_the_versions_of_the_repository(string project)
    {
        var ours = XDocument.Load(Path.Combine(AppHost.RepositoryRoot, "Directory.Build.props")).Descendants("Version").Single().Value;
        var others = XDocument.Load(Path.Combine(AppHost.RepositoryRoot, "Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("Version")!.Value);
        var references = XDocument.Load(project).Descendants("PackageReference").ToList();

        Assert.NotEmpty(references);
        Assert.All(references, reference =>
        {
            var name = reference.Attribute("Include")!.Value;
            Assert.Equal(name.StartsWith("McpQdrant.", StringComparison.Ordinal) ? ours : others[name], reference.Attribute("Version")!.Value);
        });
    }
}
