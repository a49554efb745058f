namespace McpQdrant.Server.Configuration;

/// <summary>The types of filterable fields.</summary>
internal enum FieldType
{
    Keyword,
    Integer,
    Float,
    Boolean,
}
