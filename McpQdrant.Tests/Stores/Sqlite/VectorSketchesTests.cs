using System.Numerics.Tensors;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search.Ranking;
using McpQdrant.Stores.Sqlite.Index;
using McpQdrant.Stores.Sqlite.Tables;

namespace McpQdrant.Tests.Stores.Sqlite;

public sealed class VectorSketchesTests
{
    private const int Size = 384;
    private const int OfAMemory = 20;
    private const int Limit = 10;

    /// <param name="common">How long what all vectors have in common is beside what they don't: some models' vectors all lie close together.</param>
    [Theory]
    [InlineData(0)]
    [InlineData(1.5f)]
    [InlineData(4)]
    public void Nearest_finds_what_a_look_at_every_passage_finds(float common)
    {
        var random = new Random(5);
        var topics = Enumerable.Range(0, 60).Select(_ => Direction(random)).ToArray();
        var shared = Direction(random);
        var index = new CollectionIndex(Size, averageLength: 100);
        foreach (var number in Enumerable.Range(1, 400))
        {
            var passages = Enumerable.Range(0, OfAMemory).SelectMany(_ => Row(Near(topics, shared, common, random))).ToArray();
            index.Add(Memory(number), Near(topics, shared, common, random), words: 1000, passages);
        }

        var (missed, asked) = (0, 40);
        for (var i = 0; i < asked; i++)
        {
            var question = IndexQuestion.Of(Near(topics, shared, common, random), NoFile);
            var expected = Enumerable.Range(0, index.Size).Select(slot => index.Similarity(question, slot)!.Value).OrderDescending().Take(Limit).ToArray();

            var found = index.Nearest(question, Limit, threshold: null, filter: null, isExact: true, TestContext.Current.CancellationToken);

            Assert.All(found, hit => Assert.Equal(index.Similarity(question, hit.Candidate.Slot), hit.Score));
            missed += expected.Count(score => score > found[^1].Score) - found.Count(hit => hit.Score > found[^1].Score);
        }
        Assert.InRange(missed, 0, asked * Limit / 100);
    }

    /// <param name="common">How long what all vectors have in common is.</param>
    [Theory]
    [InlineData(0)]
    [InlineData(1.5f)]
    public void Nearest_of_a_large_collection_finds_what_a_look_at_every_vector_finds(float common)
    {
        var random = new Random(8);
        var topics = Enumerable.Range(0, 300).Select(_ => Direction(random)).ToArray();
        var shared = Direction(random);
        var index = new CollectionIndex(Size, averageLength: 100);
        var vectors = Enumerable.Range(1, CollectionIndex.LargeSize + 4000).ToDictionary(row => (long)row, _ => Near(topics, shared, common, random));
        foreach (var (row, vector) in vectors)
            index.Add(Memory((int)row), vector, words: 10, row % 100 == 0 ? Row(Near(topics, shared, common, random)) : []);
        index.RemoveAllBut([.. vectors.Keys.Where(row => row % 7 != 0)]);

        for (var i = 0; i < 30; i++)
        {
            var asked = Near(topics, shared, common, random);
            var question = IndexQuestion.Of(asked, row => TensorPrimitives.Dot<float>(asked, vectors[row]));
            var expected = vectors.Keys.Where(row => row % 7 != 0).Select(row => (Row: row, Score: index.Similarity(question, (int)row - 1)!.Value)).OrderByDescending(hit => hit.Score).Take(Limit);

            var found = index.Nearest(question, Limit, threshold: null, filter: null, isExact: true, TestContext.Current.CancellationToken);

            Assert.Equal(expected, found.Select(hit => ((long)hit.Candidate.Id.Number, hit.Score)));
        }
    }

    [Fact]
    public void Bound_is_above_nearly_all_cosines_and_below_the_highest_for_most_rows()
    {
        var random = new Random(6);
        var shared = Direction(random);
        var topics = Enumerable.Range(0, 30).Select(_ => Direction(random)).ToArray();
        var rows = Enumerable.Range(0, 5000).Select(_ => Row(Near(topics, shared, 1, random))).ToArray();
        var mean = new float[Size];
        foreach (var row in rows)
            StoredPassages.AddTo(mean, row);
        TensorPrimitives.Divide(mean, rows.Length, mean);
        var sketches = new VectorSketches(mean);
        foreach (var row in rows)
            sketches.Add(row);
        var question = IndexQuestion.Of(Near(topics, shared, 1, random), NoFile);
        var cosines = rows.Select(row => StoredPassages.Similarity(question.Row, row)).ToArray();
        var floor = cosines.OrderDescending().ElementAt(100);

        var bounds = new float[rows.Length];
        sketches.Bound(sketches.Ask(question.Vector), 0, bounds);

        Assert.InRange(bounds.Zip(cosines).Count(pair => pair.First < pair.Second), 0, rows.Length / 500);
        Assert.InRange(bounds.Count(bound => bound > floor), 100, 500);
    }

    [Fact]
    public void Rows_that_are_all_the_same_are_found()
    {
        var vector = Direction(new Random(7000));
        var index = new CollectionIndex(Size, averageLength: 100);
        foreach (var number in Enumerable.Range(1, 100))
            index.Add(Memory(number), Direction(new Random(number)), words: 1000, [.. Enumerable.Repeat(Row(vector), OfAMemory).SelectMany(row => row)]);

        var found = index.Nearest(IndexQuestion.Of(vector, NoFile), Limit, threshold: 0.9f, filter: null, isExact: true, TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(1, Limit).Select(number => (ulong)number), found.Select(hit => hit.Candidate.Id.Number));
    }

    private static float? NoFile(long row) => null;

    private static IndexedMemory Memory(int number) =>
        new() { Id = new MemoryId((ulong)number), Row = number, StoredAt = null, FirstStoredAt = null, Metadata = default, HasVector = true };

    private static float[] Direction(Random random)
    {
        var vector = new float[Size];
        for (var i = 0; i < Size; i++)
            vector[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        UnitVector.Normalize(vector);
        return vector;
    }

    /// <summary>A vector about one of some topics.</summary>
    private static float[] Near(float[][] topics, float[] shared, float common, Random random)
    {
        var (vector, topic) = (Direction(random), topics[random.Next(topics.Length)]);
        for (var i = 0; i < Size; i++)
            vector[i] += topic[i] + common * shared[i];
        UnitVector.Normalize(vector);
        return vector;
    }

    private static byte[] Row(float[] vector)
    {
        var row = new byte[StoredPassages.RowSize(Size)];
        StoredPassages.Quantize(vector, row);
        return row;
    }
}
