using McpQdrant.Core.Search;

namespace McpQdrant.Tests.Core.Search;

public sealed class ProjectionTests
{
    [Fact]
    public void Clusters_stay_apart_and_what_is_in_one_stays_together()
    {
        var random = new Random(7);
        float[][] centres = [.. Enumerable.Range(0, 3).Select(_ => Vector(random, 1))];
        var vectors = Enumerable.Range(0, 300).Select(i => centres[i % 3].Zip(Vector(random, 0.1f), (centre, noise) => centre + noise).ToArray()).ToArray();

        var places = Projection.OntoPlane(vectors);

        Assert.All(places, place => Assert.True(Math.Abs(place.X) <= 1.0001f && Math.Abs(place.Y) <= 1.0001f));
        var means = Enumerable.Range(0, 3).Select(group => places.Where((_, i) => i % 3 == group).ToArray()).Select(group => (X: group.Average(place => place.X), Y: group.Average(place => place.Y))).ToArray();
        for (var i = 0; i < places.Length; i++)
            Assert.Equal(i % 3, Enumerable.Range(0, 3).MinBy(group => Distance(places[i], means[group])));
    }

    [Fact]
    public void First_direction_is_that_of_the_largest_differences()
    {
        float[][] vectors = [.. Enumerable.Range(-10, 21).Select(i => new float[] { 0, i, 0.1f * (i % 2), 5 })];

        var places = Projection.OntoPlane(vectors);

        // One apart in the vectors is a tenth of the scale, in either direction.
        var sign = Math.Sign(places[20].X);
        Assert.All(Enumerable.Range(-10, 21), i => Assert.Equal(sign * i / 10f, places[i + 10].X, 0.05f));
        Assert.All(places, place => Assert.InRange(place.Y, -0.05f, 0.05f));
    }

    [Fact]
    public void Same_vectors_have_one_place_none_have_none_and_each_call_gives_the_same()
    {
        Assert.Empty(Projection.OntoPlane([]));
        Assert.Equal([(0f, 0f)], Projection.OntoPlane([[1, 2, 3]]));
        Assert.All(Projection.OntoPlane([[1, 2], [1, 2], [1, 2]]), place => Assert.Equal((0f, 0f), place));

        float[][] Some() => [.. Enumerable.Range(0, 50).Select(i => Vector(new Random(i), 1))];
        Assert.Equal(Projection.OntoPlane(Some()), Projection.OntoPlane(Some()));
    }

    private static float[] Vector(Random random, float size) => [.. Enumerable.Range(0, 32).Select(_ => size * (random.NextSingle() - 0.5f))];

    private static double Distance((float X, float Y) one, (float X, float Y) other) => Math.Pow(one.X - other.X, 2) + Math.Pow(one.Y - other.Y, 2);
}
