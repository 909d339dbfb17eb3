/** The built command line exports to the collector. */
import { execFile } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { startEmulator } from "@gentask/emulator"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { startCollector } from "../src/collector.ts"

const bin = fileURLToPath(new URL("../../../packages/cli/dist/main.js", import.meta.url))
const apiKey = "sk-collector-secret"

const setUp = async () => {
  const folder = await mkdtemp(join(tmpdir(), "gentask-"))
  const emulator = await startEmulator({ apiKey })
  const run = (args: ReadonlyArray<string>, env: Readonly<Record<string, string>>) =>
    new Promise<{
      readonly status: number
      readonly stdout: string
      readonly stderr: string
      readonly ms: number
    }>((resolve) => {
      const startedAt = performance.now()
      const child = execFile(
        process.execPath,
        [bin, ...args],
        {
          cwd: folder,
          env: {
            PATH: process.env["PATH"] ?? "",
            HOME: folder,
            XDG_STATE_HOME: folder,
            XDG_CONFIG_HOME: folder,
            JIMMY_API_KEY: apiKey,
            JIMMY_BASE_URL: emulator.url,
            ...env
          }
        },
        (_, stdout, stderr) =>
          resolve({ status: child.exitCode ?? -1, stdout, stderr, ms: performance.now() - startedAt })
      )
    })
  return {
    emulator,
    run,
    [Symbol.asyncDispose]: async () => {
      await emulator.close()
      await rm(folder, { recursive: true, force: true })
    }
  }
}

let here: Awaited<ReturnType<typeof setUp>>
beforeAll(async () => {
  here = await setUp()
})
afterAll(() => here[Symbol.asyncDispose]())

/** The spans that were printed, by name. */
const spansOf = (lines: ReadonlyArray<string>, name: string) =>
  lines.flatMap((line) => {
    const match = /^span (\S+) \S+ ms (\w+) trace=(\w+) span=(\w+)((?: link=\S+)*) (\{.*\})$/.exec(line)
    const [, found, status, trace, span, links, attributes = ""] = match ?? []
    return found === name
      ? [{ status, trace, span, links, attributes: JSON.parse(attributes) as Record<string, unknown> }]
      : []
  })

