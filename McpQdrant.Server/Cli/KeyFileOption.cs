using System.CommandLine;
using McpQdrant.Server.Authentication.Keys;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Server.Hosting.Configuration.Loading;

namespace McpQdrant.Server.Cli;

/// <summary><c>--create-keys</c>: makes the keys that the settings read from files, where the files are not there yet.</summary>
/// <remarks>
/// A container that starts for the first time has no keys, and a container that makes them and ends would end <c>podman-compose up --exit-code-from</c>.
/// So the server makes them itself before it reads its settings.
/// </remarks>
internal static class KeyFileOption
{
    private const UnixFileMode Owner = UnixFileMode.UserRead;

    /// <summary>Qdrant runs as another user and reads its key by its group.</summary>
    private const UnixFileMode OwnerAndGroup = UnixFileMode.UserRead | UnixFileMode.GroupRead;

    private static readonly string ApiKeyFile = Settings.ApiKey.Name + SecretFile.Suffix;
    private static readonly string QdrantApiKeyFile = Settings.QdrantApiKey.Name + SecretFile.Suffix;

    public static Option<bool> Create() => new("--create-keys")
    {
        Description = $"Before it serves, puts a new key into each file that {ApiKeyFile} and {QdrantApiKeyFile} name and that is not there.",
    };

    /// <exception cref="InvalidSettingsException">No file is named, or one can't be created.</exception>
    public static void CreateKeys(IReadOnlyDictionary<string, string> variables, TextWriter error)
    {
        (string Variable, UnixFileMode Mode)[] files = [(ApiKeyFile, Owner), (QdrantApiKeyFile, OwnerAndGroup)];
        var named = files.Where(file => !string.IsNullOrWhiteSpace(variables.GetValueOrDefault(file.Variable))).ToList();
        if (named.Count == 0)
            throw new InvalidSettingsException([$"--create-keys makes the keys in the files that {ApiKeyFile} and {QdrantApiKeyFile} name, and neither is set. Set one."]);

        foreach (var (variable, mode) in named)
        {
            var path = variables[variable];
            try
            {
                if (KeyFile.Create(PathFormats.Absolute(path), mode))
                    error.WriteLine(variable == ApiKeyFile ? $"There is a new key in {path}; `mcp-server-qdrant key show` prints it." : $"There is a new key in {path}.");
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SettingException)
            {
                throw new InvalidSettingsException([$"{variable}: no key can be made in {SettingText.Quote(path)}: {failure.Message}"]);
            }
        }
    }
}
