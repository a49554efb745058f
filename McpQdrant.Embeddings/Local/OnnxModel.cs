using System.Numerics.Tensors;
using McpQdrant.Core.Memories;
using McpQdrant.Embeddings.Local.Tokenizers;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace McpQdrant.Embeddings.Local;

/// <summary>A loaded sentence-transformers model. Several threads may use it at once.</summary>
internal sealed class OnnxModel : IDisposable
{
    private static readonly string[] KnownInputs = ["input_ids", "attention_mask", "token_type_ids"];

    private readonly InferenceSession _session;
    private readonly ITextTokenizer _tokenizer;
    private readonly Pooling _pooling;
    private readonly string _output;

    private OnnxModel(InferenceSession session, ITextTokenizer tokenizer, Pooling pooling, string output) =>
        (_session, _tokenizer, _pooling, _output) = (session, tokenizer, pooling, output);

    /// <exception cref="MemoryException">The folder lacks a file, or holds a model of another kind.</exception>
    public static OnnxModel Load(ModelFolder folder) => folder.Read(Read);

    private static OnnxModel Read(ModelFolder folder)
    {
        var profile = ModelProfile.Of(folder);
        var tokenizer = TokenizerLoader.Load(folder, profile.MaxTokens);
        var session = OpenSession(folder);
        try
        {
            CheckInputs(folder, session);
            NativeHeap.Trim();
            return new OnnxModel(session, tokenizer, profile.Pooling, OutputOf(folder, session, profile));
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>The unit vector of one text.</summary>
    /// <remarks>
    /// One text a run and no padding: the activations of a quantized model are scaled by the range of the whole batch, so that
    /// another text beside this one would change its vector.
    /// </remarks>
    /// <exception cref="OperationCanceledException">The run was stopped between two nodes of the graph.</exception>
    public (float[] Vector, TokenizedText Text) Embed(string text, CancellationToken cancellationToken)
    {
        var tokens = _tokenizer.Tokenize(text);
        using var options = new RunOptions();
        using var stop = cancellationToken.UnsafeRegister(static state => ((RunOptions)state!).Terminate = true, options);
        try
        {
            return (Run(tokens.Ids, options), tokens);
        }
        catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    public void Dispose() => _session.Dispose();

    private float[] Run(long[] ids, RunOptions options)
    {
        long[] shape = [1, ids.Length];
        var mask = new long[ids.Length];
        mask.AsSpan().Fill(1);

        using var idsValue = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using var maskValue = OrtValue.CreateTensorValueFromMemory(mask, shape);
        using var typesValue = OrtValue.CreateTensorValueFromMemory(new long[ids.Length], shape);
        var inputs = _session.InputNames.ToDictionary(name => name, name => name switch
        {
            "input_ids" => idsValue,
            "attention_mask" => maskValue,
            _ => typesValue,
        });
        using var outputs = _session.Run(options, inputs, [_output]);

        var values = outputs[0].GetTensorDataAsSpan<float>();
        var vector = new float[(int)outputs[0].GetTensorTypeAndShape().Shape[^1]];
        var tokens = _pooling is Pooling.Mean ? values.Length / vector.Length : 1;
        // The sum will do for the mean: the length is set to 1 below.
        for (var token = 0; token < tokens; token++)
            TensorPrimitives.Add(vector, values.Slice(token * vector.Length, vector.Length), vector);

        TensorPrimitives.Divide(vector, TensorPrimitives.Norm(vector), vector);
        return vector;
    }

    private static InferenceSession OpenSession(ModelFolder folder)
    {
        OnnxTelemetry.TurnOff();
        // Several texts run side by side, so that more threads for one text would only take turns.
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            // The arena is what keeps memory down: malloc kept 50 MB more after 400 abstracts. Patterns are for inputs of one length.
            EnableCpuMemArena = true,
            EnableMemoryPattern = false,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        try
        {
            return new InferenceSession(folder.OnnxFile, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new MemoryException($"The ONNX file of the embedding model {folder.Name} can't be loaded: {e.Message} Download it again, or choose another model.", e);
        }
    }

    private static void CheckInputs(ModelFolder folder, InferenceSession session)
    {
        foreach (var (name, input) in session.InputMetadata)
            if (!KnownInputs.Contains(name) || input.ElementDataType is not TensorElementType.Int64)
                throw new MemoryException(
                    $"The embedding model {folder.Name} wants an input '{name}' ({input.ElementDataType}); only {string.Join(", ", KnownInputs)} (Int64) are known. Choose another model.");
    }

    private static string OutputOf(ModelFolder folder, InferenceSession session, ModelProfile profile)
    {
        // (batch, tokens, dimensions) is pooled here; (batch, dimensions) has been pooled by the graph.
        var rank = profile.HasExtraLayers ? 2 : 3;
        var floats = session.OutputMetadata.Where(output => output.Value.ElementDataType is TensorElementType.Float).ToList();
        return floats.FirstOrDefault(output => output.Value.Dimensions.Length == rank).Key
            ?? floats.FirstOrDefault(output => !profile.HasExtraLayers && output.Value.Dimensions.Length == 2).Key
            ?? throw new MemoryException(
                $"The ONNX file of the embedding model {folder.Name} has no output of 32-bit floats that is a text's vector. Choose its plain export (model.onnx), or another model.");
    }
}
