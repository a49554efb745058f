using McpQdrant.Embeddings;
using Microsoft.Extensions.AI;

namespace McpQdrant.Tests.Embeddings;

/// <summary>Equal questions that come at the same moment cost one embedding, and share its end.</summary>
public sealed class SharedEmbeddingTests : IDisposable
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly Slow _model = new();

    public void Dispose() => _model.Dispose();

    [Fact]
    public async Task Equal_texts_at_the_same_moment_are_embedded_once()
    {
        using var generator = new SharedEmbeddingGenerator(_model);
        var first = generator.GenerateAsync(["the cat"], cancellationToken: Token);
        var second = generator.GenerateAsync(["the cat"], cancellationToken: Token);
        var other = generator.GenerateAsync(["the dog"], cancellationToken: Token);
        var shorter = generator.GenerateAsync(["the cat"], new() { Dimensions = 2 }, Token);

        _model.End.SetResult();

        Assert.Same((await first)[0], (await second)[0]);
        await Task.WhenAll(other, shorter);
        Assert.Equal(3, _model.Calls);
    }

    [Fact]
    public async Task Text_is_embedded_again_when_nobody_waits_for_it_any_more()
    {
        using var generator = new SharedEmbeddingGenerator(_model);
        _model.End.SetResult();

        await generator.GenerateAsync(["the cat"], cancellationToken: Token);
        await generator.GenerateAsync(["the cat"], cancellationToken: Token);

        Assert.Equal(2, _model.Calls);
    }

    [Fact]
    public async Task Caller_who_leaves_takes_nothing_from_the_others()
    {
        using var generator = new SharedEmbeddingGenerator(_model);
        using var leaves = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var first = generator.GenerateAsync(["the cat"], cancellationToken: leaves.Token);
        var second = generator.GenerateAsync(["the cat"], cancellationToken: Token);

        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(_model.Stopped.Task.IsCompleted);
        _model.End.SetResult();

        Assert.Single(await second);
    }

    [Fact]
    public async Task Last_caller_who_leaves_stops_the_work()
    {
        using var generator = new SharedEmbeddingGenerator(_model);
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var first = generator.GenerateAsync(["the cat"], cancellationToken: leave.Token);
        var second = generator.GenerateAsync(["the cat"], cancellationToken: leave.Token);

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await _model.Stopped.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
    }

    [Fact]
    public async Task Failure_is_told_to_all_and_not_kept()
    {
        using var generator = new SharedEmbeddingGenerator(_model);
        var first = generator.GenerateAsync(["the cat"], cancellationToken: Token);
        var second = generator.GenerateAsync(["the cat"], cancellationToken: Token);

        _model.End.SetException(new InvalidOperationException("The model is gone."));
        await Assert.ThrowsAsync<InvalidOperationException>(() => first);
        await Assert.ThrowsAsync<InvalidOperationException>(() => second);
        _model.End = new TaskCompletionSource();
        _model.End.SetResult();

        Assert.Single(await generator.GenerateAsync(["the cat"], cancellationToken: Token));
    }

    private sealed class Slow : IEmbeddingGenerator<string, Embedding<float>>
    {
        public TaskCompletionSource End { get; set; } = new();

        public int Calls { get; private set; }

        public TaskCompletionSource Stopped { get; } = new();

        public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            Calls++;
            try
            {
                await End.Task.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                Stopped.SetResult();
                throw;
            }
            return [.. values.Select(_ => new Embedding<float>(new float[] { 1 }))];
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
