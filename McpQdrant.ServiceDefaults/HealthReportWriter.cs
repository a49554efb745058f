using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace McpQdrant.ServiceDefaults;

/// <summary>One word for anybody, and the reasons for those who may know them.</summary>
/// <remarks>
/// Reasons name hosts and providers. They are for authenticated callers, and for all in development; not for loopback, since a proxy on
/// the same machine makes every stranger look like it. Operators without a key find them in the log.
/// </remarks>
internal sealed class HealthReportWriter(Func<ClaimsPrincipal, bool> mayKnowReasons)
{
    public Task WriteAsync(HttpContext context, HealthReport report)
    {
        var environment = context.RequestServices.GetRequiredService<IHostEnvironment>();
        context.Response.Headers[HealthExtensions.ServiceHeader] = environment.ApplicationName;
        return mayKnowReasons(context.User) || environment.IsDevelopment()
            ? WriteReasonsAsync(context, report)
            : context.Response.WriteAsync(report.Status.ToString(), context.RequestAborted);
    }

    private static async Task WriteReasonsAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

        writer.WriteStartObject();
        writer.WriteString("status", report.Status.ToString());
        writer.WriteStartObject("checks");
        foreach (var (name, check) in report.Entries)
        {
            writer.WriteStartObject(name);
            writer.WriteString("status", check.Status.ToString());
            if (check.Description is { } reason)
                writer.WriteString("reason", reason);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
