using System.Text.Json;

namespace McpQdrant.Core.Search.Filters.Checks;

/// <summary>A closed line of a polygon.</summary>
/// <param name="points">Four or more, the last like the first.</param>
internal sealed class GeoRing(IReadOnlyList<GeoPoint> points)
{
    private readonly GeoPoint[] _points = [.. points];

    /// <summary>By the winding number: how often the line runs around the point.</summary>
    public GeoSide SideOf(GeoPoint point)
    {
        var windings = 0;
        for (var at = 1; at < _points.Length; at++)
        {
            var (start, end) = (_points[at - 1], _points[at]);
            if (Math.Min(start.Latitude, end.Latitude) > point.Latitude || Math.Max(start.Latitude, end.Latitude) < point.Latitude)
                continue;

            var turn = Turn(start, end, point);
            if (turn == 0 && IsBetween(point.Longitude, start.Longitude, end.Longitude))
                return GeoSide.Boundary;

            // A line upwards counts with its start and without its end, one downwards the other way round, a level one never.
            if (start.Latitude <= point.Latitude && end.Latitude > point.Latitude && turn > 0)
                windings++;
            else if (start.Latitude > point.Latitude && end.Latitude <= point.Latitude && turn < 0)
                windings--;
        }

        return windings == 0 ? GeoSide.Outside : GeoSide.Inside;
    }

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("points");
        foreach (var point in _points)
            point.WriteTo(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Above 0 where the point lies left of the line from start to end, 0 where on it; exact for points at corners and on lines along an axis.</summary>
    private static double Turn(GeoPoint start, GeoPoint end, GeoPoint point) =>
        ((start.Longitude - point.Longitude) * (end.Latitude - point.Latitude)) - ((start.Latitude - point.Latitude) * (end.Longitude - point.Longitude));

    private static bool IsBetween(double value, double one, double other) => value >= Math.Min(one, other) && value <= Math.Max(one, other);
}

/// <summary>Where a point lies, seen from a ring.</summary>
internal enum GeoSide
{
    Outside,
    Boundary,
    Inside,
}
