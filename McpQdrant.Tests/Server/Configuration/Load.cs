using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Tests.Server.Configuration;

/// <summary>Loads settings from nothing but what a test gives.</summary>
internal static class Load
{
    private const string NoFile = "/nonexistent/appsettings.json";

    public static SettingValues Environment(params (string Name, string Text)[] variables) => From([], variables);

    public static SettingValues From(
        (string Option, string Text)[] commandLine, (string Name, string Text)[] environment, string programFile = NoFile) =>
        SettingValues.Load(commandLine.ToDictionary(), environment.ToDictionary(), programFile);

    /// <summary>The complaints about an environment.</summary>
    public static IReadOnlyList<string> Errors(params (string Name, string Text)[] variables) =>
        Assert.Throws<InvalidSettingsException>(() => Environment(variables)).Errors;

    public static string Error(params (string Name, string Text)[] variables) => Assert.Single(Errors(variables));
}
