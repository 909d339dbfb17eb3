/** The context of a span as text, as W3C Trace Context writes it. */
import * as Tracer from "effect/Tracer"

const pattern = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})/

/** Formats the context of a span, such as `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`. */
export const formatTraceparent = ({ traceId, spanId, sampled }: Tracer.AnySpan): string =>
  `00-${traceId.padStart(32, "0")}-${spanId.padStart(16, "0")}-${sampled ? "01" : "00"}`

/** Parses the context of a span. Undefined if it is invalid. */
export const parseTraceparent = (text: string | null | undefined): Tracer.ExternalSpan | undefined => {
  const [, traceId = "", spanId = "", flags = ""] = pattern.exec(text ?? "") ?? []
  if (/^0*$/.test(traceId) || /^0*$/.test(spanId)) return undefined
  return Tracer.externalSpan({ traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 })
}

/** Returns the trace of a span's context. An older ledger contains only the trace. */
export const traceIdOf = (traceparent: string | null): string | null =>
  parseTraceparent(traceparent)?.traceId ?? traceparent
