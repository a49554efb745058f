using System.Text.Json;

namespace McpQdrant.Core.Search.Filters.Checks;

/// <summary><c>geo_bounding_box</c>: within the box, its edges excluded. One whose left edge lies east of its right one crosses 180°.</summary>
internal sealed class GeoBoundingBox(GeoPoint topLeft, GeoPoint bottomRight) : ElementCheck
{
    protected override bool PassesOne(PayloadValue value)
    {
        if (!GeoPoint.TryRead(value, out var point) || point.Latitude <= bottomRight.Latitude || point.Latitude >= topLeft.Latitude)
            return false;

        var isRightOfLeft = point.Longitude > topLeft.Longitude;
        var isLeftOfRight = point.Longitude < bottomRight.Longitude;
        return topLeft.Longitude > bottomRight.Longitude ? isRightOfLeft || isLeftOfRight : isRightOfLeft && isLeftOfRight;
    }

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("geo_bounding_box");
        writer.WritePropertyName("top_left");
        topLeft.WriteTo(writer);
        writer.WritePropertyName("bottom_right");
        bottomRight.WriteTo(writer);
        writer.WriteEndObject();
    }
}
