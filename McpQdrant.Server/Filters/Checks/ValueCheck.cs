namespace McpQdrant.Server.Filters.Checks;

/// <summary>What is asked of the value that stands at a path.</summary>
internal abstract class ValueCheck
{
    public abstract bool Passes(PayloadValue value);
}
