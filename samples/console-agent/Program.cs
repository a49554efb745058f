using ConsoleAgent;
using McpQdrant.Memories;
using Microsoft.Agents.AI;
using Microsoft.Extensions.DependencyInjection;

if (args is not [var message])
{
    Console.Error.WriteLine("Say something to the agent, in quotation marks.");
    return 1;
}

await using var services = new ServiceCollection()
    .AddMemory(memory => memory.UseSqlite("data").UseLocalModel())
    .BuildServiceProvider();
var memories = services.GetRequiredService<IMemories>();

// Any IChatClient takes the place of this one, for instance that of OpenAI, Azure or Ollama.
using var model = new ScriptedModel();
var agent = new ChatClientAgent(model, new ChatClientAgentOptions
{
    Name = "assistant",
    AIContextProviders = [new MemoryContextProvider(memories, session => new AgentMemoryScope { Agent = "assistant", User = Environment.UserName })],
});

Console.WriteLine(await agent.RunAsync(message));
return 0;