describe.concurrent("the command line", { timeout: 60_000 }, () => {
  it("exports the spans of a task to a collector, and links them across processes", async () => {
    const lines: Array<string> = []
    await using collector = await startCollector(0, (line) => lines.push(line))
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" }
    const prompt = "A confidential fox"
    const submitted = await here.run(["submit", "jimmy", "gpt-image-2", "-p", prompt], env)
    expect([submitted.status, submitted.stderr]).toEqual([0, expect.not.stringContaining("OTEL")])
    const ref = /jimmy:\S+/.exec(submitted.stdout)?.[0] ?? ""
    const waited = await here.run(["wait", ref, "--save", "out", "--timeout", "30s"], env)
    expect([waited.status, waited.stderr]).toEqual([0, expect.anything()])
    const [submit] = spansOf(lines, "gentask.submit")
    expect(submit?.attributes).toMatchObject({
      "gen_ai.operation.name": "generate_image",
      "gen_ai.output.type": "image",
      "gen_ai.provider.name": "jimmy",
      "gen_ai.request.model": "gpt-image-2",
      "gentask.outcome": "accepted",
      "gentask.ref": ref
    })
    const queries = spansOf(lines, "gentask.query")
    expect(queries.length).toBeGreaterThan(0)
    for (const { trace, links, attributes } of queries) {
      expect(links).toBe(` link=${submit?.trace}-${submit?.span}`)
      expect(trace).not.toBe(submit?.trace)
      expect(attributes).toMatchObject({ "gentask.ref": ref, "http.response.status_code": 200 })
    }
    expect(new Set(queries.map(({ trace }) => trace)).size).toBe(queries.length)
    expect(spansOf(lines, "gentask.download")).toHaveLength(1)
    const text = lines.join("\n")
    expect(text).toMatch(/^metric gentask\.exchanges /m)
    expect(text).toMatch(/^metric gentask\.download\.bytes \d+ By /m)
    expect(text).not.toContain(apiKey)
    expect(text).not.toContain(prompt)
  })

  it("exports the prompt only if the user has opted in", async () => {
    const lines: Array<string> = []
    await using collector = await startCollector(0, (line) => lines.push(line))
    const { status } = await here.run(["submit", "jimmy", "gpt-image-2", "-p", "A public fox"], {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "true"
    })
    expect(status).toBe(0)
    expect(lines.join("\n")).toContain("A public fox")
  })

  it("exports protobuf by default, with the headers and the name of the service", async () => {
    const received: Array<{ readonly path: string; readonly headers: unknown; readonly body: string }> = []
    await using server = await receive(async (request, response) => {
      const chunks: Array<Buffer> = []
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
      const body = Buffer.concat(chunks).toString("latin1")
      received.push({ path: request.url ?? "", headers: request.headers, body })
      response.end()
    })
    const { id } = here.emulator.addTask({ vendor: "jimmy" })
    const { status } = await here.run(["query", `jimmy:${id}`], {
      OTEL_EXPORTER_OTLP_ENDPOINT: server.url,
      OTEL_EXPORTER_OTLP_HEADERS: "x-team=films",
      OTEL_SERVICE_NAME: "studio",
      OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test"
    })
    expect(status).toBe(0)
    const traces = received.find(({ path }) => path === "/v1/traces")
    expect(traces?.headers).toMatchObject({ "content-type": "application/x-protobuf", "x-team": "films" })
    for (const text of ["studio", "deployment.environment.name", "gentask.query"])
      expect(traces?.body).toContain(text)
  })

  it.each([
    ["refuses the connection", { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" }],
    ["is no URL", { OTEL_EXPORTER_OTLP_ENDPOINT: "nowhere at all" }],
    [
      "has an invalid timeout",
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9", OTEL_EXPORTER_OTLP_TIMEOUT: "soon" }
    ],
    ["is switched off", { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9", OTEL_SDK_DISABLED: "true" }]
  ])("succeeds if the collector %s", async (_, env) => {
    const { id } = here.emulator.addTask({ vendor: "jimmy" })
    const { status, stdout } = await here.run(["query", `jimmy:${id}`], env)
    expect([status, stdout]).toEqual([0, expect.stringContaining("succeeded")])
  })

  it("does not wait for a collector that never responds", async () => {
    await using server = await receive(() => undefined)
    const { id } = here.emulator.addTask({ vendor: "jimmy" })
    const { status } = await here.run(["query", `jimmy:${id}`], { OTEL_EXPORTER_OTLP_ENDPOINT: server.url })
    expect(status).toBe(0)
  })

  it("exports no trace with the sampler always_off", async () => {
    const lines: Array<string> = []
    await using collector = await startCollector(0, (line) => lines.push(line))
    const { id } = here.emulator.addTask({ vendor: "jimmy" })
    await here.run(["query", `jimmy:${id}`], {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_TRACES_SAMPLER: "parentbased_always_off"
    })
    expect(lines.filter((line) => line.startsWith("span "))).toEqual([])
    expect(lines.join("\n")).toMatch(/^metric gentask\.exchanges /m)
  })
})

/** Starts an HTTP server. */
const receive = async (handler: NonNullable<Parameters<typeof createServer>[1]>) => {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}

it("the collector rejects what it cannot read, and continues", async () => {
  const lines: Array<string> = []
  await using collector = await startCollector(0, (line) => lines.push(line))
  const send = async (path: string, type: string, body: string): Promise<number> =>
    (await fetch(`${collector.url}${path}`, { method: "POST", headers: { "content-type": type }, body }))
      .status
  expect(await send("/v1/traces", "application/x-protobuf", "x")).toBe(415)
  expect(await send("/v1/traces", "application/json", "{")).toBe(400)
  expect(await send("/other", "application/json", "{}")).toBe(404)
  expect(await send("/v1/traces", "application/json", "{}")).toBe(200)
})
