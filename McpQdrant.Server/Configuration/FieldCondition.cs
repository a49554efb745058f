namespace McpQdrant.Server.Configuration;

/// <summary>How a filterable field is compared with what the caller gives.</summary>
internal enum FieldCondition
{
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Any,
    Except,
}
