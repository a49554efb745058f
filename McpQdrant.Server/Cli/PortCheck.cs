using System.Net;
using System.Net.Sockets;
using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Server.Cli;

/// <summary>Finds out whether a server could listen where the settings say, or already does.</summary>
internal static class PortCheck
{
    private const string Part = "port";

    public static async Task<DoctorFinding> RunAsync(ListenAddress address, CancellationToken cancellationToken)
    {
        if (address.Port == 0)
            return new DoctorFinding(Part, DoctorState.Ok, "Any free port will do.");

        switch (Try(address))
        {
            case null:
                return new DoctorFinding(Part, DoctorState.Ok, $"Port {address.Port} on {address.Host} is free.");
            case SocketError.AddressAlreadyInUse:
                return await WhoListensAsync(address, cancellationToken);
            case SocketError.AccessDenied:
                return new DoctorFinding(Part, DoctorState.Problem, $"This user may not listen on port {address.Port}. Choose one above 1023 with --port.");
            case SocketError.AddressNotAvailable:
                return new DoctorFinding(Part, DoctorState.Problem, $"This machine doesn't have the address {address.Host}. Choose another one with --host.");
            case { } other:
                return new DoctorFinding(Part, DoctorState.Problem, $"Can't listen on {address}: {other}. Choose another port with --port.");
        }
    }

    private static async Task<DoctorFinding> WhoListensAsync(ListenAddress address, CancellationToken cancellationToken)
    {
        var health = HealthProbe.AddressOf([address]) is { } url ? await HealthProbe.AskAsync(url, cancellationToken) : null;
        return health switch
        {
            { State: HealthState.Healthy } => new DoctorFinding(Part, DoctorState.Ok, $"{health.Sentence} Another one needs another port."),
            { State: HealthState.Unhealthy } => new DoctorFinding(Part, DoctorState.Problem, health.Sentence),
            _ => new DoctorFinding(
                Part, DoctorState.Problem, $"Port {address.Port} on {address.Host} is taken by another program. Choose another one with --port."),
        };
    }

    /// <returns>Why it can't be listened on; null where it can.</returns>
    private static SocketError? Try(ListenAddress address)
    {
        try
        {
            using var listener = new TcpListener(IPAddressOf(address.Host), address.Port);
            listener.Start();
            return null;
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode;
        }
    }

    private static IPAddress IPAddressOf(string host) => host switch
    {
        "*" => Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any,
        "localhost" => IPAddress.Loopback,
        _ => IPAddress.Parse(host),
    };
}
