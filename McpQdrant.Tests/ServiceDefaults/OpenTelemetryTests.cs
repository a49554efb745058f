using McpQdrant.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace McpQdrant.Tests.ServiceDefaults;

public sealed class OpenTelemetryTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Nothing_is_registered_without_an_endpoint(string? endpoint)
    {
        var builder = Builder(("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint));
        var before = builder.Services.Count;

        builder.ConfigureOpenTelemetry(["Any"], ["Any"]);

        Assert.Equal(before, builder.Services.Count);
    }

    [Fact]
    public void Traces_and_metrics_are_sent_where_there_is_an_endpoint()
    {
        var builder = Builder(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"));

        builder.ConfigureOpenTelemetry(["Any"], ["Any"]);
        using var host = builder.Build();

        Assert.NotNull(host.Services.GetService<TracerProvider>());
        Assert.NotNull(host.Services.GetService<MeterProvider>());
    }

    [Theory]
    [InlineData(null, "memories")]
    [InlineData("notes-of-team-a", "notes-of-team-a")]
    public void Service_is_called_as_its_variable_says_or_as_the_application_is(string? variable, string expected)
    {
        var builder = Builder(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"), ("OTEL_SERVICE_NAME", variable));

        builder.ConfigureOpenTelemetry(["Any"], ["Any"]);
        using var host = builder.Build();

        var resource = host.Services.GetRequiredService<TracerProvider>().GetResource();
        Assert.Contains(new KeyValuePair<string, object>("service.name", expected), resource.Attributes);
    }

    private static HostApplicationBuilder Builder(params (string Name, string? Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "memories" });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Name, setting => setting.Value));
        return builder;
    }
}
