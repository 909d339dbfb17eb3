/** Exports spans and metrics to a collector over HTTP. */
import { once } from "node:events"
import { createServer } from "node:http"
import type { IncomingMessage, RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { text } from "node:stream/consumers"
import { afterAll, assert, describe, it, vi } from "vitest"
import { secretKey, useEmulator } from "./emulator.ts"
import { onlyJsonOf, run } from "./gentask.ts"
import { newFolder } from "./project.ts"
import { onlyJimmy, startTestTracker } from "./trackers.ts"

const fixture = useEmulator()
const stack = new AsyncDisposableStack()
afterAll(() => stack.disposeAsync())

const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener).listen(0, "127.0.0.1")
  await once(server, "listening")
  stack.defer(async () => {
    const closed = once(server, "close")
    server.close()
    server.closeAllConnections()
    await closed
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

interface Export {
  readonly path: string
  readonly key: string | undefined
  readonly body: string
}

/** Starts a collector, which records what it receives. */
const startCollector = async (): Promise<{ readonly url: string; readonly exports: Array<Export> }> => {
  const exports: Array<Export> = []
  const receive = async (request: IncomingMessage): Promise<void> => {
    const key = request.headers["x-api-key"] as string | undefined
    exports.push({ path: request.url ?? "", key, body: await text(request) })
  }
  const url = await serve((request, response) => void receive(request).then(() => response.end("{}")))
  return { url, exports }
}

const variables = (url: string): Readonly<Record<string, string>> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
  OTEL_EXPORTER_OTLP_HEADERS: "x-api-key=key-of-the-collector",
  // Shorter than the default of a minute.
  OTEL_METRIC_EXPORT_INTERVAL: "200",
  OTEL_BSP_SCHEDULE_DELAY: "200"
})

const query = (url: string) =>
  run(["query", `jimmy:${fixture.taskId}`, "--json"], {
    env: { ...fixture.env, ...variables(url), XDG_STATE_HOME: newFolder() }
  })

describe("gentask serve", () => {
  it("exports the spans and metrics of its tasks, without keys and prompts", async () => {
    const { url, exports } = await startCollector()
    const bodies = (path: string): string =>
      exports
        .filter((each) => each.path === path)
        .map(({ body }) => body)
        .join("\n")
    await using tracker = await startTestTracker({ ...onlyJimmy(fixture.env), ...variables(url) })
    const submitted = await tracker.run("submit", "jimmy", "gpt-image-2", "-p", "A secret fox", "--json")
    const { ref } = onlyJsonOf(submitted.stdout) as { readonly ref: string }
    const waited = await tracker.run("wait", ref, "--json")
    assert.strictEqual(waited.status, 0, waited.stderr)
    await vi.waitFor(() => {
      assert.include(bodies("/v1/traces"), '"gentask-tracker"')
      for (const name of ["gentask.submit", "gentask.query", "gentask.download"])
        assert.include(bodies("/v1/traces"), `"${name}"`)
      assert.include(bodies("/v1/metrics"), '"gentask.exchanges"')
    }, 15_000)
    const all = exports.map(({ body }) => body).join("\n")
    for (const secret of [secretKey, "secret fox", tracker.token, "key-of-the-collector"])
      assert.notInclude(all, secret)
    assert.isTrue(exports.every(({ key }) => key === "key-of-the-collector"))
  })
})

describe("a command", () => {
  it("exports before it ends", async () => {
    const { url, exports } = await startCollector()
    const { status } = await query(url)
    assert.strictEqual(status, 0)
    assert.deepStrictEqual(new Set(exports.map(({ path }) => path)), new Set(["/v1/metrics", "/v1/traces"]))
  })

  it("does not follow a redirect of a collector, which would carry its key to another server", async () => {
    const other = await startCollector()
    const url = await serve((_, response) => response.writeHead(307, { location: other.url }).end())
    const { status, stderr } = await query(url)
    assert.strictEqual(status, 0, stderr)
    assert.isEmpty(other.exports)
  })

  it("succeeds without a message if the collector cannot be reached, or never responds", async () => {
    const silent = await serve(() => undefined)
    for (const { status, stdout, stderr } of await Promise.all([
      query("http://127.0.0.1:1"),
      query(silent)
    ])) {
      assert.deepStrictEqual([status, stderr], [0, ""])
      assert.strictEqual(onlyJsonOf(stdout)["status"], "succeeded")
    }
  })

  it.each([
    ["OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "http/protobuf or http/json"],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "ftp://127.0.0.1", "an http or https URL"],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4317", "an http or https URL"]
  ])("says that nothing is exported if %s is %s", async (name, value, expected) => {
    const { url, exports } = await startCollector()
    const { status, stderr } = await run(["query", `jimmy:${fixture.taskId}`], {
      env: { ...fixture.env, ...variables(url), [name]: value }
    })
    assert.strictEqual(status, 0)
    assert.strictEqual(
      stderr,
      `gentask: Nothing is exported to OpenTelemetry: ${name} must be ${expected}.\n`
    )
    assert.isEmpty(exports)
  })
})
