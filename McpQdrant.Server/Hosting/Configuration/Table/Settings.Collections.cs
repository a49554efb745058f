using McpQdrant.Stores.Qdrant;

namespace McpQdrant.Server.Hosting.Configuration;

internal static partial class Settings
{
    public static readonly Setting<string?> CollectionName = new("COLLECTION_NAME", Formats.CollectionName.OrNull())
    {
        Meaning = "The collection that all tools use. When set, they have no argument `collection_name`; otherwise a store without it goes to `memories`, and a find without it searches all collections.",
    };

    public static readonly Setting<bool> CollectionArgument = new("MCP_COLLECTION_ARGUMENT", Formats.Boolean)
    {
        Default = "false",
        Meaning = "Keeps `collection_name` as an optional argument although `COLLECTION_NAME` is set.",
    };

    public static readonly Setting<string?> DocumentField = new("QDRANT_DOCUMENT_FIELD", Formats.Name.OrNull())
    {
        Meaning = "The payload field that holds the text in collections of other programs, where it isn't `document`, `text`, "
            + "`page_content`, `content` or `chunk`.",
    };

    public static readonly Setting<int?> ShardNumber = new("QDRANT_SHARD_NUMBER", Formats.Integer(1, 1024).OrNull())
    {
        UnsetMeaning = "Qdrant's",
        Meaning = "Shards of a new collection.",
    };

    public static readonly Setting<int?> ReplicationFactor = new("QDRANT_REPLICATION_FACTOR", Formats.Integer(1, 64).OrNull())
    {
        UnsetMeaning = "Qdrant's",
        Meaning = "Copies of each shard of a new collection.",
    };

    public static readonly Setting<int?> WriteConsistency = new("QDRANT_WRITE_CONSISTENCY", Formats.Integer(1, 64).OrNull())
    {
        UnsetMeaning = "Qdrant's",
        Meaning = "Replicas of a shard that must have a write before it is acknowledged, in a new collection.",
    };

    public static readonly Setting<bool?> OnDisk = new("QDRANT_ON_DISK", Formats.Boolean.OrNull())
    {
        UnsetMeaning = "Qdrant's",
        Meaning = "Whether the vectors of a new collection stay on disk and leave the memory to others.",
    };

    public static readonly Setting<QuantizationKind> Quantization = new("QDRANT_QUANTIZATION", Formats.Choice(
        ("none", QuantizationKind.None), ("scalar", QuantizationKind.Scalar), ("binary", QuantizationKind.Binary)))
    {
        Default = "none",
        Meaning = "How Qdrant compresses the vectors of a new collection.",
    };

    private static SettingGroup CollectionGroup => new(
        "Collections",
        "A collection is made at the first store into it. One that exists is used as it is; nothing here changes it.",
        [CollectionName, CollectionArgument, DocumentField, ShardNumber, ReplicationFactor, WriteConsistency, OnDisk, Quantization]);
}
