namespace McpQdrant.Server.Stores.Qdrant;

/// <summary>Reads each answer whole before it is handed on, so that a connection that breaks amid an answer is retried like any other.</summary>
internal sealed class BufferedAnswers : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        return response;
    }
}
