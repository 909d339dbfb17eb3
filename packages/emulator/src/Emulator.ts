/** The server: all four wire formats on one loopback origin. */
import { createServer } from "node:http"
import type { IncomingMessage, Server, ServerResponse } from "node:http"
import { makeControl } from "./Control.ts"
import { deliver, receive, tooLarge } from "./Delivery.ts"
import { makeExchange } from "./Exchange.ts"
import { loadMedia } from "./Media.ts"
import { makeMediaHandler } from "./MediaHandler.ts"
import { makeRateLimiter } from "./RateLimit.ts"
import type { RateWindow } from "./RateLimit.ts"
import { makeRateMeter } from "./Rates.ts"
import type { Rate } from "./Rates.ts"
import { makeRequestLog } from "./RequestLog.ts"
import type { RecordedRequest } from "./RequestLog.ts"
import { makeResults } from "./Results.ts"
import { makeLinkSigner } from "./SignedLink.ts"
import type { EmulatedTask, TaskScript, Vendor } from "./TaskScript.ts"
import { makeTaskStore } from "./TaskStore.ts"
import { aigptimage } from "./vendors/aigptimage.ts"
import { jimeng } from "./vendors/jimeng.ts"
import { jimmy } from "./vendors/jimmy.ts"
import { sora } from "./vendors/sora.ts"

/** How an emulator starts. */
export interface EmulatorOptions {
  /** The address to listen on. @default "127.0.0.1" */
  readonly host?: string
  /** 0 takes a free one. @default 0 */
  readonly port?: number
  /** The key that every vendor accepts. @default "sk-emulator" */
  readonly apiKey?: string
  /** More keys that every vendor accepts, each with a rate budget of its own. @default [] */
  readonly moreApiKeys?: readonly string[]
  /** Rate limits by vendor, kept per API key and refused in the vendor's own form. @default none */
  readonly limits?: Readonly<Partial<Record<Vendor, readonly RateWindow[]>>>
  /** Milliseconds for which links work, unless a task says otherwise. @default what each vendor's links last */
  readonly linkLifetime?: number
  /** How many of the last requests {@link Emulator.requests} keeps; rates count all. @default 100_000 */
  readonly requestLogSize?: number
}

/** An emulator that is running. */
export interface Emulator {
  /** The base URL of every vendor, such as `http://127.0.0.1:41234`, without a slash at its end. */
  readonly url: string
  readonly port: number
  readonly apiKey: string
  /**
   * Adds a task, whose timeline begins now.
   * @throws {TaskScriptError} when the script cannot be followed, or the vendor has a task of this id
   */
  readonly addTask: (script: TaskScript) => EmulatedTask
  readonly task: (vendor: Vendor, id: string) => EmulatedTask | undefined
  /** Forgets a task; false when there was none. Links to its results go on working. */
  readonly removeTask: (vendor: Vendor, id: string) => boolean
  readonly tasks: () => readonly EmulatedTask[]
  /** The last requests, oldest first; each reading makes a new list. Requests below `/_emulator/` are not among them. */
  readonly requests: readonly RecordedRequest[]
  /** Forgets all requests and rates. Rate limits are kept on. */
  readonly clearRequests: () => void
  /** How fast each vendor was asked with each API key: totals, and exact peaks over sliding windows. */
  readonly rates: () => readonly Rate[]
  /** Stops at once: open connections are cut. */
  readonly close: () => Promise<void>
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

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

const originOf = (host: string, port: number): string =>
  host.includes(":") ? `http://[${host}]:${port}` : `http://${host}:${port}`

/**
 * Starts an emulator.
 *
 * Rejects with Node's error when the port cannot be had, such as `EADDRINUSE`, and with a RangeError when a rate
 * limit could never be kept.
 */
export const startEmulator = async (options: EmulatorOptions = {}): Promise<Emulator> => {
  const { host = "127.0.0.1", apiKey = "sk-emulator" } = options
  const limiter = makeRateLimiter(options.limits ?? {})
  const media = await loadMedia()
  // Idle connections stay: a client that reuses one must not meet its end by chance.
  const server = createServer({ keepAliveTimeout: 600_000 })
  const port = await listen(server, options.port ?? 0, host)
  const url = originOf(host, port)

  const signer = makeLinkSigner()
  const results = makeResults(url, signer, media)
  const store = makeTaskStore(options.linkLifetime)
  const log = makeRequestLog(options.requestLogSize ?? 100_000)
  const rates = makeRateMeter()
  const exchange = makeExchange({
    apiKeys: new Set([apiKey, ...(options.moreApiKeys ?? [])]),
    formats: [jimmy(results), sora(results), jimeng(results), aigptimage(results)],
    store,
    limiter,
    rates,
    log,
    media: makeMediaHandler(media, signer),
    control: makeControl({ store, log, rates })
  })

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const whole = await receive(request)
    if (whole === "gone") return
    deliver(whole === "too large" ? tooLarge : exchange(whole).answer, response)
  }
  server.on("request", (request, response) => void handle(request, response))

  const close = (): Promise<void> => closed(server)
  return {
    url,
    port,
    apiKey,
    addTask: store.add,
    task: store.get,
    removeTask: store.remove,
    tasks: store.all,
    get requests() {
      return log.read()
    },
    clearRequests: () => {
      log.clear()
      rates.clear()
    },
    rates: rates.read,
    close,
    [Symbol.asyncDispose]: close
  }
}
