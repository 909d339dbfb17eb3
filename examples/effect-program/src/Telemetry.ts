/** Exports spans and metrics to the OpenTelemetry collector of the environment, or prints them to the standard error. */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Otlp from "effect/observability/Otlp"
import * as OtlpSerialization from "effect/observability/OtlpSerialization"
import * as PrometheusMetrics from "effect/observability/PrometheusMetrics"

/** A span that prints its name, duration, result and attributes when it ends. */
class PrintedSpan extends Tracer.NativeSpan {
  override end(endTime: bigint, exit: Exit.Exit<unknown, unknown>): void {
    super.end(endTime, exit)
    const duration = Number((endTime - this.startTime) / 1_000_000n)
    const attributes = JSON.stringify(Object.fromEntries(this.attributes))
    console.error(`span ${this.name} ${duration} ms ${exit._tag} ${attributes}`)
  }
}

const printed = Layer.effectDiscard(
  Effect.addFinalizer(() =>
    Effect.flatMap(PrometheusMetrics.format(), (text) => Effect.sync(() => console.error(text)))
  )
).pipe(
  Layer.merge(Layer.succeed(Tracer.Tracer, Tracer.make({ span: (options) => new PrintedSpan(options) })))
)

const exported = (baseUrl: string) =>
  Otlp.layer({ baseUrl, resource: { serviceName: "gentask-example" } }).pipe(
    Layer.provide([OtlpSerialization.layerJson, FetchHttpClient.layer])
  )

/** The collector is that of `OTEL_EXPORTER_OTLP_ENDPOINT`, such as `http://localhost:4318`. */
export const layer: Layer.Layer<never, Config.ConfigError> = Layer.unwrap(
  Effect.map(
    Config.option(Config.String("OTEL_EXPORTER_OTLP_ENDPOINT")),
    Option.match({ onNone: (): Layer.Layer<never> => printed, onSome: exported })
  )
)
