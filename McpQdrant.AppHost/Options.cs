using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace McpQdrant.AppHost;

/// <summary>Where the memories are kept.</summary>
internal enum MemoryStore
{
    /// <summary>In Qdrant, in a container.</summary>
    Qdrant,

    /// <summary>In the server's own folder, without any container.</summary>
    Embedded,
}

/// <summary>What the arguments after <c>--</c>, or variables of the same names, ask for.</summary>
internal sealed partial record Options(MemoryStore Store, string Volume, int Replicas, int? Port, bool Inspector, bool HasApiKey)
{
    /// <summary>The parameters that hold keys. Their values are secrets and are not shown.</summary>
    private static readonly string[] Keys = ["qdrant-Key", "mcp-api-key"];

    /// <summary>What Docker and Podman take as a volume's name.</summary>
    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9_.-]+$")]
    private static partial Regex VolumeName { get; }

    /// <returns>The options, or a sentence that says what is wrong with them.</returns>
    public static (Options? Options, string? Error) Read(IDistributedApplicationBuilder builder)
    {
        var configuration = builder.Configuration;

        if (ContainerEngine.Refusal(configuration) is { } refusal)
            return (null, refusal);
        if (!TryRead(configuration, "Store", MemoryStore.Qdrant, out var store) || !Enum.IsDefined(store))
            return (null, $"Store is '{configuration["Store"]}'. It is 'qdrant', which needs Docker or Podman, or 'embedded', which needs neither.");
        if (store == MemoryStore.Embedded && builder.ExecutionContext.IsPublishMode)
            return (null, "The embedded store is for one machine: publish with Qdrant, without Store=embedded.");
        if (configuration["Volume"] is not { Length: > 0 } volume)
            volume = "mcp-qdrant-data";
        else if (!VolumeName.IsMatch(volume))
            return (null, $"Volume is '{volume}'. It is the name of a volume: letters, digits, '_', '.' and '-', the first a letter or a digit.");
        if (!TryRead(configuration, "Replicas", 1, out var replicas) || replicas is < 1 or > 100)
            return (null, $"Replicas is '{configuration["Replicas"]}'. It is a number of servers, from 1 to 100.");
        if (!TryRead(configuration, "Port", (int?)null, out var port) || port is < 1 or > 65535)
            return (null, $"Port is '{configuration["Port"]}'. It is a port number, from 1 to 65535.");
        if (!TryRead(configuration, "Inspector", false, out var inspector))
            return (null, $"Inspector is '{configuration["Inspector"]}'. It is true or false.");
        if (inspector && ProgramOnPath.Find("npx") is null)
            return (null, "Inspector=true starts the MCP Inspector with npx, which isn't on the PATH. Install Node.js, or leave the option out.");
        if (Keys.FirstOrDefault(key => configuration[$"Parameters:{key}"] is { } value && string.IsNullOrWhiteSpace(value)) is { } empty)
            return (null, $"The parameter '{empty}' is empty. Set Parameters:{empty} to a long random key, or leave it out.");

        return (new Options(store, volume, replicas, port, inspector, configuration["Parameters:mcp-api-key"] is not null), null);
    }

    private static bool TryRead<T>(IConfiguration configuration, string name, T absent, out T value)
    {
        try
        {
            value = configuration.GetValue(name, absent)!;
            return true;
        }
        catch (InvalidOperationException)
        {
            value = absent;
            return false;
        }
    }
}
