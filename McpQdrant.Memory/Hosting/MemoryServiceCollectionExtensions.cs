using McpQdrant.Memories.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace McpQdrant.Memories;

/// <summary>Adds a memory to a program.</summary>
public static class MemoryServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IMemories"/>, kept by this process. Nothing is opened or loaded before the first call.</summary>
    /// <remarks>Where the program is hosted, what has expired and old lines of the log of changes are removed every hour; nobody finds them before either.</remarks>
    /// <param name="services">The program's services. Its <see cref="TimeProvider"/> and its logging are used, where it has them.</param>
    /// <param name="configure">Says where memories are kept, and which model makes their vectors.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="MemoriesException">No store or no model was chosen, or two of one kind, or the choices exclude each other.</exception>
    public static IServiceCollection AddMemory(this IServiceCollection services, Action<MemoryBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = MemoryBuilder.Build(configure);
        return services
            .AddSingleton(provider => new InProcessMemories(options, provider))
            .AddSingleton<IMemories>(provider => provider.GetRequiredService<InProcessMemories>())
            .AddSingleton<IHostedService>(provider => new MemoryUpkeep(provider.GetRequiredService<InProcessMemories>()));
    }

    /// <summary>Adds one of several memories of a program, by a key (<see cref="FromKeyedServicesAttribute"/>).</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="key">By which the program asks for it.</param>
    /// <param name="configure">Says where memories are kept, and which model makes their vectors.</param>
    /// <returns>The same services.</returns>
    /// <inheritdoc cref="AddMemory" path="/exception"/>
    public static IServiceCollection AddKeyedMemory(this IServiceCollection services, object key, Action<MemoryBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(key);
        var options = MemoryBuilder.Build(configure);
        return services
            .AddKeyedSingleton(key, (provider, _) => new InProcessMemories(options, provider))
            .AddKeyedSingleton<IMemories>(key, (provider, _) => provider.GetRequiredKeyedService<InProcessMemories>(key))
            .AddSingleton<IHostedService>(provider => new MemoryUpkeep(provider.GetRequiredKeyedService<InProcessMemories>(key)));
    }
}
