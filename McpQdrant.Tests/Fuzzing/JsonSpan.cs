namespace McpQdrant.Tests.Fuzzing;

/// <summary>Where a value or a name stands in a text of JSON.</summary>
/// <param name="Member">Of a value in an object its name too, and the comma after it; else the same as <paramref name="Range"/>.</param>
internal readonly record struct JsonSpan(Range Range, Range Member, bool IsName);
