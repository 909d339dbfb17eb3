/** Receives OTLP over HTTP, encoded as JSON, and formats it as lines. */
import { createServer } from "node:http"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

/** The largest request, in bytes. */
const maxBytes = 16 * 1024 * 1024

interface Value {
  readonly stringValue?: string
  readonly intValue?: string | number
  readonly doubleValue?: number
  readonly boolValue?: boolean
}

interface KeyValue {
  readonly key: string
  readonly value: Value
}

interface Span {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: ReadonlyArray<KeyValue>
  readonly status: { readonly code: number; readonly message?: string }
  readonly links: ReadonlyArray<{ readonly traceId: string; readonly spanId: string }>
}

interface Point {
  readonly attributes: ReadonlyArray<KeyValue>
  readonly asDouble?: number
  readonly asInt?: number | string
  readonly count?: number
  readonly sum?: number
}

interface Metric {
  readonly name: string
  readonly unit?: string
  readonly sum?: { readonly dataPoints: ReadonlyArray<Point> }
  readonly gauge?: { readonly dataPoints: ReadonlyArray<Point> }
  readonly histogram?: { readonly dataPoints: ReadonlyArray<Point> }
}

interface Message {
  readonly resourceSpans?: ReadonlyArray<{
    readonly scopeSpans: ReadonlyArray<{ readonly spans: ReadonlyArray<Span> }>
  }>
  readonly resourceMetrics?: ReadonlyArray<{
    readonly scopeMetrics: ReadonlyArray<{ readonly metrics: ReadonlyArray<Metric> }>
  }>
}

const valueOf = ({ stringValue, intValue, doubleValue, boolValue }: Value): unknown =>
  stringValue ?? intValue ?? doubleValue ?? boolValue ?? null

const attributesOf = (attributes: ReadonlyArray<KeyValue>): string =>
  JSON.stringify(Object.fromEntries(attributes.map(({ key, value }) => [key, valueOf(value)])))

const statuses = ["unset", "ok", "error"]

const formatSpan = (span: Span): string => {
  const ms = Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e6
  const links = span.links.map(({ traceId, spanId }) => ` link=${traceId}-${spanId}`).join("")
  const status = statuses[span.status.code] ?? "unset"
  const id = `trace=${span.traceId} span=${span.spanId}`
  return `span ${span.name} ${ms.toFixed(1)} ms ${status} ${id}${links} ${attributesOf(span.attributes)}`
}

const formatMetric = ({ name, unit, sum, gauge, histogram }: Metric): ReadonlyArray<string> =>
  [sum, gauge, histogram].flatMap((data) =>
    (data?.dataPoints ?? []).map((point) => {
      const value = point.asInt ?? point.asDouble ?? `count=${point.count} sum=${point.sum}`
      return `metric ${name} ${value} ${unit ?? ""} ${attributesOf(point.attributes)}`
    })
  )

/** Formats a message as one line for each span and each value of a metric. */
export const formatMessage = (message: Message): ReadonlyArray<string> => [
  ...(message.resourceSpans ?? []).flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans.map(formatSpan))
  ),
  ...(message.resourceMetrics ?? []).flatMap(({ scopeMetrics }) =>
    scopeMetrics.flatMap(({ metrics }) => metrics.flatMap(formatMetric))
  )
]

const readText = async (request: IncomingMessage): Promise<string> => {
  const chunks: Array<Buffer> = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw new Error("The request is too large.")
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString("utf8")
}

const handle = async (
  request: IncomingMessage,
  response: ServerResponse,
  print: (line: string) => void
): Promise<void> => {
  const isJson = request.headers["content-type"]?.startsWith("application/json") === true
  if (request.method !== "POST" || !/^\/v1\/(?:traces|metrics|logs)$/.test(request.url ?? ""))
    return void response.writeHead(404).end()
  if (!isJson) {
    print("Received protobuf. Set OTEL_EXPORTER_OTLP_PROTOCOL=http/json.")
    return void response.writeHead(415).end()
  }
  try {
    for (const line of formatMessage(JSON.parse(await readText(request)) as Message)) print(line)
    response.setHeader("content-type", "application/json").end("{}")
  } catch (error) {
    print(`Received an invalid message: ${JSON.stringify(error instanceof Error ? error.message : error)}`)
    response.writeHead(400).end()
  }
}

/** Starts a collector on the loopback interface. */
export const startCollector = async (port: number, print: (line: string) => void) => {
  const server = createServer((request, response) => void handle(request, response, print))
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}
