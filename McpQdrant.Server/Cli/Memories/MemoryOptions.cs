using System.CommandLine;
using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Server.Cli.Memories;

/// <summary>Options that several commands have, and what their values mean.</summary>
internal static class MemoryOptions
{
    public static Option<string> Collection() => new("--collection", "-c")
    {
        Description = $"The collection; without it the one that {Settings.CollectionName.Name} names.",
        HelpName = "NAME",
    };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON, an object a line." };

    public static Option<string> Filter() => new("--filter")
    {
        Description = """Only memories that satisfy a filter in Qdrant's language, for instance {"must": [{"key": "metadata.project", "match": {"value": "atlas"}}]}.""",
        HelpName = "JSON",
    };

    public static Option<int> Limit(int standard)
    {
        var limit = new Option<int>("--limit", "-n") { Description = "How many memories at most.", DefaultValueFactory = _ => standard, HelpName = "N" };
        limit.Validators.Add(given =>
        {
            if (given.Tokens.Count > 0 && given.GetValueOrDefault<int>() < 1)
                given.AddError("--limit takes a number from 1 on.");
        });
        return limit;
    }

    public static Option<string> Metadata() => new("--metadata", "-m")
    {
        Description = """What to know about the text besides its words: a JSON object, for instance {"project": "atlas"}.""",
        HelpName = "JSON",
    };

    public static Option<string> Expires() => new("--expires")
    {
        Description = "When to forget it: how long from now on, such as 30d or 12h, or a time, such as 2026-12-31; never to keep it.",
        HelpName = "TIME",
    };

    /// <summary>For what goes by names in the store.</summary>
    public static Option<string> CollectionInStore() => new("--collection", "-c")
    {
        Description = "Only in this collection, by its name in the store.",
        HelpName = "NAME",
    };

    public static Option<string> OfMemory() => new("--memory") { Description = "Only what was done to this memory.", HelpName = "ID" };

    public static Option<string> By() => new("--by") { Description = "Only what this caller did.", HelpName = "CALLER" };

    public static Option<string> Since() => new("--since") { Description = "Only what was done at this time or later: 2026-01-31, 2026-01-31T12:00:00Z, or an age such as 10m or 2h.", HelpName = "TIME" };

    /// <exception cref="MemoryException">It is no name of a collection.</exception>
    public static CollectionName? InStoreOf(ParseResult result, Option<string> option) => result.GetValue(option) is { } name ? CollectionName.Parse(name) : null;

    /// <summary>The collection that a command is about, as callers know it.</summary>
    /// <exception cref="MemoryException">None was named, or another one than the only one that there is.</exception>
    public static CollectionName CollectionOf(ParseResult result, Option<string> option, SettingValues settings)
    {
        var (named, standard) = (result.GetValue(option), settings.Get(Settings.CollectionName));
        if (named is not null && standard is not null && named != standard && !settings.Get(Settings.CollectionArgument))
            throw new MemoryException(
                $"{Settings.CollectionName.Name} binds this program to the collection '{standard}'. Leave --collection out, or set {Settings.CollectionArgument.Name}=true.");
        return CollectionName.Parse(named ?? standard ?? throw new MemoryException($"Name a collection with --collection, or set {Settings.CollectionName.Name}."));
    }

    /// <summary>The collection that a command looks in, as callers know it; null for all.</summary>
    public static CollectionName? CollectionOrAllOf(ParseResult result, Option<string> option, SettingValues settings) =>
        result.GetValue(option) is null && settings.Get(Settings.CollectionName) is null ? null : CollectionOf(result, option, settings);

    /// <summary>The name that the configured collection has in the store; null where none is configured.</summary>
    public static CollectionName? StandardInStore(SettingValues settings) => settings.Get(Settings.CollectionName) is { } name ? InStore(CollectionName.Parse(name), settings) : null;

    /// <param name="collection">As callers call it.</param>
    public static CollectionName InStore(CollectionName collection, SettingValues settings) =>
        collection.Within(CollectionPrefix.For(settings.Get(Settings.CollectionPrefix) ?? "", Caller.Local.Name));

    /// <exception cref="MemoryException">It is no filter; the message names the place.</exception>
    public static Filter? FilterOf(ParseResult result, Option<string> option)
    {
        if (ObjectOf(result, option) is not { } json)
            return null;
        try
        {
            return Core.Search.Filters.Filter.Parse(json);
        }
        catch (FilterException wrong)
        {
            throw new MemoryException($"{option.Name} is no valid filter: {wrong.Message}", wrong);
        }
    }

    /// <exception cref="MemoryException">It is no JSON object.</exception>
    public static JsonElement? ObjectOf(ParseResult result, Option<string> option)
    {
        if (result.GetValue(option) is not { } text)
            return null;
        try
        {
            var json = JsonElement.Parse(text);
            return json.ValueKind == JsonValueKind.Object ? json : throw new MemoryException($"{option.Name} takes a JSON object, in curly brackets.");
        }
        catch (JsonException wrong)
        {
            throw new MemoryException($"{option.Name} is no JSON: {wrong.Message.Split(" LineNumber:")[0].TrimEnd('.')}. In most shells it stands in single quotes.", wrong);
        }
    }

    /// <inheritdoc cref="IdOf(string)"/>
    public static MemoryId? IdOf(ParseResult result, Option<string> option) => result.GetValue(option) is { } id ? IdOf(id) : null;

    /// <exception cref="MemoryException">It is neither a UUID nor a whole number.</exception>
    public static MemoryId IdOf(string text) => MemoryId.TryParse(text, out var id)
        ? id
        : throw new MemoryException($"'{text}' is no memory's id: neither a UUID nor a whole number. Take ids from find or list.");
}
