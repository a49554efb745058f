using System.Text.Json.Nodes;

namespace McpQdrant.Tests.Deployment;

/// <summary>
/// The profile <c>restricted</c> of Kubernetes' pod security standards, field by field, and what this project asks beyond it: a root that
/// can't be written, limits, no token.
/// </summary>
/// <seealso href="https://kubernetes.io/docs/concepts/security/pod-security-standards/"/>
internal static class RestrictedProfile
{
    private static readonly string[] Volumes =
        ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"];

    /// <returns>A sentence for each field that breaks it.</returns>
    public static IEnumerable<string> Violations(JsonObject pod)
    {
        var shared = pod["securityContext"] as JsonObject;
        foreach (var name in (string[])["hostNetwork", "hostPID", "hostIPC"])
        {
            if (pod[name] is not null)
                yield return $"The pod has {name}.";
        }
        if (shared?["sysctls"] is not null || shared?["seLinuxOptions"] is not null)
            yield return "The pod has sysctls or seLinuxOptions.";
        if ((bool?)pod["automountServiceAccountToken"] is not false)
            yield return "The pod gets a token.";
        foreach (var volume in pod["volumes"]?.AsArray() ?? [])
        {
            if (volume!.AsObject().Select(field => field.Key).FirstOrDefault(kind => kind != "name" && !Volumes.Contains(kind)) is { } kind)
                yield return $"The volume {volume["name"]} is a {kind}.";
        }
        foreach (var container in KubeFile.ContainersOf(pod))
        {
            foreach (var violation in OfContainer(container, container["securityContext"] as JsonObject ?? [], shared ?? []))
                yield return $"{container["name"]}: {violation}";
        }
    }

    private static IEnumerable<string> OfContainer(JsonObject container, JsonObject own, JsonObject shared)
    {
        if ((bool?)own["privileged"] is true)
            yield return "is privileged.";
        if ((bool?)own["allowPrivilegeEscalation"] is not false)
            yield return "may get privileges.";
        if ((bool?)own["readOnlyRootFilesystem"] is not true)
            yield return "may write its root.";
        if (own["capabilities"]?["drop"]?.AsArray().Any(capability => (string?)capability == "ALL") is not true)
            yield return "keeps capabilities.";
        if (own["capabilities"]?["add"]?.AsArray().Any(capability => (string?)capability != "NET_BIND_SERVICE") is true)
            yield return "gets capabilities.";
        if ((bool?)(own["runAsNonRoot"] ?? shared["runAsNonRoot"]) is not true)
            yield return "may be root.";
        if ((int?)(own["runAsUser"] ?? shared["runAsUser"]) is null or 0)
            yield return "is root, or nobody knows who.";
        if ((string?)(own["seccompProfile"] ?? shared["seccompProfile"])?["type"] is not ("RuntimeDefault" or "Localhost"))
            yield return "has no seccomp profile.";
        if (own["procMount"] is not null || own["seLinuxOptions"] is not null || own["windowsOptions"] is not null)
            yield return "has procMount, seLinuxOptions or windowsOptions.";
        if (container["ports"]?.AsArray().Any(port => port!["hostPort"] is not null) is true)
            yield return "takes a port of the node.";
        foreach (var limit in (string[])["cpu", "memory"])
        {
            if (container["resources"]?["limits"]?[limit] is null)
                yield return $"has no limit of {limit}.";
        }
    }
}
