using ConsoleAgent;
using McpQdrant.Memories;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddMcpQdrantClient("memory");
// Any IChatClient takes the place of this one.
builder.Services.AddSingleton<IChatClient, ScriptedModel>();
var app = builder.Build();

app.MapHealthChecks("/health");

app.MapPost("/users/{user}/messages", async (string user, HttpRequest request, IChatClient model, IMemories memories, ILogger<MemoryContextProvider> logger) =>
{
    using var body = new StreamReader(request.Body);
    var agent = new ChatClientAgent(model, new ChatClientAgentOptions
    {
        Name = "assistant",
        AIContextProviders = [new MemoryContextProvider(memories, session => new AgentMemoryScope { Agent = "assistant", User = user }, logger: logger)],
    });
    return (await agent.RunAsync(await body.ReadToEndAsync())).Text;
});

app.Run();
