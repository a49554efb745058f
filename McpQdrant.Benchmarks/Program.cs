using System.CommandLine;
using McpQdrant.Benchmarks;
using McpQdrant.Benchmarks.Quality;
using McpQdrant.Benchmarks.Soak;
using McpQdrant.Benchmarks.Store;

var root = new RootCommand("Measures McpQdrant: how good its answers are, and what they cost.")
{
    QualityCommand.Create(),
    StartupCommand.Create(),
    LoadCommand.Create(),
    FootprintCommand.Create(),
    OverheadCommand.Create(),
    LibraryCommand.Create(),
    SketchCommand.Create(),
    FilterCommand.Create(),
    CollectionsCommand.Create(),
    ImportCommand.Create(),
    HistoryCommand.Create(),
    QdrantCommand.Create(),
    SoakCommand.Create(),
    CallsCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
