/** Starts savers in separate processes, and the server that they save from. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { readdir, stat, utimes } from "node:fs/promises"
import { createServer } from "node:http"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { vi } from "vitest"

const saver = fileURLToPath(new URL("./saver.ts", import.meta.url))
/** Modules that a saver can preload. */
const preloads = {
  slowDisk: fileURLToPath(new URL("./slowDisk.ts", import.meta.url)),
  brokenDisk: fileURLToPath(new URL("./brokenDisk.ts", import.meta.url))
}

/** What a saver has printed. */
export interface SaverEvents {
  readonly retry?: string
  readonly wait?: string
  readonly saved?: string
  readonly alreadySaved?: boolean
  readonly error?: string
}

/** Starts a saver. `env` has the variables of the preloaded module. */
export const startSaver = (
  baseUrl: string,
  dir: string,
  options: { readonly preload?: keyof typeof preloads; readonly env?: Readonly<Record<string, string>> } = {}
) => {
  const imports = options.preload === undefined ? [] : ["--import", preloads[options.preload]]
  const parameters = ["--conditions=@gentask/source", ...imports, saver, baseUrl, dir]
  const child = spawn(process.execPath, parameters, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...options.env }
  })
  let output = ""
  child.stdout.on("data", (data) => (output += String(data)))
  const closed = once(child, "close")
  const events = (): ReadonlyArray<SaverEvents> =>
    output
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as SaverEvents)
  return {
    pid: child.pid,
    events,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    /** Waits for the end of the process, and returns its last event. */
    end: async () => {
      await closed
      return { status: child.exitCode, ...events().at(-1) }
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL")
      await closed
    }
  }
}

/** Starts a vendor whose only task has one file, which `serve` sends. `count` is the number of the request, from 1. */
export const startFileServer = async (
  serve: (request: IncomingMessage, response: ServerResponse, count: number) => void
) => {
  const ranges: Array<string | undefined> = []
  const server = createServer((request, response) => {
    if (request.url !== "/file.png") {
      response.end(JSON.stringify({ status: "done", url: `http://${request.headers.host}/file.png` }))
      return
    }
    ranges.push(request.headers.range)
    serve(request, response, ranges.length)
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The `Range` header of each request of the file. */
    ranges,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    }
  }
}

/** Makes the hidden files of a folder look as if they were ten minutes old. */
export const backdate = async (dir: string): Promise<void> => {
  const past = new Date(Date.now() - 600_000)
  for (const name of await readdir(dir)) {
    // A file may be removed at the same time.
    if (name.startsWith(".")) await utimes(join(dir, name), past, past).catch(() => undefined)
  }
}

/** Waits until a part file has this size, and a note. */
export const partOfSize = (dir: string, bytes: number): Promise<void> =>
  vi.waitFor(
    async () => {
      const names = await readdir(dir)
      const part = names.find((name) => name.endsWith(".part"))
      const size = part === undefined ? 0 : (await stat(join(dir, part))).size
      if (size < bytes || !names.includes(`${part}.json`)) throw new Error(`${size} of ${bytes} bytes`)
    },
    { timeout: 20_000, interval: 10 }
  )
