using System.Text.Json;

namespace McpQdrant.Core.Search.Filters.Checks;

/// <summary><c>geo_radius</c>: nearer to the centre than the radius.</summary>
/// <param name="radius">In metres.</param>
internal sealed class GeoRadius(GeoPoint center, double radius) : ElementCheck
{
    protected override bool PassesOne(PayloadValue value) => GeoPoint.TryRead(value, out var point) && center.DistanceTo(point) < radius;

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("geo_radius");
        writer.WritePropertyName("center");
        center.WriteTo(writer);
        writer.WriteNumber("radius", radius);
        writer.WriteEndObject();
    }
}
