using System.Text.Json;

namespace McpQdrant.Server.Filters.Checks;

/// <summary>A check that a filter can name: <c>match</c>, <c>range</c> and so on.</summary>
internal abstract class FieldCheck : ValueCheck
{
    /// <summary>No payload passes, whatever it holds, and one can see so without looking at it.</summary>
    public virtual bool NeverPasses => false;

    /// <summary>Writes the check as a member of the condition.</summary>
    public abstract void WriteTo(Utf8JsonWriter writer);
}
