using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;

namespace McpQdrant.Tests.Core.Collections;

public sealed class CollectionAdoptionTests
{
    private static readonly EmbeddingIdentity MiniLm = new("local", "sentence-transformers/all-MiniLM-L6-v2", 384);

    private static readonly VectorInfo Python = new("fast-all-minilm-l6-v2", 384, Distance.Cosine);

    [Fact]
    public void A_collection_of_the_python_server_is_used_as_it_is()
    {
        var layout = Adopt(Collection(Python) with { Samples = [Json("""{"document": "tea", "metadata": null}""")] });

        Assert.Equal(
            new CollectionLayout { Name = CollectionName.Parse("notes"), VectorName = "fast-all-minilm-l6-v2", VectorSize = 384, Distance = Distance.Cosine },
            layout);
    }

    [Fact]
    public void A_collection_of_langchain_is_used_in_its_own_shape()
    {
        var layout = Adopt(Collection(new VectorInfo("", 384, Distance.Cosine)) with
        {
            Samples = [Json("""{"page_content": "tea", "metadata": {"source": "notes.md"}}""")],
        });

        Assert.Equal(("", "page_content", "metadata", null), (layout.VectorName, layout.TextField, layout.MetadataField, layout.Keywords));
    }

    [Fact]
    public void The_vector_named_after_the_model_is_chosen_among_several()
    {
        var layout = Adopt(Collection(new VectorInfo("other", 384, Distance.Dot), Python, new VectorInfo("image", 512, Distance.Cosine)));

        Assert.Equal(Python.Name, layout.VectorName);
    }

    [Theory]
    [InlineData("")]
    [InlineData("dense")]
    public void The_only_vector_of_the_right_size_is_chosen_and_its_distance_kept(string name)
    {
        var layout = Adopt(Collection(new VectorInfo(name, 384, Distance.Euclid), new VectorInfo("image", 512, Distance.Cosine)));

        Assert.Equal((name, 384, Distance.Euclid), (layout.VectorName, layout.VectorSize, layout.Distance));
    }

    [Fact]
    public void A_vector_named_after_another_model_is_passed_over_where_there_is_another_one()
    {
        var layout = Adopt(Collection(new VectorInfo("fast-bge-small-en", 384, Distance.Cosine), new VectorInfo("text", 384, Distance.Cosine)));

        Assert.Equal("text", layout.VectorName);
    }

    [Fact]
    public void Keywords_are_counted_as_the_notes_say_else_as_qdrant_does_by_default()
    {
        var hybrid = Collection(Python) with { SparseVectors = ["bm25", "splade"] };
        var noted = hybrid with { Metadata = Notes(new CollectionMetadata(MiniLm, new Bm25Options(100, "german"))) };

        Assert.Equal(new Bm25Options(256, "english"), Adopt(hybrid).Keywords);
        Assert.Equal(new Bm25Options(100, "german"), Adopt(noted).Keywords);
        Assert.Null(Adopt(hybrid with { SparseVectors = ["splade"] }).Keywords);
    }

    [Theory]
    [InlineData("""{"text": "a"}""", null, "text", "metadata")]
    [InlineData("""{"content": "a", "source": "b"}""", null, "content", null)]
    [InlineData("""{"chunk": "a", "stored_at": "2026-01-01"}""", null, "chunk", "metadata")]
    [InlineData("""{"document": "a", "text": "b", "source": "c"}""", "text", "document", null)]
    [InlineData("""{"body": "a", "text": "b"}""", "body", "body", null)]
    [InlineData("""{"text": "a", "metadata": "no object"}""", null, "text", null)]
    [InlineData("""{"title": 1}""", null, "document", null)]
    [InlineData("{}", "body", "body", "metadata")]
    public void Fields_are_learned_from_what_is_there(string sample, string? configured, string text, string? metadata)
    {
        var layout = CollectionLayoutResolver.Resolve(Collection(Python) with { Samples = [Json("{}"), Json(sample)] }, MiniLm, configured);

        Assert.Equal((text, metadata), (layout.TextField, layout.MetadataField));
    }

    [Theory]
    [InlineData("local", "sentence-transformers/all-MiniLM-L6-v2")]
    [InlineData("qdrant", "sentence-transformers/all-minilm-l6-v2")]
    [InlineData("ollama", "all-MiniLM-L6-v2")]
    public void The_same_model_is_the_same_by_whatever_provider_and_spelling(string provider, string model) =>
        Assert.Equal(Python.Name, Adopt(Collection(Python) with { Metadata = Notes(new CollectionMetadata(new EmbeddingIdentity(provider, model, 384), null)) }).VectorName);

