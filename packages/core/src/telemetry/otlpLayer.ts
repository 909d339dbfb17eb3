/** Exports spans and metrics to a collector of OpenTelemetry, as environment variables say. Loaded on use. */
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as OtlpMetrics from "effect/observability/OtlpMetrics"
import * as OtlpSerialization from "effect/observability/OtlpSerialization"
import * as OtlpTracer from "effect/observability/OtlpTracer"
import * as Scope from "effect/Scope"
import * as Tracer from "effect/Tracer"
import { gentaskVersion } from "../process/gentaskVersion.ts"

/** What an exporter needs. */
export interface OtlpOptions {
  /** The environment variables, such as `process.env`. */
  readonly variables: Readonly<Record<string, string | undefined>>
  /** The name of the service, unless a variable has one. */
  readonly serviceName: string
  /** Called with a sentence if a variable is invalid. Nothing is exported then. */
  readonly onInvalid: (message: string) => void
}

/** How long the last export may take when a program ends, in milliseconds. */
const flushMs = 2000

/** The share of traces that is exported. Undefined for all. */
const ratioOf = ({ variables }: OtlpOptions): number | undefined => {
  const sampler = (variables["OTEL_TRACES_SAMPLER"] ?? "").replace(/^parentbased_/, "")
  if (sampler === "always_off") return 0
  const ratio = Number(variables["OTEL_TRACES_SAMPLER_ARG"] ?? 1)
  return sampler === "traceidratio" && ratio >= 0 && ratio < 1 ? ratio : undefined
}

/** Samples traces: a span follows its parent, and a trace is exported with a probability. */
const sampled = (tracer: Tracer.Tracer, ratio: number): Tracer.Tracer =>
  Tracer.make({
    span: (options) =>
      tracer.span({
        ...options,
        sampled:
          options.sampled &&
          (options.parent._tag === "Some" ? options.parent.value.sampled : Math.random() < ratio)
      })
  })

/** The variables with the defaults of gentask. */
const withDefaults = ({ variables, serviceName }: OtlpOptions): Record<string, string> => {
  const resource = variables["OTEL_RESOURCE_ATTRIBUTES"] ?? ""
  const defaults = {
    OTEL_TRACES_EXPORTER: "otlp",
    OTEL_METRICS_EXPORTER: "otlp",
    // The default of Effect is longer than the time that is left for the last export.
    OTEL_EXPORTER_OTLP_TIMEOUT: String(flushMs),
    ...(/(?:^|,)\s*service\.name=/.test(resource) ? {} : { OTEL_SERVICE_NAME: serviceName }),
    ...(/(?:^|,)\s*service\.version=/.test(resource) ? {} : { OTEL_SERVICE_VERSION: gentaskVersion })
  }
  const set = Object.entries(variables).flatMap(([name, value]) =>
    name.startsWith("OTEL_") && value !== undefined && value.trim() !== ""
      ? [[name, value.trim()] as const]
      : []
  )
  return { ...defaults, ...Object.fromEntries(set) }
}

const protocols: ReadonlySet<string> = new Set(["http/protobuf", "http/json"])

/** Returns the name of a variable that names something else than a collector over HTTP. Each export would only fail. */
const unsupportedVariable = (variables: OtlpOptions["variables"]): string | undefined =>
  ["", "_TRACES", "_METRICS"]
    .flatMap((signal) => {
      const value = (name: string): string => variables[name]?.trim() ?? ""
      const [protocol, endpoint] = [
        `OTEL_EXPORTER_OTLP${signal}_PROTOCOL`,
        `OTEL_EXPORTER_OTLP${signal}_ENDPOINT`
      ]
      const isProtocol = value(protocol) === "" || protocols.has(value(protocol))
      const isHttp = value(endpoint) === "" || /^https?:$/.test(URL.parse(value(endpoint))?.protocol ?? "")
      return [...(isProtocol ? [] : [protocol]), ...(isHttp ? [] : [endpoint])]
    })
    .at(0)

const exporters = (options: OtlpOptions): Layer.Layer<never> => {
  const variables = withDefaults(options)
  const protocol = variables["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] ?? variables["OTEL_EXPORTER_OTLP_PROTOCOL"]
  const ratio = ratioOf(options)
  const traces = OtlpTracer.layerFromConfig()
  const sampling =
    ratio === undefined
      ? Layer.empty
      : Layer.effect(
          Tracer.Tracer,
          Effect.map(Effect.tracer, (tracer) => sampled(tracer, ratio))
        )
  return Layer.mergeAll(Layer.provideMerge(sampling, traces), OtlpMetrics.layerFromConfig()).pipe(
    Layer.provide([
      protocol === "http/json" ? OtlpSerialization.layerJson : OtlpSerialization.layerProtobuf,
      FetchHttpClient.layer,
      // A redirect would carry the headers with keys to another server.
      Layer.succeed(FetchHttpClient.RequestInit, { redirect: "manual" }),
      ConfigProvider.layer(ConfigProvider.fromEnv({ env: variables }))
    ])
  )
}

const invalid = "Nothing is exported to OpenTelemetry: a variable that starts with OTEL_ is invalid."

/**
 * Exports spans and metrics while a scope is open. It never fails. Closing the scope exports what is left, for at most two
 * seconds.
 */
export const otlpLayer = (options: OtlpOptions): Layer.Layer<never> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const unsupported = unsupportedVariable(options.variables)
      if (unsupported !== undefined) {
        options.onInvalid(
          `Nothing is exported to OpenTelemetry: ${unsupported} must be ${unsupported.endsWith("_PROTOCOL") ? "http/protobuf or http/json" : "an http or https URL"}.`
        )
        return Context.empty()
      }
      const scope = yield* Scope.make()
      yield* Effect.addFinalizer(() =>
        Effect.gen(function* () {
          const closing = yield* Effect.forkDetach(Scope.close(scope, Exit.void))
          yield* Effect.interruptible(Effect.timeoutOption(Fiber.await(closing), flushMs))
        })
      )
      return yield* Layer.buildWithScope(exporters(options), scope).pipe(
        Effect.catchCause(() =>
          Effect.sync(() => {
            options.onInvalid(invalid)
            return Context.empty()
          })
        )
      )
    })
  )
