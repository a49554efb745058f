using System.Text;
using System.Text.Json;

namespace McpQdrant.Server.Cli;

/// <summary>Findings as a table for people, or as JSON for programs.</summary>
internal static class DoctorReport
{
    private const int PartWidth = 12;
    private const int StateWidth = 9;

    private static readonly JsonWriterOptions Indented = new()
    {
        Indented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Table(IReadOnlyList<DoctorFinding> findings)
    {
        var table = new StringBuilder();
        foreach (var finding in findings)
        {
            // What has several lines goes on below its first.
            var sentence = finding.Sentence.ReplaceLineEndings($"\n{new string(' ', PartWidth + StateWidth)}");
            table.Append(finding.Part.PadRight(PartWidth)).Append(Spell(finding.State).PadRight(StateWidth)).Append(sentence).Append('\n');
        }
        return table.ToString();
    }

    public static string Json(IReadOnlyList<DoctorFinding> findings)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            json.WriteStartObject();
            json.WriteBoolean("healthy", IsHealthy(findings));
            json.WriteStartArray("findings");
            foreach (var finding in findings)
            {
                json.WriteStartObject();
                json.WriteString("part", finding.Part);
                json.WriteString("state", Spell(finding.State));
                json.WriteString("sentence", finding.Sentence);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    public static bool IsHealthy(IEnumerable<DoctorFinding> findings) => findings.All(finding => finding.State != DoctorState.Problem);

    private static string Spell(DoctorState state) => state switch
    {
        DoctorState.Ok => "ok",
        DoctorState.Warning => "warning",
        _ => "problem",
    };
}
