const endpoints = [
  "OTEL_EXPORTER_OTLP_ENDPOINT",
  "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
  "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"
]

/** Whether environment variables name a collector of OpenTelemetry. Blank values count as unset. */
export const isExportRequested = (variables: Readonly<Record<string, string | undefined>>): boolean =>
  variables["OTEL_SDK_DISABLED"]?.trim().toLowerCase() !== "true" &&
  endpoints.some((name) => (variables[name]?.trim() ?? "") !== "")
