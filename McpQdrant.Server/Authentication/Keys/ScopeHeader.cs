using McpQdrant.Core.Access;
using Microsoft.Extensions.Primitives;

namespace McpQdrant.Server.Authentication.Keys;

/// <summary>Headers by which whoever has the key of a gateway says for whom it calls: <c>X-Memory-User</c> and the like.</summary>
internal static class ScopeHeader
{
    public static string NameOf(string field) => $"X-Memory-{char.ToUpperInvariant(field[0])}{field[1..]}";

    /// <summary>The caller, bound to what the headers say.</summary>
    /// <returns>Null where a header is missing, or comes twice, or has no value that a field can have; with the reason.</returns>
    public static (Caller? Caller, string? Problem) Bind(CallerKey key, Func<string, StringValues> header)
    {
        if (key.ScopeHeaders.Count == 0)
            return (key.Caller, null);

        var pins = new Dictionary<string, string>(key.Caller.Pins, StringComparer.Ordinal);
        foreach (var field in key.ScopeHeaders)
        {
            // A proxy may have put two headers into one, with a comma between them.
            if (header(NameOf(field)) is not [{ } value] || value.Contains(',', StringComparison.Ordinal) || ScopeFields.Problem(field, value) is not null)
                return (null, $"Whoever calls with this key says for which '{field}', in the header {NameOf(field)}: once, in 1 to 256 characters without a comma.");
            pins[field] = value;
        }
        return (key.Caller with { Pins = pins }, null);
    }
}
