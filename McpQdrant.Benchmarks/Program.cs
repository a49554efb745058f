using System.CommandLine;
using McpQdrant.Benchmarks;
using McpQdrant.Benchmarks.Quality;

var root = new RootCommand("Measures McpQdrant: how good its answers are, and what they cost.")
{
    QualityCommand.Create(),
    StartupCommand.Create(),
    LoadCommand.Create(),
    FootprintCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
