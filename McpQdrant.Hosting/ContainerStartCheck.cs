using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace McpQdrant.Hosting;

/// <summary>
/// What keeps a container from starting or from being reached: a taken port, an empty key. Aspire starts the rest and says nothing about it
/// on the console, so this does, before anything starts.
/// </summary>
internal static partial class ContainerStartCheck
{
    public static IResourceBuilder<T> WithStartCheck<T>(this IResourceBuilder<T> builder, Func<T, ParameterResource> key)
        where T : ContainerResource
    {
        var application = builder.ApplicationBuilder;
        application.Eventing.Subscribe<BeforeStartEvent>((started, _) =>
        {
            if (!application.ExecutionContext.IsRunMode)
                return Task.CompletedTask;

            var console = started.Services.GetRequiredService<ILoggerFactory>().CreateLogger("McpQdrant.Hosting");
            var dashboard = started.Services.GetRequiredService<ResourceLoggerService>().GetLogger(builder.Resource);
            foreach (var problem in Problems(application.Configuration, builder.Resource, key(builder.Resource)))
            {
                LogProblem(console, problem);
                LogProblem(dashboard, problem);
            }

            return Task.CompletedTask;
        });
        return builder;
    }

    /// <returns>A sentence each.</returns>
    internal static IEnumerable<string> Problems(IConfiguration configuration, IResource resource, ParameterResource key)
    {
        if (configuration[$"Parameters:{key.Name}"] is { } value && string.IsNullOrWhiteSpace(value))
            yield return EmptyKey(key);

        // A test that asks for random ports gets others.
        if (configuration.GetValue("DcpPublisher:RandomizePorts", defaultValue: false))
            yield break;

        foreach (var port in resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => endpoint.Port).OfType<int>().Where(IsTaken))
            yield return $"Port {port}, which {resource.Name} needs, is taken. End what has it, or give {resource.Name} another port.";
    }

    internal static string EmptyKey(ParameterResource key) =>
        $"The parameter '{key.Name}' is empty. Set Parameters:{key.Name} to a long random key, for instance by dotnet user-secrets.";

    /// <summary>Whether something listens on a port of this machine. Port 0 stands for any free one.</summary>
    internal static bool IsTaken(int port)
    {
        if (port == 0)
            return false;

        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return false;
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return true;
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "{Problem}")]
    private static partial void LogProblem(ILogger logger, string problem);
}
