/** The emulator: all wire formats on one loopback server. */
import { createServer } from "node:http"
import type { IncomingMessage, Server, ServerResponse } from "node:http"
import { clearRecords, makeControlApi } from "./ControlApi.ts"
import type { EmulatorState } from "./ControlApi.ts"
import { makeEarlyRetryDetector } from "./EarlyRetryDetector.ts"
import type { EarlyRetry } from "./EarlyRetryDetector.ts"
import type { EmulatedTask } from "./EmulatedTask.ts"
import { makeChaos } from "./faults/Chaos.ts"
import type { ChaosOptions } from "./faults/Chaos.ts"
import { makeFaultInjector } from "./faults/FaultInjector.ts"
import type { FaultStats } from "./faults/FaultStats.ts"
import { makeLinkFaultResponder } from "./faults/LinkFaultResponder.ts"
import { makeLinkSigner } from "./LinkSigner.ts"
import { makeMediaHandler } from "./MediaHandler.ts"
import { loadMedia } from "./MediaLibrary.ts"
import { makeRateLimiter } from "./RateLimiter.ts"
import type { RateLimitWindow } from "./RateLimiter.ts"
import { makeRateMeter } from "./RateMeter.ts"
import type { QueryRate } from "./RateMeter.ts"
import { payloadTooLarge, receiveRequest } from "./receiveRequest.ts"
import { makeRequestHandler } from "./RequestHandler.ts"
import { makeRequestLog } from "./RequestLog.ts"
import type { LoggedRequest } from "./RequestLog.ts"
import { makeResultLinks } from "./ResultLinks.ts"
import { sendResponse } from "./sendResponse.ts"
import type { TaskScript, Vendor } from "./TaskScript.ts"
import { makeTaskStore } from "./TaskStore.ts"
import { aigptimageFormat } from "./vendors/aigptimage.ts"
import { jimengFormat } from "./vendors/jimeng.ts"
import { jimmyFormat } from "./vendors/jimmy.ts"
import { soraFormat } from "./vendors/sora.ts"

/** Options of {@link startEmulator}. */
export interface EmulatorOptions {
  /** The address to listen on. @default "127.0.0.1" */
  readonly host?: string
  /** The port to listen on. 0 selects a free port. @default 0 */
  readonly port?: number
  /** The API key that all vendors accept. @default "sk-emulator" */
  readonly apiKey?: string
  /** Additional API keys that all vendors accept. Rate limits apply to each key separately. @default [] */
  readonly moreApiKeys?: readonly string[]
  /**
   * The `ACCESS_KEY_ID|SECRET_ACCESS_KEY` for signed requests, which Jimeng's origin accepts.
   * @default "AKLTemulator|emulated-secret"
   */
  readonly accessKey?: string
  /** Rate limits by vendor. They apply to each API key, and errors have the vendor's form. @default unlimited */
  readonly limits?: Readonly<Partial<Record<Vendor, readonly RateLimitWindow[]>>>
  /** Milliseconds that links work for, unless a task has its own lifetime. @default the lifetime of each vendor's links */
  readonly linkLifetime?: number
  /** The number of requests that {@link Emulator.requests} keeps. Rates count all requests. @default 100_000 */
  readonly requestLogSize?: number
  /**
   * Injects faults into a share of all requests. Which requests and which faults depends on the seed, the vendor, the
   * task and how many requests for the task came before, but not on the order in which tasks are queried. Faults of a
   * task's script take precedence. @default only the faults of scripts
   */
  readonly chaos?: ChaosOptions
}

/** A running emulator. */
export interface Emulator {
  /** The base URL of all vendors, such as `http://127.0.0.1:41234`, without a trailing slash. */
  readonly url: string
  /** The port of {@link url}. */
  readonly port: number
  /** A second origin of the same emulator, on a free port, for results that are not stored on the vendor's origin. */
  readonly otherUrl: string
  /** The API key that all vendors accept. */
  readonly apiKey: string
  /** The `ACCESS_KEY_ID|SECRET_ACCESS_KEY` for signed requests. */
  readonly accessKey: string
  /**
   * Adds a task. Its timeline starts now.
   * @throws {TaskScriptError} If the script is invalid, or if the vendor has a task with this id.
   */
  readonly addTask: (script: TaskScript) => EmulatedTask
  /** Returns a task, or undefined if it does not exist. */
  readonly task: (vendor: Vendor, id: string) => EmulatedTask | undefined
  /** Removes a task. Returns whether it existed. Links to its results continue to work. */
  readonly removeTask: (vendor: Vendor, id: string) => boolean
  /** Returns all tasks. */
  readonly tasks: () => readonly EmulatedTask[]
  /** The last requests, oldest first. Each access creates a new array. Excludes requests to the control API. */
  readonly requests: readonly LoggedRequest[]
  /** Removes the logged requests and early retries, and resets rates and fault stats. Rate limits are not reset. */
  readonly clearRequests: () => void
  /** The query rates for each vendor and API key: totals, and exact peaks over sliding windows. */
  readonly rates: () => readonly QueryRate[]
  /** How many requests there were, and how many of them got a fault. */
  readonly faultStats: () => FaultStats
  /** The requests that a client sent before an earlier Retry-After allowed it. */
  readonly earlyRetries: () => readonly EarlyRetry[]
  /**
   * Resolves to the SHA-256 of a task's result in hex. `index` is the position in the task's media, 0 by default.
   * `revision` is that of a `changed` fault; 0, the default, is the original file. Rejects with a RangeError if the task
   * or the result does not exist.
   */
  readonly digest: (vendor: Vendor, id: string, index?: number, revision?: number) => Promise<string>
  /** Stops the emulator and closes open connections. Can be called repeatedly. */
  readonly close: () => Promise<void>
  /** The same as {@link close}, for `await using`. */
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

/** Resolves to the port. */
const listen = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === "object" && address !== null ? address.port : port)
    })
  })

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

