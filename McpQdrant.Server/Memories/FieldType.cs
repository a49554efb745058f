namespace McpQdrant.Server.Memories;

/// <summary>The types of filterable fields.</summary>
internal enum FieldType
{
    Keyword,
    Integer,
    Float,
    Boolean,
}
