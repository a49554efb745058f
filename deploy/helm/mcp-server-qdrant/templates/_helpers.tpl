{{- define "mcp.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* The name of everything; the release's alone where that holds the chart's name already. */}}
{{- define "mcp.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains (include "mcp.name" .) .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "mcp.name" .) | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "mcp.selector" -}}
app.kubernetes.io/name: {{ include "mcp.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "mcp.labels" -}}
{{ include "mcp.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: mcp-server-qdrant
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "mcp.metadata" -}}
name: {{ include "mcp.fullname" . }}
namespace: {{ .Release.Namespace }}
labels:
  {{- include "mcp.labels" . | nindent 2 }}
{{- end }}

{{- define "mcp.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "mcp.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "mcp.image" -}}
{{- with .Values.image }}
{{- if .digest }}{{ .repository }}@{{ .digest }}{{ else }}{{ .repository }}:{{ default $.Chart.AppVersion .tag }}{{ end }}
{{- end }}
{{- end }}

{{/* The server answers to its own names alone (DNS rebinding): those that the Service has, and those of the ways in. */}}
{{- define "mcp.allowedHosts" -}}
{{- $name := include "mcp.fullname" . }}
{{- $hosts := list $name }}
{{- $hosts = append $hosts (printf "%s.%s" $name .Release.Namespace) }}
{{- $hosts = append $hosts (printf "%s.%s.svc" $name .Release.Namespace) }}
{{- $hosts = append $hosts (printf "%s.%s.svc.%s" $name .Release.Namespace .Values.clusterDomain) }}
{{- if .Values.ingress.enabled }}{{ $hosts = append $hosts .Values.ingress.host }}{{ end }}
{{- if .Values.gateway.enabled }}{{ $hosts = append $hosts .Values.gateway.host }}{{ end }}
{{- concat $hosts .Values.allowedHosts | uniq | join "," }}
{{- end }}

{{/* The files of the Secret: a setting and the key in the Secret, a line each. */}}
{{- define "mcp.secretFiles" -}}
{{- with .Values.secret.keys }}
{{- if .mcpApiKey }}
MCP_API_KEY_FILE: {{ .mcpApiKey }}
{{- end }}
{{- if .qdrantApiKey }}
QDRANT_API_KEY_FILE: {{ .qdrantApiKey }}
{{- end }}
{{- if .confirmationKey }}
MCP_CONFIRMATION_KEY_FILE: {{ .confirmationKey }}
{{- end }}
{{- if .accessFile }}
MCP_ACCESS_FILE: {{ .accessFile }}
{{- end }}
{{- if .embeddingApiKey }}
EMBEDDING_API_KEY_FILE: {{ .embeddingApiKey }}
{{- end }}
{{- end }}
{{- end }}

{{/* What a schema can't say. */}}
{{- define "mcp.check" -}}
{{- $keys := .Values.secret.keys }}
{{- if not (or $keys.mcpApiKey $keys.accessFile (hasKey .Values.settings "MCP_OAUTH_AUTHORITY") (hasKey .Values.settings "MCP_ALLOW_ANONYMOUS")) }}
{{- fail "Nobody is asked who they are: give secret.keys.mcpApiKey or secret.keys.accessFile, or settings MCP_OAUTH_AUTHORITY and MCP_OAUTH_AUDIENCE, or say so with MCP_ALLOW_ANONYMOUS." }}
{{- end }}
{{- if and (not .Values.secret.name) (include "mcp.secretFiles" . | trim) }}
{{- fail "secret.keys names keys of a Secret, and secret.name names no Secret." }}
{{- end }}
{{- if and .Values.ingress.enabled (not .Values.ingress.host) }}
{{- fail "ingress.host is the name under which callers reach the server: give it." }}
{{- end }}
{{- if and .Values.gateway.enabled (not .Values.gateway.host) }}
{{- fail "gateway.host is the name under which callers reach the server: give it." }}
{{- end }}
{{- if and .Values.gateway.enabled (not .Values.gateway.className) (not .Values.gateway.parentRefs) }}
{{- fail "Give gateway.className to make a Gateway, or gateway.parentRefs to join one." }}
{{- end }}
{{- if and .Values.gateway.className (not .Values.gateway.tlsSecret) }}
{{- fail "A Gateway without TLS would carry keys over the network as they are: give gateway.tlsSecret." }}
{{- end }}
{{- if and .Values.metrics.enabled (hasKey .Values.settings "OTEL_EXPORTER_OTLP_ENDPOINT") }}
{{- fail "metrics.enabled sends telemetry to a collector beside the server, settings.OTEL_EXPORTER_OTLP_ENDPOINT elsewhere: choose one." }}
{{- end }}
{{- end }}

{{/* A whole number as people write it: Helm reads numbers as floats, and 1000000 would be 1e+06. */}}
{{- define "mcp.text" -}}
{{- if and (kindIs "float64" .) (eq . (floor .)) }}{{ int64 . }}{{ else }}{{ . }}{{ end }}
{{- end }}
