using System.Text.Json;

namespace McpQdrant.Core.Search.Filters.Checks;

/// <summary><c>geo_polygon</c>: within the exterior and outside all interiors; the lines themselves are neither. Degrees are taken as a plane.</summary>
internal sealed class GeoPolygon(GeoRing exterior, IReadOnlyList<GeoRing> interiors) : ElementCheck
{
    private readonly GeoRing[] _interiors = [.. interiors];

    protected override bool PassesOne(PayloadValue value)
    {
        if (!GeoPoint.TryRead(value, out var point) || exterior.SideOf(point) != GeoSide.Inside)
            return false;

        foreach (var interior in _interiors)
        {
            if (interior.SideOf(point) != GeoSide.Outside)
                return false;
        }

        return true;
    }

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("geo_polygon");
        writer.WritePropertyName("exterior");
        exterior.WriteTo(writer);
        writer.WriteStartArray("interiors");
        foreach (var interior in _interiors)
            interior.WriteTo(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
