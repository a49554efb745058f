using System.Text.Json;
using McpQdrant.Core.Memories;

namespace McpQdrant.Embeddings.Local;

/// <summary>How a model wants to be used, by the files that come with it.</summary>
/// <param name="MaxTokens">Tokens that it reads at most, special tokens included.</param>
/// <param name="Pooling">How its tokens' vectors become one.</param>
/// <param name="Prefixes">What it wants before texts.</param>
/// <param name="HasExtraLayers">Whether something other than pooling and normalization follows the graph, which then has to hold it itself.</param>
internal sealed record ModelProfile(int MaxTokens, Pooling Pooling, TextPrefixes Prefixes, bool HasExtraLayers)
{
    private const int UsualMaxTokens = 512;

    // Some tokenizers' configurations say 1e30 for "I don't know".
    private const double NoLimit = 1_000_000;

    // Attention takes memory by the square of the tokens: 200 MB a text at this limit with 12 heads, 3 GB at the 8,192 of some models.
    private const int MostTokens = 2048;

    public static ModelProfile Of(ModelFolder folder) => new(MaxTokensOf(folder), PoolingOf(folder), PrefixesOf(folder), HasDenseLayer(folder));

    private static int MaxTokensOf(ModelFolder folder) => Math.Min(MostTokens,
        Limit(folder.ReadJson("sentence_bert_config.json"), "max_seq_length")
        ?? Limit(folder.ReadJson("tokenizer_config.json"), "model_max_length")
        ?? Positions(folder.ReadJson("config.json"))
        ?? UsualMaxTokens);

    /// <summary>RoBERTa and its descendants begin to count positions at 2.</summary>
    private static int? Positions(JsonElement config) =>
        Limit(config, "max_position_embeddings") - (config.TryGetProperty("model_type", out var type) && type.GetString() is "roberta" or "xlm-roberta" or "mpnet" ? 2 : 0);

    private static int? Limit(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number && value.GetDouble() is > 2 and < NoLimit and var limit
            ? (int)limit
            : null;

    private static Pooling PoolingOf(ModelFolder folder)
    {
        const string file = "1_Pooling/config.json";
        var chosen = folder.ReadJson(file).EnumerateObject()
            .Where(member => member.Name.StartsWith("pooling_mode_", StringComparison.Ordinal) && member.Value.ValueKind is JsonValueKind.True)
            .Select(member => member.Name)
            .ToList();
        return chosen switch
        {
            [] => KnownModels.PoolingOf(folder.Name),
            ["pooling_mode_mean_tokens"] => Pooling.Mean,
            ["pooling_mode_cls_token"] => Pooling.FirstToken,
            _ => throw new MemoryException(
                $"The embedding model {folder.Name} wants {string.Join(" and ", chosen)} by its {file}; only mean and CLS pooling are supported. Choose another model."),
        };
    }

    private static TextPrefixes PrefixesOf(ModelFolder folder)
    {
        var known = KnownModels.PrefixesOf(folder.Name);
        return folder.ReadJson("config_sentence_transformers.json").TryGetProperty("prompts", out var prompts)
            && prompts.ValueKind is JsonValueKind.Object && Prompt(prompts, "query") is { Length: > 0 } query
            ? new TextPrefixes(query, Prompt(prompts, "document") ?? Prompt(prompts, "passage") ?? known.Document)
            : known;
    }

    private static string? Prompt(JsonElement prompts, string name) =>
        prompts.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static bool HasDenseLayer(ModelFolder folder) =>
        folder.ReadJson("modules.json") is { ValueKind: JsonValueKind.Array } modules
        && modules.EnumerateArray().Any(module => module.TryGetProperty("type", out var type) && type.GetString()?.EndsWith(".Dense", StringComparison.Ordinal) is true);
}

/// <summary>How the vectors of a text's tokens become the text's vector.</summary>
public enum Pooling
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The first token's alone, which stands for the whole text (<c>[CLS]</c>).</summary>
    FirstToken,
}
