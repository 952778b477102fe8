{{/* Non-empty where something lies on the volume. */}}
{{- define "mlflow.volume" -}}
{{- if or (eq .Values.backend.type "sqlite") (not .Values.artifacts.destination) }}true{{ end }}
{{- end -}}

{{/* Non-empty where artifacts lie in a bucket and clients must not know. */}}
{{- define "mlflow.proxied" -}}
{{- if and (hasPrefix "s3://" .Values.artifacts.destination) (not .Values.artifacts.direct) }}true{{ end }}
{{- end -}}

{{/* Names of this server, as a JSON list in the key names. */}}
{{- define "mlflow.names" -}}
{{- $name := .Release.Name }}
{{- $names := list $name }}
{{- range list (printf "%s.%s" $name .Release.Namespace) }}
{{- $names = concat $names (list . (printf "%s.svc" .) (printf "%s.svc.cluster.local" .)) }}
{{- end }}
{{- if .Values.ingress.enabled }}
{{- $names = append $names .Values.ingress.host }}
{{- end }}
{{- dict "names" (uniq (concat $names .Values.allowedHosts)) | toJson }}
{{- end -}}

{{/* Host headers: with and without port, and the addresses that MLflow accepts where it is told nothing. */}}
{{- define "mlflow.hosts" -}}
{{- $hosts := list }}
{{- range concat (list "localhost" "127.0.0.1") (fromJson (include "mlflow.names" .)).names }}
{{- $hosts = append $hosts . }}
{{- if not (contains ":" .) }}{{ $hosts = append $hosts (printf "%s:*" .) }}{{ end }}
{{- end }}
{{- $hosts = concat $hosts (list "10.*" "192.168.*") }}
{{- range untilStep 16 32 1 }}{{ $hosts = append $hosts (printf "172.%d.*" .) }}{{ end }}
{{- join "," $hosts }}
{{- end -}}

{{/* Pages that may write: those of the server itself, which MLflow counts as foreign where it is told nothing. */}}
{{- define "mlflow.origins" -}}
{{- $origins := list }}
{{- range (fromJson (include "mlflow.names" .)).names }}
{{- if ne . "*" }}
{{- $origins = concat $origins (list (printf "http://%s" .) (printf "https://%s" .)) }}
{{- if not (contains ":" .) }}
{{- $origins = concat $origins (list (printf "http://%s:*" .) (printf "https://%s:*" .)) }}
{{- end }}
{{- end }}
{{- end }}
{{- join "," $origins }}
{{- end -}}

{{/* The tracking database, which also holds users and permissions. */}}
{{- define "mlflow.backend" -}}
{{- if eq .Values.backend.type "sqlite" }}
- name: MLFLOW_BACKEND_STORE_URI
  value: sqlite:////data/mlflow.db
{{- else }}
{{- $keys := dict "MLFLOW_BACKEND_STORE_URI" .Values.backend.key }}
{{- include "shared.secretEnv" (dict "root" . "secret" (.Values.backend.existingSecret | default .Values.existingSecret) "keys" $keys) }}
{{- end }}
{{- end -}}

{{- define "mlflow.admin" -}}
{{- $keys := dict "MLFLOW_AUTH_ADMIN_USERNAME" "username" "MLFLOW_AUTH_ADMIN_PASSWORD" "password" }}
{{- include "shared.secretEnv" (dict "root" . "secret" (.Values.auth.existingSecret | default .Values.existingSecret) "keys" $keys) }}
{{- end -}}
