using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using McpQdrant.Core.Memories;
using McpQdrant.Stores.Qdrant;
using McpQdrant.Stores.Qdrant.Api;
using McpQdrant.Tests.Qdrant;

namespace McpQdrant.Tests.Stores.Qdrant;

public sealed class QdrantConnectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_path_in_front_is_kept()
    {
        await using var server = await QdrantStandIn.StartAsync(new QdrantStandInOptions { PathPrefix = "/db/qdrant" }, Token);
        using var service = QdrantService.At(new Uri($"{server.Url}db/qdrant"));

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
        Assert.Contains("set QDRANT_CA_FILE", await FailureOf(() => other.Store.ListAsync(Token)), StringComparison.Ordinal);
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
