using System.CommandLine;
using McpQdrant.Core.Memories;

namespace McpQdrant.Server.Cli.Output;

/// <summary>Asks the person at the terminal before something is done that was only shown so far.</summary>
internal static class Question
{
    /// <param name="question">Ends with a question mark.</param>
    /// <param name="refusal">What to say where nobody can be asked: what was not done, and how to do it.</param>
    /// <exception cref="MemoryException">The answer is no, or there is nobody to ask.</exception>
    public static void Ask(InvocationConfiguration console, string question, string refusal)
    {
        if (Console.IsInputRedirected)
            throw new MemoryException(refusal);

        console.Error.Write($"{question} [y/N] ");
        if (Console.ReadLine()?.Trim() is not ("y" or "Y" or "yes"))
            throw new MemoryException("Nothing was changed.");
    }
}
