/** What the command line and the tracker need to export spans and metrics. Not covered by semantic versioning. */
export type { OtlpOptions } from "./otlpLayer.ts"
export { otlpLayer } from "./otlpLayer.ts"
