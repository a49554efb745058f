namespace McpQdrant.Server.Configuration;

/// <summary>A field of the metadata by which finds are filtered.</summary>
/// <param name="Name">The argument's name, and the path below <c>metadata</c> in the payload.</param>
/// <param name="Description">Tells a model what to put there.</param>
/// <param name="Condition">Null for a field that is indexed, and no argument.</param>
/// <param name="Required">Whether a find must give it.</param>
internal sealed record FilterableField(string Name, string Description, FieldType Type, FieldCondition? Condition, bool Required);
