using McpQdrant.Core.Access;
using McpQdrant.Server.Authentication.Keys;
using McpQdrant.Server.Authentication.OAuth;
using McpQdrant.Server.Authentication.Sessions;
using McpQdrant.Server.Hosting.Configuration;
using Microsoft.AspNetCore.Authentication;

namespace McpQdrant.Server.Authentication;

internal static class AuthenticationServices
{
    /// <summary>The policy, for any transport.</summary>
    /// <param name="unauthenticated">Who calls where nobody was authenticated.</param>
    /// <exception cref="InvalidSettingsException">The bounds don't hold callers apart.</exception>
    public static IServiceCollection AddAccess(this IServiceCollection services, AccessBounds bounds, Caller unauthenticated)
    {
        if (CollectionPrefix.Problem(bounds.CollectionPrefix) is { } problem)
            throw new InvalidSettingsException([$"{Settings.CollectionPrefix.Name} {problem}"]);

        return services
            .AddSingleton<AuditLog>()
            .AddSingleton(provider => new AccessPolicy(bounds, unauthenticated, provider.GetRequiredService<AuditLog>()));
    }

    /// <summary>Who calls over HTTP, by keys and tokens.</summary>
    public static IServiceCollection AddCallerAuthentication(this IServiceCollection services, CallerAuthenticationOptions options)
    {
        services.AddSingleton(options).AddSingleton(provider => new ApiKeys(options.ApiKey, provider.GetService<AccessFile>()));
        if (options.AccessFile is { } path)
            services.AddSingleton(provider => Open(path, provider.GetRequiredService<ILogger<AccessFile>>()));

        var authentication = services
            .AddAuthentication(CallerHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, CallerHandler>(CallerHandler.SchemeName, configureOptions: null);
        if (options.OAuth is { } oauth)
        {
            authentication.AddJwtBearer(jwt => TokenValidation.Configure(jwt, oauth));
            services.AddSingleton(oauth).AddSingleton<TokenValidation>().AddSingleton<ResourceMetadata>();
        }
        return services.AddAuthorization();
    }

    /// <summary>Sessions for browsers of people, who have the same keys.</summary>
    /// <param name="secret">What servers share that accept each other's sessions; null for one of this process alone.</param>
    public static IServiceCollection AddBrowserSessions(this IServiceCollection services, string? secret) =>
        services.AddSingleton(provider => new BrowserSessions(secret, provider.GetRequiredService<TimeProvider>()));

    /// <exception cref="InvalidSettingsException">The access file can't be used.</exception>
    private static AccessFile Open(string path, ILogger<AccessFile> logger)
    {
        try
        {
            return new AccessFile(path, logger);
        }
        catch (AccessFileException broken)
        {
            throw new InvalidSettingsException([$"{Settings.AccessFile.Name} names {path}, which can't be used: {broken.Message}"]);
        }
    }
}
