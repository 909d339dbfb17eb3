import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { mkdtemp, readdir, rm } from "node:fs/promises"
import { createServer, request as httpRequest } from "node:http"
import type { Server } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { json, text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { describe, expect, it, vi } from "vitest"
import { startEmulator } from "@gentask/emulator"
import { pollPolicy } from "../src/Policies.ts"

const example = fileURLToPath(new URL("..", import.meta.url))
const { scripts } = JSON.parse(readFileSync(join(example, "package.json"), "utf8")) as {
  readonly scripts: { readonly start: string }
}

/** Starts an emulator, and creates a folder to run the program in. */
const start = async () => {
  const emulator = await startEmulator({ apiKey: "sk-example-secret" })
  const path = await mkdtemp(join(tmpdir(), "gentask-"))
  return {
    emulator,
    path,
    /** Runs the program as its package.json says. Sends SIGINT when `interruption` resolves. */
    run: async (
      refs: ReadonlyArray<string>,
      variables: Readonly<Record<string, string>> = {},
      interruption?: Promise<void>
    ) => {
      const [, script = ""] = scripts.start.split(" ")
      const child = spawn(process.execPath, [join(example, script), ...refs], {
        cwd: path,
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          PATH: process.env["PATH"],
          NODE_OPTIONS: "--conditions=@gentask/source --disable-warning=ExperimentalWarning",
          JIMMY_API_KEY: emulator.apiKey,
          JIMMY_BASE_URL: emulator.url,
          ...variables
        }
      })
      const exited = once(child, "exit")
      void interruption?.then(() => child.kill("SIGINT"))
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
      const [status] = (await exited) as [number | null]
      return { status, lines: stdout.trim().split("\n").toSorted(), stderr }
    },
    [Symbol.asyncDispose]: async () => {
      await emulator.close()
      await rm(path, { recursive: true, force: true })
    }
  }
}

const listen = async (server: Server) => {
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    }
  }
}

/** Starts an OpenTelemetry collector that records the requests that it receives. */
const startCollector = async () => {
  const received: Array<{ readonly path: string | undefined; readonly body: string }> = []
  const server = createServer(async (request, response) => {
    received.push({ path: request.url, body: JSON.stringify(await json(request)) })
    response.setHeader("content-type", "application/json").end("{}")
  })
  return { received, ...(await listen(server)) }
}

/** Starts a forward proxy that records the URLs of its requests. */
const startProxy = async () => {
  const urls: Array<string> = []
  const server = createServer((request, response) => {
    const { method = "GET", headers, url = "" } = request
    urls.push(url)
    const forwarded = httpRequest(url, { method, headers }, (upstream) => {
      response.writeHead(upstream.statusCode ?? 502, upstream.headers)
      upstream.pipe(response)
    })
    forwarded.on("error", () => response.destroy())
    request.pipe(forwarded)
  })
  return { urls, ...(await listen(server)) }
}

