using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace McpQdrant.ServiceDefaults;

/// <summary>Traces, metrics and logs, as OpenTelemetry's own environment variables ask for them.</summary>
public static class OpenTelemetryExtensions
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ServiceName = "OTEL_SERVICE_NAME";

    /// <summary>Half a millisecond to half a minute: a warm search takes one or two milliseconds, and OpenTelemetry's usual first bucket ends at five.</summary>
    private static readonly double[] Seconds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30];

    /// <summary>Sends telemetry by OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says. Without it nothing is registered, so that nothing is paid.</summary>
    /// <param name="sources">Names of activity sources of the service's own.</param>
    /// <param name="meters">Names of its meters.</param>
    public static TBuilder ConfigureOpenTelemetry<TBuilder>(this TBuilder builder, IReadOnlyList<string> sources, IReadOnlyList<string> meters) where TBuilder : IHostApplicationBuilder
    {
        // A host that was made empty reads no environment, and would hide the other OTEL_ variables from the exporter.
        if (builder.Configuration[Endpoint] is null && Environment.GetEnvironmentVariable(Endpoint) is not null)
            builder.Configuration.AddEnvironmentVariables();
        if (string.IsNullOrWhiteSpace(builder.Configuration[Endpoint]))
            return builder;

        builder.Send(sources, meters);
        return builder;
    }

    /// <remarks>A method of its own: where it isn't called, OpenTelemetry isn't even loaded.</remarks>
    private static void Send(this IHostApplicationBuilder builder, IReadOnlyList<string> sources, IReadOnlyList<string> meters)
    {
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => Describe(resource, builder))
            .Observe([.. sources], [.. meters])
            .UseOtlpExporter();
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
    }

    /// <summary>What is observed, wherever it is sent.</summary>
    internal static OpenTelemetryBuilder Observe(this OpenTelemetryBuilder builder, string[] sources, string[] meters) => builder
        .WithTracing(tracing => tracing
            .AddSource(sources)
            .AddProcessor(new StatusDescriptionEraser())
            .AddAspNetCoreInstrumentation(requests => requests.Filter = IsNoProbe)
            .AddHttpClientInstrumentation())
        .WithMetrics(metrics => metrics
            .AddMeter(meters)
            .AddAspNetCoreInstrumentation()
            .AddHttpClientInstrumentation()
            .AddRuntimeInstrumentation()
            .AddView(BucketsOf));

    private static void Describe(ResourceBuilder resource, IHostApplicationBuilder builder)
    {
        // The variable, which Aspire sets, is read by the SDK; a name given here would overrule it.
        if (string.IsNullOrWhiteSpace(builder.Configuration[ServiceName]))
            resource.AddService(builder.Environment.ApplicationName);
    }

    private static bool IsNoProbe(HttpContext context) =>
        !context.Request.Path.StartsWithSegments(HealthExtensions.Ready) && !context.Request.Path.StartsWithSegments(HealthExtensions.Alive);

    private static ExplicitBucketHistogramConfiguration? BucketsOf(Instrument instrument) =>
        instrument is Histogram<double> { Unit: "s" } ? new ExplicitBucketHistogramConfiguration { Boundaries = Seconds } : null;
}

/// <summary>Takes the words from a span's status: libraries put messages of errors there, which quote what a caller sent.</summary>
/// <remarks>That it failed stays, and so does <c>error.type</c>.</remarks>
internal sealed class StatusDescriptionEraser : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.StatusDescription is not null)
            data.SetStatus(data.Status);
    }
}
