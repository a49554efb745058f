using System.Reflection;
using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Tests.Server.Configuration;

public sealed class SettingsTests
{
    [Fact]
    public void All_holds_every_setting_of_the_table_once()
    {
        var fields = typeof(Settings).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null)).OfType<Setting>();

        Assert.Equal(fields.Select(setting => setting.Name).Order(), Settings.All.Select(setting => setting.Name).Order());
    }

    [Fact]
    public void Names_and_options_mean_one_setting_each()
    {
        var names = Settings.All.SelectMany(setting => setting.Names.Concat(setting.Option is null ? [] : [setting.Option])).ToList();

        Assert.Equal(names.Count, names.Select(name => name.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant()).Distinct().Count());
    }

    [Fact]
    public void Every_setting_without_a_value_has_its_default_in_its_own_type()
    {
        var values = Load.Environment();

        foreach (var setting in Settings.All)
        {
            var type = setting.GetType().GetGenericArguments()[0];
            if (setting.DefaultValue is { } value)
                Assert.IsAssignableFrom(Nullable.GetUnderlyingType(type) ?? type, value);
            else
                Assert.True(!type.IsValueType || Nullable.GetUnderlyingType(type) is not null, $"{setting.Name} has no value when it is unset.");

            Assert.False(values.IsSet(setting), setting.Name);
        }
    }

    [Fact]
    public void Every_meaning_is_made_of_sentences() =>
        Assert.All(Settings.All, setting => Assert.Matches(@"^[A-Z`].*\.$", setting.Meaning));
}
