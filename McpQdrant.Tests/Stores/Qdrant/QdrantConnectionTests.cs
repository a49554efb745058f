using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using McpQdrant.Server.Memories;
using McpQdrant.Server.Stores.Qdrant;
using McpQdrant.Tests.Qdrant;

namespace McpQdrant.Tests.Stores.Qdrant;

public sealed class QdrantConnectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://localhost", "http://localhost:6333/")]
    [InlineData("http://localhost:6334", "http://localhost:6334/")]
    [InlineData("http://localhost:80", "http://localhost/")]
    [InlineData("localhost:6333", "http://localhost:6333/")]
    [InlineData("https://abc.cloud.qdrant.io", "https://abc.cloud.qdrant.io:6333/")]
    [InlineData("https://abc.cloud.qdrant.io:443", "https://abc.cloud.qdrant.io/")]
    [InlineData("https://proxy.example:443/qdrant", "https://proxy.example/qdrant/")]
    [InlineData("https://proxy.example/qdrant/", "https://proxy.example:6333/qdrant/")]
    [InlineData("http://[::1]", "http://[::1]:6333/")]
    [InlineData("http://[fd00::7]:16333", "http://[fd00::7]:16333/")]
    public void TryParse_reads_addresses_as_people_write_them(string text, string expected)
    {
        Assert.True(QdrantAddress.TryParse(text, out var address, out _));
        Assert.Equal(expected, address.ToString());
    }

    [Theory]
    [InlineData("", "is not a URL such as http://localhost:6333")]
    [InlineData("grpc://localhost:6334", "has the scheme 'grpc'; write http:// or https://")]
    [InlineData("http://user:secret@localhost", "holds a user name or password; give the key as QDRANT_API_KEY")]
    [InlineData("http://localhost:6333/?api-key=secret", "has a query or fragment; end it after the port or the path")]
    public void TryParse_says_what_is_wrong(string text, string expected)
    {
        Assert.False(QdrantAddress.TryParse(text, out _, out var refusal));
        Assert.Equal(expected, refusal);
    }

    [Fact]
    public void A_connection_string_of_aspire_gives_address_and_key()
    {
        Assert.Equal(new QdrantConnectionString("http://localhost:6333", "k=;y"), QdrantConnectionString.Parse("Endpoint=http://localhost:6333;Key=\"k=;y\""));
        Assert.Equal(new QdrantConnectionString("http://localhost:6333", null), QdrantConnectionString.Parse("endpoint=http://localhost:6333"));
        Assert.Null(QdrantConnectionString.Parse("http://localhost:6333"));
        Assert.Null(QdrantConnectionString.Parse("Key=only"));
    }

    [Fact]
    public async Task A_path_in_front_is_kept()
    {
        await using var server = await QdrantStandIn.StartAsync(new QdrantStandInOptions { PathPrefix = "/db/qdrant" }, Token);
        Assert.True(QdrantAddress.TryParse($"{server.Url}db/qdrant", out var address, out _));
        using var service = QdrantService.At(address);

        await service.Store.CreateAsync(Notes.Spec, Token);

        Assert.Equal([Notes.Spec.Name], await service.Store.ListAsync(Token));
    }

    [Fact]
    public async Task A_key_is_sent_and_a_wrong_one_is_told_without_repeating_it()
    {
        var keys = new Dictionary<string, StandInAccess> { ["the-key"] = StandInAccess.Everything, ["the-reader"] = new(MayWrite: false) };
        await using var server = await QdrantStandIn.StartAsync(new QdrantStandInOptions { Keys = keys }, Token);
        using var right = new QdrantService(new QdrantOptions { Url = server.Url, ApiKey = "the-key" });
        using var reader = new QdrantService(new QdrantOptions { Url = server.Url, ApiKey = "the-reader" });
        using var wrong = new QdrantService(new QdrantOptions { Url = server.Url, ApiKey = "not-the-key" });
        using var none = QdrantService.At(server.Url);

        await right.Store.CreateAsync(Notes.Spec, Token);

        Assert.Empty(await reader.Store.SearchAsync(Notes.Layout, Notes.Search, Token));
        Assert.Contains("is read-only", await FailureOf(() => reader.Store.UpsertAsync(Notes.Layout, [Notes.Memory(1)], Token)), StringComparison.Ordinal);
        Assert.EndsWith("doesn't accept the API key. Check QDRANT_API_KEY.", await FailureOf(() => wrong.Store.ListAsync(Token)), StringComparison.Ordinal);
        Assert.EndsWith("asks for an API key. Set QDRANT_API_KEY.", await FailureOf(() => none.Store.ListAsync(Token)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_an_own_authority_is_trusted_where_its_file_is_given()
    {
        using var authority = SelfSigned();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, authority.ExportCertificatePem(), Token);
        await using var server = await QdrantStandIn.StartAsync(new QdrantStandInOptions { Certificate = authority }, Token);
        using var trusting = new QdrantService(new QdrantOptions { Url = server.Url, CaCertificate = file });
        using var other = QdrantService.At(server.Url);

        Assert.Empty(await trusting.Store.ListAsync(Token));
        Assert.Contains("set QDRANT_CA_CERTIFICATE", await FailureOf(() => other.Store.ListAsync(Token)), StringComparison.Ordinal);
        File.Delete(file);
    }

    [Theory]
    [InlineData(null, "can't be read")]
    [InlineData("not a certificate", "holds no certificate in PEM form")]
    public void A_file_without_certificates_stops_the_start(string? content, string expected)
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        if (content is not null)
            File.WriteAllText(file, content);

        var failure = Assert.Throws<MemoryException>(() => new QdrantService(new QdrantOptions { Url = new Uri("https://localhost"), CaCertificate = file }));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public void A_local_address_within_a_container_is_explained()
    {
        var errors = new QdrantErrors(new QdrantOptions { Url = new Uri("http://localhost:6333/") }, isInContainer: true);

        var failure = errors.Unreachable(new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused"));

        Assert.Equal(
            "Qdrant at http://localhost:6333 can't be reached: Connection refused. Check that it runs and that the address is right. This server runs in a " +
            "container, where localhost is the container itself: use the name of Qdrant's container, or host.docker.internal.",
            failure.Message);
    }

    private static async Task<string> FailureOf(Func<Task> call) => (await Assert.ThrowsAnyAsync<MemoryException>(call)).Message;

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=stand-in", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
