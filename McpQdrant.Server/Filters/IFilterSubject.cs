namespace McpQdrant.Server.Filters;

/// <summary>What a filter asks of a memory. Implemented by what the store keeps anyway, so that asking allocates nothing.</summary>
internal interface IFilterSubject
{
    PointId Id { get; }

    /// <summary>The payload's root object; it may lack a key at the top that <see cref="Filter.Reads"/> says is not read.</summary>
    PayloadValue Payload { get; }

    /// <param name="name">A dense or sparse vector's name; empty for the unnamed one.</param>
    bool HasVector(string name);
}