const originOf = (host: string, port: number): string =>
  host.includes(":") ? `http://[${host}]:${port}` : `http://${host}:${port}`

/**
 * Starts an emulator.
 *
 * Rejects with Node's error if the port is unavailable, such as `EADDRINUSE`, and with a RangeError if a rate limit or
 * the chaos profile is invalid.
 *
 * @example
 * await using emulator = await startEmulator()
 * const { id } = emulator.addTask({ vendor: "jimmy", runningFor: 400 })
 * await fetch(`${emulator.url}/api/open-api/v1/images/${id}`, {
 *   headers: { authorization: `Bearer ${emulator.apiKey}` }
 * })
 */
export const startEmulator = async (options: EmulatorOptions = {}): Promise<Emulator> => {
  const { host = "127.0.0.1", apiKey = "sk-emulator", accessKey = "AKLTemulator|emulated-secret" } = options
  const limiter = makeRateLimiter(options.limits ?? {})
  const chaos = options.chaos && makeChaos(options.chaos)
  const media = await loadMedia()
  // Long enough that the server never closes an idle connection that a client is about to reuse.
  const server = createServer({ keepAliveTimeout: 600_000 })
  const otherServer = createServer({ keepAliveTimeout: 600_000 })
  const port = await listen(server, options.port ?? 0, host)
  const url = originOf(host, port)
  const otherUrl = originOf(host, await listen(otherServer, 0, host))
  const origins = { own: url, other: otherUrl }

  const signer = makeLinkSigner()
  const links = makeResultLinks(origins, signer, media)
  const state: EmulatorState = {
    store: makeTaskStore(options.linkLifetime),
    log: makeRequestLog(options.requestLogSize ?? 100_000),
    rates: makeRateMeter(),
    faults: makeFaultInjector(makeLinkFaultResponder(origins, signer), chaos),
    earlyRetries: makeEarlyRetryDetector()
  }
  const { store, log, rates, faults, earlyRetries } = state
  const handleRequest = makeRequestHandler({
    ...state,
    apiKeys: new Set([apiKey, ...(options.moreApiKeys ?? [])]),
    formats: [jimmyFormat(links), soraFormat(links), jimengFormat(links, accessKey), aigptimageFormat(links)],
    limiter,
    media: makeMediaHandler(media, signer),
    control: makeControlApi(state)
  })

  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await receiveRequest(incoming)
    if (request === "disconnected") return
    sendResponse(request === "too large" ? payloadTooLarge : handleRequest(request), response)
  }
  const servers = [server, otherServer]
  for (const each of servers) each.on("request", (request, response) => void handle(request, response))

  const digest = async (vendor: Vendor, id: string, index = 0, revision = 0): Promise<string> => {
    const task = store.get(vendor, id)
    const format = task?.media[index]
    if (task === undefined || format === undefined) {
      throw new RangeError(`The ${vendor} task "${id}" with a result ${index} does not exist.`)
    }
    return media.digest(format, task.mediaSize ?? undefined, revision)
  }

  const close = async (): Promise<void> => {
    await Promise.all(servers.map(closeServer))
  }
  return {
    url,
    port,
    otherUrl,
    apiKey,
    accessKey,
    addTask: store.add,
    task: store.get,
    removeTask: store.remove,
    tasks: store.all,
    get requests() {
      return log.read()
    },
    clearRequests: () => clearRecords(state),
    rates: rates.read,
    faultStats: faults.stats,
    earlyRetries: earlyRetries.read,
    digest,
    close,
    [Symbol.asyncDispose]: close
  }
}
