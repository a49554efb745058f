using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpQdrant.Server.Mcp.Resources;

/// <summary>A resource template whose description is ready-made; and the one place where failures to read become protocol errors.</summary>
internal abstract class MemoryResource(ResourceTemplate template, AccessPolicy policy) : McpServerResource
{
    public sealed override ResourceTemplate ProtocolResourceTemplate => template;

    public sealed override IReadOnlyList<object> Metadata => [];

    public sealed override bool IsMatch(string uri) => MemoryUri.IsMemoryUri(uri) && IsForMemory(uri) == NamesMemory;

    public sealed override async ValueTask<ReadResourceResult> ReadAsync(RequestContext<ReadResourceRequestParams> request, CancellationToken cancellationToken = default)
    {
        try
        {
            var uri = request.Params!.Uri;
            return new ReadResourceResult { Contents = [await ReadAsync(policy.CallerOf(request.User), uri, MemoryUri.Parse(uri), cancellationToken)] };
        }
        catch (MemoryException failure)
        {
            throw new McpProtocolException(failure.Message, McpErrorCode.ResourceNotFound);
        }
    }

    /// <summary>Whether the template has an id.</summary>
    protected abstract bool NamesMemory { get; }

    /// <exception cref="MemoryException">There is no such thing.</exception>
    protected abstract Task<ResourceContents> ReadAsync(Caller caller, string uri, MemoryUri address, CancellationToken cancellationToken);

    private static bool IsForMemory(string uri) => uri["memory://".Length..].TrimEnd('/').Contains('/');
}
