using System.Text.Json.Nodes;
using McpQdrant.Tests.Deployment;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
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

    public static JsonObject Parse(string text) => AsObject(Deserializer.Deserialize<object>(text));

    /// <summary>The documents of a text, which <c>---</c> divides; empty ones left out.</summary>
    public static IEnumerable<JsonObject> ParseAll(string text)
    {
        var parser = new Parser(new StringReader(text));
        parser.Consume<StreamStart>();
        while (parser.Accept<DocumentStart>(out _))
        {
            if (Deserializer.Deserialize<object?>(parser) is { } document)
                yield return AsObject(document);
        }
    }

    private static JsonObject AsObject(object document) => JsonNode.Parse(AsJson.Serialize(document))!.AsObject();
}
