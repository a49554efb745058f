using System.Text;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Transfer;
using McpQdrant.Server.Cli.Formats.Python;
using McpQdrant.Server.Cli.Transfer;
using Microsoft.Data.Sqlite;

namespace McpQdrant.Tests.Server.Cli.Transfer;

/// <summary>The local folder that mcp-server-qdrant 0.8.1 wrote, and folders that somebody would like to be taken for one.</summary>
public sealed class PythonFolderTests : IDisposable
{
    private static readonly string Fixture = Path.Combine(AppContext.BaseDirectory, "Fixtures", "imports", "python-local");

    private readonly TemporaryFolder _folder = new();

    /// <summary>Pickles that the reader must not take for a point, each with what it says of them.</summary>
    public static TheoryData<string, byte[], string> Hostile => new()
    {
        { "os.system", [0x80, 2, .. "cos\nsystem\n(X\u0004\0\0\0truetR."u8], "name 'os.system'" },
        { "reduce of what is known", [0x80, 2, .. "cqdrant_client.models\nPointStruct\n)R."u8], "would call something" },
        { "inst", [0x80, 2, .. "(iqdrant_client.models\nPointStruct\n."u8], "would call something" },
        { "an extension", [0x80, 2, 0x82, 1, (byte)'.'], "the code 82 at byte 2" },
        { "cut", [0x80, 4, 0x8c, 200, (byte)'x'], "cut off at byte 5" },
        { "a text of 4 GB", [0x80, 4, (byte)'X', 0xFF, 0xFF, 0xFF, 0xFF], "damaged" },
        { "no end", [0x80, 4, (byte)'}'], "cut off at byte 3" },
        { "an empty stack", [0x80, 4, (byte)'.'], "damaged" },
        { "a list in itself", Point([(byte)']', 0x94, (byte)'h', 0, (byte)'a']), "too deep" },
        { "billions of lists", Point([(byte)']', 0x94, .. Enumerable.Range(0, 30).SelectMany(i => (byte[])[(byte)']', 0x94, (byte)'(', (byte)'h', (byte)i, (byte)'h', (byte)i, (byte)'e'])]), "too deep or too large" },
        { "no point", [0x80, 4, (byte)'N', (byte)'.'], "it is no point" },
        { "nothing", [], "cut off at byte 0" },
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Import_reads_the_folder_of_the_real_server()
    {
        await using var workshop = await Workshop.OpenAsync();
        workshop.UseFolder(_folder.File("data"));

        var run = await workshop.RunAsync(ImportCommand.Create(), Fixture);
        var again = await workshop.RunAsync(ImportCommand.Create(), Fixture);
        var exported = await workshop.RunAsync(ExportCommand.Create(), "notes", "big notes");

        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("Reads it as the Python server's local folder.", run.Error, StringComparison.Ordinal);
        Assert.Contains("0 stored, 7 there already", again.Output, StringComparison.Ordinal);
        var lines = exported.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("""{"id":"b2420024-4b7c-4af5-95ab-4240ff892e17","text":"The staging key rotates every Friday.","metadata":{"topic":"keys","year":2026}}""", lines);
        Assert.Contains(lines, line => line.Contains('日') || line.Contains('的'));
        Assert.Equal(2 + 7, lines.Length);
    }

    [Fact]
    public async Task Vectors_come_along()
    {
        var entries = await PythonFolder.Read(Fixture, CancellationToken.None).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal([3L, 4L], entries.OfType<ImportEntry.Header>().Select(header => header.File.Memories).Order());
        Assert.All(entries.OfType<ImportEntry.Header>(), header => Assert.Equal(new VectorInfo("fast-all-minilm-l6-v2", 384, Distance.Cosine), header.File.Vector));
        Assert.All(entries.OfType<ImportEntry.Item>(), item => Assert.Equal(384, item.Memory.Vector!.Value.Length));
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task A_pickle_that_is_no_point_is_skipped_with_a_reason_and_the_others_are_stored(string what, byte[] pickle, string reason)
    {
        await using var workshop = await Workshop.OpenAsync();
        workshop.UseFolder(_folder.File("data"));
        Copy();
        Execute("INSERT INTO points VALUES ('x', $point)", pickle);

        var strict = await workshop.RunAsync(ImportCommand.Create(), _folder.File("python"), "--strict");
        var run = await workshop.RunAsync(ImportCommand.Create(), _folder.File("python"));

        Assert.True(strict.Error.Contains("Nothing was stored", StringComparison.Ordinal), what);
        Assert.Equal(4, run.Code);
        Assert.Matches($"Skipped 'notes', point 5: .*{reason}", run.Error);
        Assert.Contains("7 stored, 1 skipped", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"collections\": {\"../../notes\": {}}}", "holds '/'")]
    [InlineData("{\"collections\": ", "can't be read as the Python server's")]
    [InlineData("[]", "can't be read as the Python server's")]
    public async Task A_description_that_can_not_be_used_gives_a_sentence(string description, string sentence)
    {
        await using var workshop = await Workshop.OpenAsync();
        workshop.UseFolder(_folder.File("data"));
        Copy();
        File.WriteAllText(_folder.File("python/meta.json"), description);

        var run = await workshop.RunAsync(ImportCommand.Create(), _folder.File("python"));

        Assert.Equal(1, run.Code);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_file_is_told_and_the_others_are_read()
    {
        await using var workshop = await Workshop.OpenAsync();
        workshop.UseFolder(_folder.File("data"));
        Copy();
        File.WriteAllText(_folder.File("python/collection/big notes/storage.sqlite"), "no database");

        var run = await workshop.RunAsync(ImportCommand.Create(), _folder.File("python"));

        Assert.Equal(4, run.Code);
        Assert.Contains("Skipped 'big notes': its file", run.Error, StringComparison.Ordinal);
        Assert.Contains("4 stored, 1 skipped", run.Output, StringComparison.Ordinal);
    }

    /// <summary>A point whose payload has <paramref name="value"/> as its only field, with the opcodes that make it.</summary>
    private static byte[] Point(byte[] value) =>
    [
        0x80, 4, .. value, (byte)'0', .. "cqdrant_client.models\nPointStruct\n)"u8, 0x81, (byte)'}', .. Text("payload"), (byte)'}', .. Text("a"), (byte)'h', (byte)(value.Count(code => code == 0x94) - 1), (byte)'s', (byte)'s', (byte)'b', (byte)'.',
    ];

    private static byte[] Text(string text) => [0x8c, (byte)text.Length, .. Encoding.UTF8.GetBytes(text)];

    private void Copy()
    {
        foreach (var file in Directory.GetFiles(Fixture, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder.File("python"), Path.GetRelativePath(Fixture, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private void Execute(string sql, byte[] point)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File("python/collection/notes/storage.sqlite")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$point", point);
        command.ExecuteNonQuery();
    }
}
