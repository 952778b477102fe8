{{/* What every chart of ours says the same way. Objects carry the release's name and nothing else. */}}

{{/* Selectors can never change, so they hold only what cannot change either. */}}
{{- define "shared.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "shared.metadata" -}}
name: {{ .Release.Name }}
namespace: {{ .Release.Namespace }}
labels:
  {{- mustMergeOverwrite (deepCopy .Values.labels) (fromYaml (include "shared.selector" .)) | toYaml | nindent 2 }}
{{- end -}}

{{- define "shared.podMetadata" -}}
labels:
  {{- mustMergeOverwrite (deepCopy .Values.labels) (fromYaml (include "shared.selector" .)) | toYaml | nindent 2 }}
{{- with .Values.podAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* The part of a pod that does not depend on what runs in it. */}}
{{- define "shared.pod" -}}
automountServiceAccountToken: false
# A Service called mlflow would put MLFLOW_PORT=tcp://... into the pods of its namespace, and MLflow would read it.
enableServiceLinks: false
{{- with .Values.serviceAccountName }}
serviceAccountName: {{ . }}
{{- end }}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: {{ .Values.runAsNonRoot }}
  {{- with get .Values "runAsUser" }}
  runAsUser: {{ int . }}
  runAsGroup: {{ int . }}
  fsGroup: {{ int . }}
  fsGroupChangePolicy: OnRootMismatch
  {{- end }}
  seccompProfile:
    type: RuntimeDefault
{{- end -}}

{{/* The part of a container that does not depend on what runs in it. */}}
{{- define "shared.container" -}}
image: {{ .Values.image | quote }}
imagePullPolicy: {{ .Values.imagePullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  capabilities:
    drop: [ALL]
{{- with .Values.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Plain variables: those of the chart, overridden by those of the user. Takes root and variables. */}}
{{- define "shared.env" -}}
{{- range $name, $value := mustMergeOverwrite (deepCopy .variables) .root.Values.env }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}

{{/*
Variables from a Secret. Takes root, secret (the release's name where empty) and keys by variable. A name that is also
in env would be there twice, which server-side apply refuses in words that help nobody.
*/}}
{{- define "shared.secretEnv" -}}
{{- $root := .root }}
{{- $secret := .secret | default $root.Release.Name }}
{{- range $name, $key := .keys }}
{{- if hasKey $root.Values.env $name }}
{{- fail (printf "env.%s must not be set: its value comes from key %s of Secret %s" $name $key $secret) }}
{{- end }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ $secret }}
      key: {{ $key }}
{{- end }}
{{- end -}}

{{/*
Three probes that ask the same. Takes probe, in the words of Kubernetes, and alive where that differs. Starting may take
five minutes, since a first start creates databases; after that, readiness follows within seconds and a restart is the
last resort.
*/}}
{{- define "shared.probes" -}}
startupProbe:
  {{- toYaml .probe | nindent 2 }}
  periodSeconds: 2
  timeoutSeconds: 5
  failureThreshold: 150
readinessProbe:
  {{- toYaml .probe | nindent 2 }}
  periodSeconds: 5
  timeoutSeconds: 5
livenessProbe:
  {{- toYaml (get . "alive" | default .probe) | nindent 2 }}
  periodSeconds: 20
  timeoutSeconds: 10
  failureThreshold: 6
{{- end -}}

{{/* The Service in front of the pods. Takes root, name (of the container's port) and perhaps more ports. */}}
{{- define "shared.service" -}}
{{- $service := .root.Values.service }}
apiVersion: v1
kind: Service
metadata:
  {{- include "shared.metadata" .root | nindent 2 }}
  {{- with $service.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  type: {{ $service.type }}
  selector:
    {{- include "shared.selector" .root | nindent 4 }}
  ports:
    - name: {{ .name }}
      port: {{ int $service.port }}
      targetPort: {{ .name }}
      {{- if and $service.nodePort (ne $service.type "ClusterIP") }}
      nodePort: {{ int $service.nodePort }}
      {{- end }}
    {{- with get . "more" }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}

{{- define "shared.ingress" -}}
{{- if .Values.ingress.enabled }}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  {{- include "shared.metadata" . | nindent 2 }}
  {{- with .Values.ingress.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- with .Values.ingress.className }}
  ingressClassName: {{ . }}
  {{- end }}
  {{- with .Values.ingress.tlsSecret }}
  tls:
    - hosts: [{{ $.Values.ingress.host | quote }}]
      secretName: {{ . }}
  {{- end }}
  rules:
    - host: {{ .Values.ingress.host | quote }}
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: {{ .Release.Name }}
                port:
                  number: {{ int .Values.service.port }}
{{- end }}
{{- end -}}

{{/*
The claim is an object of the chart and no template of a StatefulSet: so it can grow, is deleted with the release, and
is kept where the caller says that its data must survive.
*/}}
{{- define "shared.claim" -}}
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  {{- include "shared.metadata" . | nindent 2 }}
  {{- if .Values.storage.keep }}
  annotations:
    helm.sh/resource-policy: keep
  {{- end }}
spec:
  accessModes: [ReadWriteOnce]
  {{- with .Values.storage.className }}
  storageClassName: {{ . }}
  {{- end }}
  resources:
    requests:
      storage: {{ .Values.storage.size }}
{{- end -}}
