using System.Text.Json;

namespace McpQdrant.Core.Search.Filters;

/// <param name="Longitude">In degrees, east of Greenwich.</param>
/// <param name="Latitude">In degrees, north of the equator.</param>
internal readonly record struct GeoPoint(double Longitude, double Latitude)
{
    /// <summary>Metres: R1 of GRS 80 (Moritz, "Geodetic Reference System 1980", 2000), which Qdrant's library uses.</summary>
    private const double EarthRadius = 6_371_008.8;

    private const double RadiansPerDegree = Math.PI / 180;

    /// <summary>In a payload: an object with the numbers <c>lon</c> and <c>lat</c>, of any size.</summary>
    public static bool TryRead(PayloadValue value, out GeoPoint point)
    {
        if (value.TryGetMember("lon", out var lon) && lon.TryGetNumber(out var longitude)
            && value.TryGetMember("lat", out var lat) && lat.TryGetNumber(out var latitude))
        {
            point = new GeoPoint(longitude, latitude);
            return true;
        }

        point = default;
        return false;
    }

    /// <summary>In metres, along a great circle of a sphere: the haversine formula.</summary>
    public double DistanceTo(GeoPoint other)
    {
        var latitudes = Math.Sin((other.Latitude - Latitude) * RadiansPerDegree / 2);
        var longitudes = Math.Sin((other.Longitude - Longitude) * RadiansPerDegree / 2);
        var cosines = Math.Cos(Latitude * RadiansPerDegree) * Math.Cos(other.Latitude * RadiansPerDegree);
        var haversine = (latitudes * latitudes) + (cosines * (longitudes * longitudes));
        return EarthRadius * (2 * Math.Asin(Math.Sqrt(Math.Min(haversine, 1))));
    }

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("lon", Longitude);
        writer.WriteNumber("lat", Latitude);
        writer.WriteEndObject();
    }
}
