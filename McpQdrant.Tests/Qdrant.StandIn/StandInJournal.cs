using System.Text;

namespace McpQdrant.Tests.Qdrant;

/// <summary>The writes of a stand-in, a line each, on disk before they are answered: after a kill the next one does them again.</summary>
internal sealed class StandInJournal : IDisposable
{
    private readonly FileStream _file;

    public StandInJournal(string path) => _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);

    /// <summary>What was written before. A line that a kill cut short was never answered.</summary>
    public IEnumerable<(string Method, string Target, byte[] Body)> ReadAll()
    {
        var whole = 0L;
        var reader = new StreamReader(_file, Encoding.UTF8, leaveOpen: true);
        while (reader.ReadLine() is { } line)
        {
            if (line.Split('\t') is not [var method, var target, var body, "."])
                break;
            whole += Encoding.UTF8.GetByteCount(line) + 1;
            yield return (method, target, Convert.FromBase64String(body));
        }
        _file.SetLength(whole);
        _file.Position = whole;
    }

    public void Append(string method, string target, ReadOnlyMemory<byte> body)
    {
        _file.Write(Encoding.UTF8.GetBytes($"{method}\t{target}\t{Convert.ToBase64String(body.Span)}\t.\n"));
        _file.Flush(flushToDisk: true);
    }

    public void Dispose() => _file.Dispose();
}
