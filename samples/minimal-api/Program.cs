using System.Text.Json.Serialization;
using McpQdrant.Memories;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
builder.Services.AddMemory(memory => memory.UseSqlite(builder.Configuration["Memory:Folder"] ?? "data").UseLocalModel());
var app = builder.Build();

app.MapPost("/notes", async (NewNote note, IMemories memories, CancellationToken cancellationToken) =>
{
    try
    {
        var stored = await memories.StoreAsync(note.Text, cancellationToken: cancellationToken);
        return Results.Created($"/notes/{stored.Id}", new Note(stored.Id, note.Text));
    }
    catch (MemoriesException failure) when (failure is not (MemoriesUnavailableException or MemoryModelException))
    {
        return Results.Problem(failure.Message, statusCode: StatusCodes.Status400BadRequest);
    }
});

app.MapGet("/notes", async (string? query, IMemories memories, CancellationToken cancellationToken) =>
    (await memories.FindAsync(query, new FindOptions { Limit = 5 }, cancellationToken)).Select(found => new Note(found.Memory.Id, found.Memory.Text)).ToArray());

app.MapGet("/notes/{id:guid}", async (Guid id, IMemories memories, CancellationToken cancellationToken) =>
    await memories.GetAsync(id.ToString(), cancellationToken: cancellationToken) is { } memory ? Results.Ok(new Note(memory.Id, memory.Text)) : Results.NotFound());

app.MapDelete("/notes/{id:guid}", async (Guid id, IMemories memories, CancellationToken cancellationToken) =>
    (await memories.ForgetAsync([id.ToString()], cancellationToken: cancellationToken)).Count == 0 ? Results.NotFound() : Results.NoContent());

app.Run();

internal sealed record NewNote(string Text);

internal sealed record Note(string Id, string Text);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NewNote))]
[JsonSerializable(typeof(Note))]
[JsonSerializable(typeof(Note[]))]
[JsonSerializable(typeof(Microsoft.AspNetCore.Mvc.ProblemDetails))]
internal sealed partial class ApiJson : JsonSerializerContext;
