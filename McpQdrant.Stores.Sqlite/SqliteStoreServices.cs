using McpQdrant.Core.Ports;
using McpQdrant.Stores.Sqlite.Files;

namespace McpQdrant.Stores.Sqlite;

public static class SqliteStoreServices
{
    /// <summary>Keeps memories in a SQLite file of this machine. Nothing is opened before the first call.</summary>
    public static IServiceCollection AddSqliteStore(this IServiceCollection services, SqliteStoreOptions options)
    {
        return services
        .AddSingleton(options)
        .AddSingleton<SqliteMemoryStore>()
        .AddMemoryStore<SqliteMemoryStore>()
        .AddSingleton<IChangeLog>(provider => provider.GetRequiredService<SqliteMemoryStore>())
        .AddSingleton<IErasure>(provider => provider.GetRequiredService<SqliteMemoryStore>())
        .AddSingleton<ITextMaintenance>(provider => provider.GetRequiredService<SqliteMemoryStore>())
        .AddSingleton<IStoreBackup>(provider => provider.GetRequiredService<SqliteMemoryStore>())
        .AddSingleton<IStoreInspection>(provider => provider.GetRequiredService<SqliteMemoryStore>());
    }
}

/// <summary>Where the embedded store keeps memories.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>The data folder; made where it doesn't exist. Null keeps everything in this process, until it ends.</summary>
    public string? Folder { get; init; }

    /// <summary>Whether nothing is to be written, so that a folder that can only be read is no problem.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>For how long a call waits while another process has the file locked.</summary>
    public TimeSpan Patience { get; init; } = SqliteSession.UsualPatience;
}