    [Fact]
    public void Another_model_that_is_noted_is_refused() => AssertRefused(
        Collection(Python) with { Metadata = Notes(new CollectionMetadata(new EmbeddingIdentity("local", "other/all-MiniLM-L6-v2", 384), null)) },
        "Collection 'notes' was written with other/all-MiniLM-L6-v2 (384 numbers a vector), and this server embeds with " +
        "sentence-transformers/all-MiniLM-L6-v2 (384 numbers a vector); their vectors can't be compared. Choose another collection, or set " +
        "EMBEDDING_MODEL to the model that wrote it.");

    [Fact]
    public void The_same_model_with_other_prefixes_is_refused() => AssertRefused(
        Collection(Python) with { Metadata = Notes(new CollectionMetadata(MiniLm with { Prefixes = "e5" }, null)) },
        "Collection 'notes' was written with sentence-transformers/all-MiniLM-L6-v2 (384 numbers a vector, prefixes 'e5'), and this server embeds " +
        "with sentence-transformers/all-MiniLM-L6-v2 (384 numbers a vector); their vectors can't be compared. Choose another collection, or set " +
        "EMBEDDING_MODEL to the model that wrote it.");

    [Fact]
    public void A_vector_named_after_another_model_is_refused() => AssertRefused(
        Collection(new VectorInfo("fast-bge-small-en", 384, Distance.Cosine)),
        "Collection 'notes' was written with the model that the vector 'fast-bge-small-en' is named after, and this server embeds with " +
        "sentence-transformers/all-MiniLM-L6-v2 (384 numbers a vector); their vectors can't be compared. Choose another collection, or set " +
        "EMBEDDING_MODEL to the model that wrote it.");

    [Fact]
    public void Vectors_of_another_size_are_refused() => AssertRefused(
        Collection(new VectorInfo("", 768, Distance.Cosine), new VectorInfo("image", 512, Distance.Cosine)),
        "Collection 'notes' holds vectors of size 768 (unnamed), 512 ('image'), and sentence-transformers/all-MiniLM-L6-v2 makes 384. Choose another " +
        "collection, or set EMBEDDING_MODEL to the model that wrote it.");

    [Fact]
    public void Several_vectors_that_could_be_meant_are_refused() => AssertRefused(
        Collection(new VectorInfo("title", 384, Distance.Cosine), new VectorInfo("body", 384, Distance.Cosine)),
        "Collection 'notes' has several vectors of size 384 ('title', 'body'), and none is named 'fast-all-minilm-l6-v2', so it is unclear which one " +
        "sentence-transformers/all-MiniLM-L6-v2 belongs to. Choose another collection, or let EMBEDDING_MODEL name the model that one of them is named after.");

    [Fact]
    public void Multivectors_are_refused() => AssertRefused(
        Collection(new VectorInfo("colbert", 384, Distance.Cosine, IsMultivector: true)),
        "Collection 'notes' has only multivectors ('colbert'), and memories need one dense vector of size 384 a point (as " +
        "sentence-transformers/all-MiniLM-L6-v2 makes them). Choose another collection; one that doesn't exist yet is made on the first store.");

    [Fact]
    public void Sparse_vectors_alone_are_refused() => AssertRefused(
        Collection() with { SparseVectors = ["splade"] },
        "Collection 'notes' has only sparse vectors ('splade'), and memories need one dense vector of size 384 a point (as " +
        "sentence-transformers/all-MiniLM-L6-v2 makes them). Choose another collection; one that doesn't exist yet is made on the first store.");

    [Fact]
    public void Notes_are_read_as_they_were_written()
    {
        var notes = new CollectionMetadata(MiniLm with { Prefixes = "e5" }, new Bm25Options(42.5, "none"));

        Assert.Equal(notes, CollectionMetadata.Read(Notes(notes)));
    }

    [Theory]
    [InlineData("\"text\"")]
    [InlineData("{}")]
    [InlineData("""{"model": 7, "dimensions": "x"}""")]
    public void Notes_that_somebody_else_wrote_under_our_key_are_none(string value) =>
        Assert.Null(CollectionMetadata.Read(new Dictionary<string, JsonElement> { [CollectionMetadata.Key] = Json(value) }));

    private static void AssertRefused(CollectionInfo collection, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<MemoryException>(() => Adopt(collection)).Message);

    private static CollectionLayout Adopt(CollectionInfo collection) => CollectionLayoutResolver.Resolve(collection, MiniLm, documentField: null);

    private static CollectionInfo Collection(params VectorInfo[] vectors) => new() { Name = CollectionName.Parse("notes"), Points = 1, Vectors = vectors };

    private static Dictionary<string, JsonElement> Notes(CollectionMetadata notes) => new() { [CollectionMetadata.Key] = notes.ToJson() };

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
