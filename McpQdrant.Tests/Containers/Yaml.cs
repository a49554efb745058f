using System.Text.Json.Nodes;
using McpQdrant.Tests.Deployment;
using YamlDotNet.Serialization;

namespace McpQdrant.Tests.Containers;

/// <summary>YAML files of the repository, as JSON: one tree for every format.</summary>
internal static class Yaml
{
    private static readonly IDeserializer Deserializer = new DeserializerBuilder()
        .WithAttemptingUnquotedStringTypeDeserialization()
        // Compose: what a service had by `extends` goes.
        .WithTagMapping("!reset", typeof(List<object>))
        .Build();

    private static readonly ISerializer AsJson = new SerializerBuilder().JsonCompatible().Build();

    public static JsonObject Read(string path) => Parse(File.ReadAllText(Repository.File(path)));

    public static JsonObject Parse(string text) => JsonNode.Parse(AsJson.Serialize(Deserializer.Deserialize<object>(text)))!.AsObject();
}
