using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Mcp.Tools.Arguments;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpQdrant.Server.Mcp.Resources;

/// <summary>A resource template whose description is ready-made; and the one place where failures to read become protocol errors.</summary>
internal abstract class MemoryResource(ResourceTemplate template, CollectionArgument collections, AccessPolicy policy) : McpServerResource
{
    private const string Action = "resources/read";

    public sealed override ResourceTemplate ProtocolResourceTemplate => template;

    public sealed override IReadOnlyList<object> Metadata => [];

    public sealed override bool IsMatch(string uri) => MemoryUri.IsMemoryUri(uri) && IsForMemory(uri) == NamesMemory;

    public sealed override async ValueTask<ReadResourceResult> ReadAsync(RequestContext<ReadResourceRequestParams> request, CancellationToken cancellationToken = default)
    {
        try
        {
            var caller = policy.CallerOf(request.User);
            policy.Demand(caller, Rights.Read, Action);

            var uri = request.Params!.Uri;
            var address = MemoryUri.Parse(uri);
            var collection = collections.Resolve(caller, address.Collection, Action);
            return new ReadResourceResult { Contents = [await ReadAsync(uri, address with { Collection = collection }, cancellationToken)] };
        }
        catch (MemoryException failure)
        {
            throw new McpProtocolException(failure.Message, McpErrorCode.ResourceNotFound);
        }
    }

    /// <summary>Whether the template has an id.</summary>
    protected abstract bool NamesMemory { get; }

    /// <param name="address">With the collection as the caller may see it.</param>
    /// <exception cref="MemoryException">There is no such thing.</exception>
    protected abstract Task<ResourceContents> ReadAsync(string uri, MemoryUri address, CancellationToken cancellationToken);

    private static bool IsForMemory(string uri) => uri["memory://".Length..].TrimEnd('/').Contains('/');
}
