using McpQdrant.Core.Search.Filters.Checks;

namespace McpQdrant.Core.Search.Filters;

/// <summary>Reads the checks that ask where on earth a value lies.</summary>
internal sealed class GeoCheckReader(FilterBudget budget)
{
    private const string PointUse = """Give a point as {"lon": 13.4, "lat": 52.5}.""";

    private const string BoxUse = """Give {"top_left": {"lon": 13.0, "lat": 53.0}, "bottom_right": {"lon": 14.0, "lat": 52.0}}.""";

    private const string CircleUse = """Give {"center": {"lon": 13.4, "lat": 52.5}, "radius": 1000}, the radius in metres.""";

    private const string PolygonUse = """Give {"exterior": {"points": [...]}}, and perhaps "interiors": [{"points": [...]}].""";

    private const string RingUse = """Give {"points": [...]} with four points or more, the last like the first.""";

    /// <param name="condition">An object with a key.</param>
    public IEnumerable<FieldCheck> Read(FilterNode condition)
    {
        if (condition.Member("geo_bounding_box") is { } box)
            yield return new GeoBoundingBox(Point(box.Object(BoxUse).Required("top_left", BoxUse)), Point(box.Required("bottom_right", BoxUse)));
        if (condition.Member("geo_radius") is { } circle)
            yield return new GeoRadius(Point(circle.Object(CircleUse).Required("center", CircleUse)), circle.Required("radius", CircleUse).Number(CircleUse));
        if (condition.Member("geo_polygon") is { } polygon)
            yield return Polygon(polygon.Object(PolygonUse));
    }

    private GeoPolygon Polygon(FilterNode polygon) => new(
        Ring(polygon.Required("exterior", PolygonUse)),
        [.. polygon.Member("interiors")?.Items(PolygonUse).Select(Ring) ?? []]);

    private GeoRing Ring(FilterNode ring)
    {
        var nodes = ring.Object(RingUse).Required("points", RingUse).Items(RingUse);
        budget.Spend(nodes.Count);

        GeoPoint[] points = [.. nodes.Select(Point)];
        if (points.Length < 4)
            throw ring.Refusal($"has {points.Length} points. {RingUse}");

        return points[0] == points[^1] ? new GeoRing(points) : throw ring.Refusal($"ends in another point than it starts with. {RingUse}");
    }

    private static GeoPoint Point(FilterNode point) => new(
        Degrees(point.Object(PointUse).Required("lon", PointUse), 180),
        Degrees(point.Required("lat", PointUse), 90));

    private static double Degrees(FilterNode node, int max)
    {
        var use = $"Give degrees from -{max} to {max}.";
        var degrees = node.Number(use);
        return Math.Abs(degrees) <= max ? degrees : throw node.NotUsable(use);
    }
}
