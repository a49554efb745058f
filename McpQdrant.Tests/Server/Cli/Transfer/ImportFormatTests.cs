using System.Buffers;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Cli.Formats;
using McpQdrant.Server.Cli.Formats.Json;
using McpQdrant.Server.Cli.Transfer;

namespace McpQdrant.Tests.Server.Cli.Transfer;

/// <summary>What other programs wrote, read by looking: fixtures of our own making in the shape that each documents.</summary>
public sealed class ImportFormatTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string, string[]> Fixtures => new()
    {
        {
            "chatgpt.json", "ChatGPT's data export",
            ["""{"id":"0f6c5d1e-2b3a-4c5d-8e9f-101112131415","text":"# Moving the lighthouse\n\nUser: How far did they move the lighthouse?\n\nAssistant: Seventy metres inland, on rails.","metadata":{"conversation":"0f6c5d1e-2b3a-4c5d-8e9f-101112131415","source":"chatgpt","title":"Moving the lighthouse"},"created":"2026-01-01T10:00:00.5Z","updated":"2026-01-01T11:00:00Z"}"""]
        },
        {
            "chatgpt.json --split", "ChatGPT's data export",
            [
                """{"id":"5f1c0e0a-7a35-4f0b-9c44-0b9f3f1f6a01","text":"How far did they move the lighthouse?","metadata":{"conversation":"0f6c5d1e-2b3a-4c5d-8e9f-101112131415","role":"user","source":"chatgpt","title":"Moving the lighthouse"},"created":"2026-01-01T10:00:10Z"}""",
                """{"id":"5f1c0e0a-7a35-4f0b-9c44-0b9f3f1f6a02","text":"Seventy metres inland, on rails.","metadata":{"conversation":"0f6c5d1e-2b3a-4c5d-8e9f-101112131415","role":"assistant","source":"chatgpt","title":"Moving the lighthouse"},"created":"2026-01-01T10:00:20Z"}""",
            ]
        },
        {
            "claude.json", "Claude's data export",
            ["""{"id":"1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d","text":"# Bread at high altitude\n\nUser: Why does my bread collapse at 2500 m?\n\nAssistant: It rises faster there.\n\nUse less yeast.","metadata":{"conversation":"1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d","source":"claude","title":"Bread at high altitude"},"created":"2026-01-05T10:00:00Z","updated":"2026-01-05T10:05:00Z"}"""]
        },
        {
            "mem0.json", "mem0's memories",
            [
                """{"id":"6d2d1a1e-1111-4c2b-9b1a-2f3e4d5c6b7a","text":"Prefers morning meetings","metadata":{"categories":["work"],"type":"preference","user_id":"arjun"},"created":"2026-01-02T11:04:05.123456Z"}""",
                """{"id":"6d2d1a1e-2222-4c2b-9b1a-2f3e4d5c6b7a","text":"Leads the API redesign","metadata":{"user_id":"carl"},"created":"2026-01-02T11:04:05Z","updated":"2026-02-02T11:04:05Z"}""",
            ]
        },
        {
            "knowledge-graph.jsonl", "server-memory's knowledge graph",
            [
                """{"text":"Ada_Byron (person)\n- Speaks French\n- Works on the second floor","metadata":{"entity":"Ada_Byron","entityType":"person"}}""",
                """{"text":"Ada_Byron programs Difference_Engine","metadata":{"from":"Ada_Byron","relationType":"programs","to":"Difference_Engine"}}""",
                """{"text":"Difference_Engine (machine)","metadata":{"entity":"Difference_Engine","entityType":"machine"}}""",
            ]
        },
        {
            "table.csv --map text=body,created=date", "CSV",
            [
                """{"id":1,"text":"The key rotates\non Mondays, they say \"always\".","metadata":{"stars":"3","topic":"keys"},"created":"2026-01-31T00:00:00Z"}""",
                """{"id":2,"text":"Staging moved to db7","created":"2026-02-01T10:00:00Z"}""",
            ]
        },
        {
            "objects.json --map text=body,created=date,id=key", "JSON",
            [
                """{"id":"6d2d1a1e-3333-4c2b-9b1a-2f3e4d5c6b7a","text":"The key rotates on Mondays.","metadata":{"stars":3,"topic":{"name":"keys"}},"created":"2026-01-01T10:00:00Z"}""",
                """{"id":"6d2d1a1e-4444-4c2b-9b1a-2f3e4d5c6b7a","text":"Staging moved to db7.","created":"2026-02-01T10:00:00Z"}""",
            ]
        },
        {
            "basic-memory", "Markdown",
            ["""{"text":"# Coffee Brewing Methods\n\n## Observations\n- [method] Pour over provides more clarity #brewing (tested)\n\n## Relations\n- relates_to [[Coffee Bean Origins]]","metadata":{"created":"2026-01-31T08:00:00Z","path":"coffee-brewing-methods.md","permalink":"coffee-brewing-methods","tags":["coffee","brewing"],"title":"Coffee Brewing Methods","type":"note"},"created":"2026-01-31T08:00:00Z"}"""]
        },
        {
            "vault/Coffee.md --split", "Markdown",
            [
                """{"text":"# Coffee\n\nGrind finer when it tastes sour. See [[Kettle]] and #water.","metadata":{"aliases":["Espresso"],"date":"2026-01-31","done":true,"link":"[[Kettle]]","path":"Coffee.md","rating":4.5,"tags":["kitchen","morning"]},"created":"2026-01-31T00:00:00Z"}""",
                """{"text":"# Coffee > Beans\n\nEthiopian beans work with a lighter roast.\n\n```sh\n# no heading, a comment\n```","metadata":{"aliases":["Espresso"],"date":"2026-01-31","done":true,"heading":"Beans","link":"[[Kettle]]","path":"Coffee.md","rating":4.5,"tags":["kitchen","morning"]},"created":"2026-01-31T00:00:00Z"}""",
                """{"text":"# Coffee > Empty > Water\n\n205 °F is best.","metadata":{"aliases":["Espresso"],"date":"2026-01-31","done":true,"heading":"Empty > Water","link":"[[Kettle]]","path":"Coffee.md","rating":4.5,"tags":["kitchen","morning"]},"created":"2026-01-31T00:00:00Z"}""",
            ]
        },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Fixtures))]
    public async Task Import_reads_what_others_wrote(string arguments, string format, string[] memories)
    {
        await using var workshop = await OpenAsync();
        var parts = arguments.Split(' ');

        var run = await workshop.RunAsync(ImportCommand.Create(), [Fixture(parts[0]), .. parts[1..], "-c", "notes"]);
        var again = await workshop.RunAsync(ImportCommand.Create(), [Fixture(parts[0]), .. parts[1..], "-c", "notes"]);

        Assert.True(run.Code == 0, run.Error);
        Assert.Contains($"Reads it as {format}.", run.Error, StringComparison.Ordinal);
        Assert.Equal(memories.Order(StringComparer.Ordinal), (await ExportAsync(workshop)).Select(WithoutMadeUpId).Order(StringComparer.Ordinal));
        Assert.Contains($"0 stored, {memories.Length} there already", again.Output, StringComparison.Ordinal);
    }

    /// <summary>Each format cut in its middle: what stood before is stored, the rest is told, and with --strict nothing is stored.</summary>
    [Theory]
    [InlineData("chatgpt.json", "it is not JSON, or was cut off")]
    [InlineData("claude.json", "it is not JSON, or was cut off")]
    [InlineData("objects.json --map text=body", "it is not JSON, or was cut off")]
    [InlineData("mem0.json", "it is not JSON, or was cut off")]
    [InlineData("knowledge-graph.jsonl", "the line is not JSON, or was cut off")]
    [InlineData("table.csv --map text=body", "columns, and the first line 5")]
    public async Task Import_of_what_was_cut_off_stores_what_is_whole_and_says_where_it_ends(string arguments, string reason)
    {
        await using var workshop = await OpenAsync();
        var parts = arguments.Split(' ');
        var whole = await File.ReadAllTextAsync(Fixture(parts[0]), TestContext.Current.CancellationToken);
        var cut = _folder.Write(parts[0], whole[..(whole.LastIndexOfAny([':', ',']) - 1)]);

        var strict = await workshop.RunAsync(ImportCommand.Create(), [cut, .. parts[1..], "-c", "notes", "--strict"]);
        var run = await workshop.RunAsync(ImportCommand.Create(), [cut, .. parts[1..], "-c", "notes"]);

        Assert.Equal(1, strict.Code);
        Assert.Contains("Nothing was stored", strict.Error, StringComparison.Ordinal);
        Assert.Equal(4, run.Code);
        Assert.Matches($@"Skipped line \d+: .*{reason}", run.Error);
        Assert.NotEmpty(await ExportAsync(workshop));
    }

    [Theory]
    [InlineData("a.json")]
    [InlineData("a.jsonl")]
    [InlineData("a.csv")]
    [InlineData("a.md")]
    public async Task Import_of_an_empty_file_says_so(string name)
    {
        await using var workshop = await OpenAsync();

        var run = await workshop.RunAsync(ImportCommand.Create(), _folder.Write(name, ""), "-c", "notes");

        Assert.Equal(1, run.Code);
        Assert.Contains("is empty", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.json", "[]", "has no entries")]
    [InlineData("a.json", "{\"a\": 1}", "no field 'text'")]
    [InlineData("a.json", "{\n\"a\": 1}", "there is no array in it")]
    [InlineData("a.json", "[{\"body\": \"x\", \"at\": 1}]", "--map text=FIELD; there are: body, at")]
    [InlineData("a.csv", "body,at\nx,1\n", "--map text=FIELD; there are: body, at")]
    [InlineData("a.bin", "\u0001\u0002", "is in no format that import reads")]
    [InlineData("a.db", "SQLite format 3\0", "is an SQLite database")]
    public async Task Import_of_what_it_can_not_read_says_what_is_wrong(string name, string content, string sentence)
    {
        await using var workshop = await OpenAsync();

        var run = await workshop.RunAsync(ImportCommand.Create(), _folder.Write(name, content), "-c", "notes");

        Assert.Equal(1, run.Code);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text=", "is no pair")]
    [InlineData("body=text", "is no pair")]
    public async Task A_map_that_can_not_be_read_gives_a_sentence(string map, string sentence)
    {
        await using var workshop = await OpenAsync();

        var run = await workshop.RunAsync(ImportCommand.Create(), Fixture("objects.json"), "-c", "notes", "--map", map);

        Assert.Equal(1, run.Code);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_skips_entries_that_are_bad_and_says_where_they_stand()
    {
        await using var workshop = await OpenAsync();
        var file = _folder.Write("bad.json", """
            [
              {"text": "good"},
              "no object",
              {"text": 7},
              {"text": "\ud800"},
              {"text": ""},
              {"other": "x"},
              {"text": "t", "created": "yesterday"},
              {"text": "last", "id": "not a uuid"}
            ]
            """);
        var table = _folder.Write("bad.csv", "text,created\ngood as well,2026-01-01\n\"a\nb\",\nonly one\ntoo,many,columns\nlate,soon\n");

        var run = await workshop.RunAsync(ImportCommand.Create(), file, "-c", "notes");
        var ofTable = await workshop.RunAsync(ImportCommand.Create(), table, "-c", "notes");

        Assert.Equal(
            ["line 3", "line 5", "line 6", "line 7", "line 8"], run.Error.Split('\n').Where(line => line.StartsWith("Skipped ", StringComparison.Ordinal)).Select(line => line[8..].Split(':')[0]));
        Assert.Equal(
            ["line 5", "line 6", "line 7"], ofTable.Error.Split('\n').Where(line => line.StartsWith("Skipped ", StringComparison.Ordinal)).Select(line => line[8..].Split(':')[0]));
        var stored = await ExportAsync(workshop);
        Assert.Contains(stored, line => line.Contains("\"id\":\"not a uuid\"", StringComparison.Ordinal));
        Assert.Equal(5, stored.Count);
    }

    [Fact]
    public async Task Import_reads_an_export_as_it_was_downloaded_or_unpacked()
    {
        await using var workshop = await OpenAsync();
        var zip = _folder.File("export.zip");
        using (var archive = ZipFile.Open(zip, ZipArchiveMode.Create))
        {
            // A name that leads out of a folder is a name like any other: nothing is unpacked.
            archive.CreateEntryFromFile(Fixture("claude.json"), "../../conversations.json");
            archive.CreateEntryFromFile(Fixture("mem0.json"), "users.json");
        }
        Directory.CreateDirectory(_folder.File("unpacked"));
        File.Copy(Fixture("chatgpt.json"), _folder.File("unpacked/conversations-000.json"));
        File.Copy(Fixture("claude.json"), _folder.File("unpacked/conversations-001.json"));

        var zipped = await workshop.RunAsync(ImportCommand.Create(), zip, "-c", "notes");
        var unpacked = await workshop.RunAsync(ImportCommand.Create(), _folder.File("unpacked"), "-c", "notes");

        Assert.Contains("1 stored", zipped.Output, StringComparison.Ordinal);
        Assert.Contains("1 stored, 1 there already", unpacked.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder.Path, "..", "..", "conversations.json")));
    }

    [Fact]
    public async Task Import_of_a_bomb_ends_with_a_sentence()
    {
        await using var workshop = await OpenAsync();
        var zip = _folder.File("bomb.zip");
        using (var archive = ZipFile.Open(zip, ZipArchiveMode.Create))
        {
            using var entry = archive.CreateEntry("conversations.json", CompressionLevel.SmallestSize).Open();
            Bomb(entry, "[{\"chat_messages\":[]}"u8, Encoding.UTF8.GetBytes($",{{\"chat_messages\":[],\"name\":\"{new string('x', 10_000)}\"}}"));
        }
        using (var gz = new GZipStream(File.Create(_folder.File("bomb.jsonl.gz")), CompressionLevel.SmallestSize))
            Bomb(gz, "{\"text\":\"a\"}\n"u8, Encoding.UTF8.GetBytes($"{new string(' ', 10_000)}\n"));
        File.WriteAllBytes(_folder.File("cut.zip"), File.ReadAllBytes(zip)[..2000]);

        var ofZip = await workshop.RunAsync(ImportCommand.Create(), zip, "-c", "notes", "--dry-run");
        var ofLines = await workshop.RunAsync(ImportCommand.Create(), _folder.File("bomb.jsonl.gz"), "-c", "notes");
        var cut = await workshop.RunAsync(ImportCommand.Create(), _folder.File("cut.zip"), "-c", "notes");

        Assert.Contains("unpacks to more than 250 times", ofZip.Error, StringComparison.Ordinal);
        Assert.Contains("unpacks to more than 250 times", ofLines.Error, StringComparison.Ordinal);
        Assert.Contains("is a zip file that is damaged or was cut off", cut.Error, StringComparison.Ordinal);
        Assert.All([ofZip.Code, ofLines.Code, cut.Code], code => Assert.NotEqual(0, code));
    }

    [Fact]
    public async Task A_vault_is_read_without_what_is_hidden_or_lies_elsewhere()
    {
        await using var workshop = await OpenAsync();
        var vault = _folder.File("vault");
        Directory.CreateDirectory(Path.Combine(vault, "sub"));
        Directory.CreateDirectory(Path.Combine(vault, ".obsidian"));
        File.WriteAllText(Path.Combine(vault, ".obsidian", "plugin.md"), "hidden");
        File.WriteAllText(Path.Combine(vault, "sub", "Kettle.md"), "Descale it in spring.\r\n");
        File.WriteAllText(Path.Combine(vault, "picture.png"), "no note");
        File.WriteAllText(Path.Combine(vault, "broken.md"), "---\ntags: [a\n---\ntext");
        File.WriteAllText(Path.Combine(vault, "bomb.md"), $"---\na: &a [x]\n{string.Concat(Enumerable.Range(1, 12).Select(i => $"b{i}: &b{i} [{string.Join(",", Enumerable.Repeat(i == 1 ? "*a" : $"*b{i - 1}", 9))}]\n"))}---\ntext");
        File.WriteAllText(Path.Combine(vault, "empty.md"), "");
        File.WriteAllText(Path.Combine(vault, "rule.md"), "---\nno front matter\n\n----\nas it has no end");
        File.WriteAllBytes(Path.Combine(vault, "latin.md"), [0x63, 0x61, 0x66, 0xE9]);
        File.WriteAllText(_folder.File("secret.md"), "not yours");
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(Path.Combine(vault, "linked.md"), _folder.File("secret.md"));
            Directory.CreateSymbolicLink(Path.Combine(vault, "out"), _folder.Path);
        }

        var run = await workshop.RunAsync(ImportCommand.Create(), vault, "-c", "notes");

        Assert.Equal(4, run.Code);
        Assert.Contains("Skipped broken.md: its front matter can't be read, line", run.Error, StringComparison.Ordinal);
        Assert.Contains("Skipped bomb.md: its front matter is too deep or too large", run.Error, StringComparison.Ordinal);
        Assert.Contains("Skipped empty.md: it has no text", run.Error, StringComparison.Ordinal);
        Assert.Contains("Skipped latin.md: it holds bytes that are not UTF-8", run.Error, StringComparison.Ordinal);
        Assert.Equal(
            ["# Kettle\n\nDescale it in spring.", "# rule\n\n---\nno front matter\n\n----\nas it has no end"],
            (await ExportAsync(workshop)).Select(line => JsonElement.Parse(line).GetProperty("text").GetString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_folder_without_notes_gives_a_sentence()
    {
        await using var workshop = await OpenAsync();

        var run = await workshop.RunAsync(ImportCommand.Create(), Directory.CreateDirectory(_folder.File("nothing")).FullName, "-c", "notes");

        Assert.Equal(1, run.Code);
        Assert.Contains("has nothing in it that import reads", run.Error, StringComparison.Ordinal);
    }

    /// <summary>Of 200 MB of entries little more is read than was asked for, and an entry that would take everything ends the reading.</summary>
    [Fact]
    public async Task A_large_file_is_read_an_entry_at_a_time()
    {
        var entry = Encoding.UTF8.GetBytes($$"""
            {"text": "{{new string('x', 200_000)}}"},

            """);
        using var many = new Repeated("["u8.ToArray(), entry, 1000, "{}]"u8.ToArray());
        using var endless = new Repeated("[\"short\",\n\""u8.ToArray(), [.. Enumerable.Repeat((byte)'y', 1024 * 1024)], 1000, "\"]"u8.ToArray());
        var (count, last) = (0, 0L);

        await foreach (var item in JsonItems.ReadAsync(new ImportSource("many", () => many), TestContext.Current.CancellationToken))
        {
            Assert.Null(item.Problem);
            last = item.Line;
            Assert.InRange(many.Given, 0, ++count * (long)entry.Length + 1024 * 1024);
        }
        var items = await JsonItems.ReadAsync(new ImportSource("endless", () => endless), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal((1001, 1001L), (count, last));
        Assert.Equal("short", items[0].Value.GetString());
        Assert.Contains("an entry is longer than 64 MiB", Assert.Single(items.Skip(1)).Problem, StringComparison.Ordinal);
        Assert.Equal(2, items[1].Line);
        Assert.InRange(endless.Given, 0, 100 * 1024 * 1024);
    }

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", "imports", name);

    /// <summary>Ids that are made from text and metadata say nothing; the others are what the file says.</summary>
    private static string WithoutMadeUpId(string line)
    {
        var json = JsonElement.Parse(line);
        var made = MemoryId.Of(json.GetProperty("text").GetString()!, json.TryGetProperty("metadata", out var metadata) ? metadata : null).ToString();
        return line.Replace($"\"id\":\"{made}\",", "", StringComparison.Ordinal);
    }

    private static void Bomb(Stream output, ReadOnlySpan<byte> start, ReadOnlySpan<byte> part)
    {
        var block = new ArrayBufferWriter<byte>();
        while (block.WrittenCount < 1_000_000)
            block.Write(part);
        output.Write(start);
        for (var i = 0; i < 100; i++)
            output.Write(block.WrittenSpan);
    }

    private async Task<Workshop> OpenAsync()
    {
        var workshop = await Workshop.OpenAsync();
        workshop.UseFolder(_folder.File("data"));
        return workshop;
    }

    private static async Task<IReadOnlyList<string>> ExportAsync(Workshop workshop)
    {
        var run = await workshop.RunAsync(ExportCommand.Create(), "notes");
        Assert.True(run.Code == 0, run.Error);
        return [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)];
    }

    /// <summary>A file that is made while it is read.</summary>
    private sealed class Repeated(byte[] start, byte[] part, int times, byte[] end) : Stream
    {
        private readonly IEnumerator<byte[]> _parts = ((IEnumerable<byte[]>)[start, .. Enumerable.Repeat(part, times), end]).GetEnumerator();
        private ReadOnlyMemory<byte> _left;

        /// <summary>How many bytes were read of it.</summary>
        public long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_left.IsEmpty)
                _left = _parts.MoveNext() ? _parts.Current : ReadOnlyMemory<byte>.Empty;
            var read = Math.Min(count, _left.Length);
            _left[..read].CopyTo(buffer.AsMemory(offset));
            _left = _left[read..];
            Given += read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            _parts.Dispose();
            base.Dispose(disposing);
        }
    }
}
