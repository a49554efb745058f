using McpQdrant.Core.Search.Keywords;
using McpQdrant.Core.Search.Passages;

namespace McpQdrant.Tests.Core.Search.Keywords;

public sealed class AsciiWordsTests
{
    private const string Ascii = "abcXYZ019 _-.,'\n\t\u007F";
    private const string Other = Ascii + "éß长กа🦓“\u0301";

    [Fact]
    public void Starts_are_where_a_reader_finds_words()
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var text = Of(Ascii, random.Next(100), random);
            var words = new WordReader(text);
            var expected = new List<string>();
            while (words.Next(out var word))
                expected.Add(word.ToString());

            Assert.Equal(expected, Read(text));
        }
    }

    /// <summary>What is counted 16 characters at a time is what is counted one by one.</summary>
    [Theory]
    [InlineData(Ascii, 3)]
    [InlineData(Ascii, 60)]
    [InlineData(Other, 3)]
    [InlineData(Other, 60)]
    public void A_passage_has_as_many_words_as_its_characters_make(string alphabet, int runs)
    {
        var random = new Random(2);
        for (var i = 0; i < 1000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => random.Next(3) == 0 ? Of(alphabet, random.Next(runs), random) : new string('a', random.Next(runs)) + " "));

            Assert.Equal(OneByOne(text), PassageCutter.CountWords(text));
        }
    }

    private static int OneByOne(string text)
    {
        var (count, length) = (0, 0);
        foreach (var unit in text)
        {
            var isWord = char.IsLetterOrDigit(unit) || char.IsSurrogate(unit);
            length = isWord && !KeywordText.IsUnspaced(unit) ? length + 1 : 0;
            count += isWord && (length <= 1 || length % 16 == 1) ? 1 : 0;
        }
        return count;
    }

    private static List<string> Read(string text)
    {
        var words = new List<string>();
        var isInWord = false;
        for (var at = 0; at < text.Length; at += AsciiWords.Units)
        {
            var units = AsciiWords.Read(text.AsSpan(at));
            for (var starts = AsciiWords.Starts(units, isInWord); starts != 0; starts &= starts - 1)
                words.Add(AsciiWords.First(text.AsSpan(at + System.Numerics.BitOperations.TrailingZeroCount(starts))).ToString());
            isInWord = AsciiWords.EndsInWord(units);
        }
        return words;
    }

    private static string Of(string alphabet, int length, Random random) => string.Concat(Enumerable.Range(0, length).Select(_ => alphabet[random.Next(alphabet.Length)]));
}
