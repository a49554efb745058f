using System.Text.Json;

namespace McpQdrant.Core.Search.Filters.Conditions;

/// <summary><c>has_vector</c>: the point has a vector of this name.</summary>
internal sealed class HasVectorCondition(string name) : Condition
{
    internal override bool Matches(PayloadValue payload, IFilterSubject? point) => point is not null && point.HasVector(name);

    public override bool Reads(string topLevelKey) => false;

    public override Condition MapKeys(Func<string, string> map) => this;

    internal override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("has_vector", name);
        writer.WriteEndObject();
    }
}
