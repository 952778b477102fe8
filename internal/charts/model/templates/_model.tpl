{{/* One track of the model. Takes root, name, track and replicas. The service does not look at the track. */}}
{{- define "model.deployment" -}}
{{- $root := .root }}
{{- $values := $root.Values }}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- $metadata := fromYaml (include "shared.metadata" $root) }}
  {{- mustMergeOverwrite $metadata (dict "name" .name) | toYaml | nindent 2 }}
spec:
  replicas: {{ .replicas }}
  selector:
    matchLabels:
      {{- include "shared.selector" $root | nindent 6 }}
      mlstacks.io/track: {{ .track }}
  template:
    metadata:
      {{- $pod := fromYaml (include "shared.podMetadata" $root) }}
      {{- mustMergeOverwrite $pod (dict "labels" (dict "mlstacks.io/track" .track)) | toYaml | nindent 6 }}
    spec:
      {{- include "shared.pod" $root | nindent 6 }}
      containers:
        - name: model
          {{- include "shared.container" $root | nindent 10 }}
          {{- with $values.command }}
          command:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with $values.args }}
          args:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with $values.env }}
          env:
            {{- include "shared.env" (dict "root" $root "variables" dict) | nindent 12 }}
          {{- end }}
          {{- with $values.envSecrets }}
          envFrom:
            {{- range . }}
            - secretRef:
                name: {{ . }}
            {{- end }}
          {{- end }}
          ports:
            - name: http
              containerPort: {{ int $values.containerPort }}
          {{- $probe := dict "tcpSocket" (dict "port" "http") }}
          {{- with $values.healthPath }}{{ $probe = dict "httpGet" (dict "path" . "port" "http") }}{{ end }}
          {{- include "shared.probes" (dict "probe" $probe) | nindent 10 }}
{{- end -}}
