using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpQdrant.Server.Mcp.Prompts;

/// <summary>A prompt of one user message with its arguments filled in.</summary>
internal abstract class MemoryPrompt(Prompt description) : McpServerPrompt
{
    public sealed override Prompt ProtocolPrompt => description;

    public sealed override IReadOnlyList<object> Metadata => [];

    public sealed override ValueTask<GetPromptResult> GetAsync(RequestContext<GetPromptRequestParams> request, CancellationToken cancellationToken = default)
    {
        var arguments = request.Params?.Arguments ?? new Dictionary<string, JsonElement>();
        return new(new GetPromptResult
        {
            Description = description.Description,
            Messages = [new PromptMessage { Role = Role.User, Content = new TextContentBlock { Text = Text(name => Value(arguments, name)) } }],
        });
    }

    /// <param name="argument">An argument's text; null where it was not given.</param>
    protected abstract string Text(Func<string, string?> argument);

    private string? Value(IDictionary<string, JsonElement> arguments, string name)
    {
        if (arguments.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(value.GetString()))
            return value.GetString();

        return description.Arguments!.Single(argument => argument.Name == name).Required == true
            ? throw new McpProtocolException($"The prompt '{description.Name}' needs the argument '{name}'.", McpErrorCode.InvalidParams)
            : null;
    }
}