describe.concurrent("the program", { timeout: 120_000 }, () => {
  it("stores results, and prints its spans and metrics without the API key", async () => {
    await using here = await start()
    here.emulator.addTask({ vendor: "jimmy", id: "1" })
    // Its link has expired, and the first query for a new one fails.
    here.emulator.addTask({
      vendor: "jimmy",
      id: "2",
      links: [{ link: "expired" }],
      faults: [{ fault: "none" }, { fault: "status", status: 503 }]
    })
    const { status, lines, stderr } = await here.run(["jimmy:1", "jimmy:2"])
    const path = (id: string): string => join(here.path, "out", `jimmy_${id}.png`)
    expect([status, lines]).toEqual([0, [`jimmy:1 stored: ${path("1")}`, `jimmy:2 stored: ${path("2")}`]])
    const spans = [...stderr.matchAll(/^span (\S+) \d+ ms (\w+)/gm)].map(
      ([, name, result]) => `${name} ${result}`
    )
    expect(spans.toSorted()).toEqual([
      "Gallery.store Success",
      "Gallery.store Success",
      "gentask.download Failure",
      "gentask.download Success",
      "gentask.download Success",
      "gentask.query Failure",
      "gentask.query Success",
      "gentask.query Success",
      "gentask.query Success",
      "program Success",
      "storeResult Success",
      "storeResult Success"
    ])
    // The number of watched tasks is sampled every 10 seconds, and a program may end before.
    const metrics = stderr
      .split("\n")
      .filter((line) => /^(gentask|example)_/.test(line) && !line.startsWith("gentask_tasks_watched"))
    expect(metrics.toSorted()).toEqual([
      "example_retries 1",
      expect.stringMatching(/^example_saved_bytes\{kind="image"\} \d{5}$/),
      expect.stringMatching(/^gentask_download_bytes\{.*\} \d{5}$/),
      expect.stringMatching(/^gentask_exchanges\{.*outcome="Unavailable".*\} 1$/),
      expect.stringMatching(/^gentask_exchanges\{.*outcome="success".*\} 3$/)
    ])
    expect(stderr).not.toContain("sk-example-secret")
  })

  it("exports spans and metrics to the collector of the environment", async () => {
    await using here = await start()
    await using collector = await startCollector()
    here.emulator.addTask({ vendor: "jimmy", id: "1" })
    const { status, stderr } = await here.run(["jimmy:1"], { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
    expect([status, stderr]).toEqual([0, ""])
    const sent = (path: string): string =>
      collector.received.flatMap((each) => (each.path === path ? [each.body] : [])).join("\n")
    for (const name of ["gentask.query", "gentask.download", "Gallery.store", "gen_ai.response.id"])
      expect(sent("/v1/traces")).toContain(`"${name}"`)
    expect(sent("/v1/metrics")).toContain('"gentask.exchanges"')
    expect(JSON.stringify(collector.received)).not.toContain("sk-example-secret")
  })

  it("sends queries and downloads through the proxy of the environment", async () => {
    await using here = await start()
    await using proxy = await startProxy()
    here.emulator.addTask({ vendor: "jimmy", id: "1" })
    const { status } = await here.run(["jimmy:1"], { HTTP_PROXY: proxy.url })
    expect(status).toBe(0)
    expect(await readdir(join(here.path, "out"))).toEqual(["jimmy_1.png", "jimmy_1.png.json"])
    const direct = here.emulator.requests.map(({ path }) => `${here.emulator.url}${path}`)
    expect(proxy.urls.map((url) => url.replace(/\?.*/, ""))).toEqual(direct)
    expect(direct).toHaveLength(2)
  })

  it("continues after tasks without a result, and exits with 1", async () => {
    await using here = await start()
    here.emulator.addTask({ vendor: "jimmy", id: "1" })
    here.emulator.addTask({ vendor: "jimmy", id: "2", end: "failed", failure: { message: "No." } })
    here.emulator.addTask({ vendor: "jimmy", id: "3", media: [] })
    const { status, lines } = await here.run(["jimmy:1", "jimmy:2", "jimmy:3", "sora:4"])
    expect([status, lines]).toEqual([
      1,
      [
        `jimmy:1 stored: ${join(here.path, "out", "jimmy_1.png")}`,
        "jimmy:2 not stored: jimmy:2 failed (unknown): No.",
        "jimmy:3 not stored: jimmy:3: the task succeeded, but the vendor's response contains no usable output. Query it with the raw option to see the response.",
        "sora:4 not stored: sora has no default endpoint. Choose jxincm or octopusx or yunwu or apertis (option endpoint, variable SORA_ENDPOINT), or set a base URL (option baseUrl, variable SORA_BASE_URL)."
      ]
    ])
  })

  it("exits with 130 after SIGINT", async () => {
    await using here = await start()
    here.emulator.addTask({ vendor: "jimmy", id: "1", end: "never" })
    const isPolling = vi.waitFor(() => expect(here.emulator.requests).not.toEqual([]), { timeout: 60_000 })
    const { status } = await here.run(["jimmy:1"], {}, isPolling)
    expect(status).toBe(130)
  })
})

it("polls a task that is nearly done more often", () => {
  const delay = (progress: number | null): number =>
    pollPolicy.next({
      ageMs: 600_000,
      polls: 10,
      failures: 0,
      previousDelayMs: undefined,
      snapshot: {
        ref: "jimmy:1",
        provider: "jimmy",
        account: "jimmy",
        id: "1",
        status: "running",
        rawStatus: null,
        progress,
        model: null,
        prompt: null,
        createdAt: null,
        updatedAt: null,
        completedAt: null,
        outputs: [],
        failure: null,
        queuePosition: null,
        cost: null,
        warnings: []
      },
      hint: undefined,
      random: 0.5
    })
  expect([null, 0.89, 0.9].map(delay)).toEqual([60_000, 60_000, 1500])
})
