namespace McpQdrant.Server.Filters.Checks;

/// <summary>Where a point lies, seen from a ring.</summary>
internal enum GeoSide
{
    Outside,
    Boundary,
    Inside,
}
