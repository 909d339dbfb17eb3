/** The server: all four wire formats on one loopback origin. */
import { createServer } from "node:http"
import type { IncomingMessage, Server, ServerResponse } from "node:http"
import { clearCounts, makeControl } from "./Control.ts"
import { deliver, receive, tooLarge } from "./Delivery.ts"
import { makeExchange } from "./Exchange.ts"
import { makeChaos } from "./faults/Chaos.ts"
import type { ChaosOptions } from "./faults/Chaos.ts"
import type { Disturbed } from "./faults/Disturbances.ts"
import { makeFaultLayer } from "./faults/FaultLayer.ts"
import { makeLinkFaults } from "./faults/LinkFaults.ts"
import { makeUndercutMeter } from "./faults/Undercuts.ts"
import type { Undercut } from "./faults/Undercuts.ts"
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
  /**
   * The `ACCESS_KEY_ID|SECRET_ACCESS_KEY` of signed requests, as Jimeng's origin takes them.
   * @default "AKLTemulator|emulated-secret"
   */
  readonly accessKey?: string
  /** Rate limits by vendor, kept per API key and refused in the vendor's own form. @default none */
  readonly limits?: Readonly<Partial<Record<Vendor, readonly RateWindow[]>>>
  /** Milliseconds for which links work, unless a task says otherwise. @default what each vendor's links last */
  readonly linkLifetime?: number
  /** How many of the last requests {@link Emulator.requests} keeps; rates count all. @default 100_000 */
  readonly requestLogSize?: number
  /**
   * Disturbs a share of all exchanges. Which ones and how follows from the seed, the vendor, the task and how many
   * exchanges the task had before: not from the order in which tasks are asked about. What a task's own script says
   * comes first.
   * @default nothing is disturbed but what the tasks' scripts say
   */
  readonly chaos?: ChaosOptions
}

/** An emulator that is running. */
export interface Emulator {
  /** The base URL of every vendor, such as `http://127.0.0.1:41234`, without a slash at its end. */
  readonly url: string
  readonly port: number
  /** Another origin of the same emulator, on a free port: for results that are kept elsewhere than their vendor. */
  readonly otherUrl: string
  readonly apiKey: string
  readonly accessKey: string
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
  /** Forgets all requests, rates, disturbances and undercuts. Rate limits are kept on. */
  readonly clearRequests: () => void
  /** How fast each vendor was asked with each API key: totals, and exact peaks over sliding windows. */
  readonly rates: () => readonly Rate[]
  /** How many exchanges there were, and how many of them were disturbed, by fault. */
  readonly disturbed: () => Disturbed
  /** The requests that came sooner than a Retry-After before them had asked for, to the millisecond. */
  readonly undercuts: () => readonly Undercut[]
  /**
   * The SHA-256 in hex of a task's result, the one at `index` in its media. `revision` is that of a `changed` fault,
   * and 0 for the file itself. Rejects with a RangeError when there is no such task or result.
   */
  readonly digest: (vendor: Vendor, id: string, index?: number, revision?: number) => Promise<string>
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
 * limit could never be kept or a chaos profile makes no sense.
 */
export const startEmulator = async (options: EmulatorOptions = {}): Promise<Emulator> => {
  const { host = "127.0.0.1", apiKey = "sk-emulator", accessKey = "AKLTemulator|emulated-secret" } = options
  const limiter = makeRateLimiter(options.limits ?? {})
  const chaos = options.chaos && makeChaos(options.chaos)
  const media = await loadMedia()
  // Idle connections stay: a client that reuses one must not meet its end by chance.
  const server = createServer({ keepAliveTimeout: 600_000 })
  const otherServer = createServer({ keepAliveTimeout: 600_000 })
  const port = await listen(server, options.port ?? 0, host)
  const url = originOf(host, port)
  const otherUrl = originOf(host, await listen(otherServer, 0, host))
  const origins = { own: url, other: otherUrl }

  const signer = makeLinkSigner()
  const results = makeResults(origins, signer, media)
  const store = makeTaskStore(options.linkLifetime)
  const log = makeRequestLog(options.requestLogSize ?? 100_000)
  const rates = makeRateMeter()
  const faults = makeFaultLayer(makeLinkFaults(origins, signer), chaos)
  const undercuts = makeUndercutMeter()
  const controlled = { store, log, rates, faults, undercuts }
  const exchange = makeExchange({
    apiKeys: new Set([apiKey, ...(options.moreApiKeys ?? [])]),
    formats: [jimmy(results), sora(results), jimeng(results, accessKey), aigptimage(results)],
    store,
    limiter,
    rates,
    log,
    media: makeMediaHandler(media, signer),
    control: makeControl(controlled),
    faults,
    undercuts
  })

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const whole = await receive(request)
    if (whole === "gone") return
    deliver(whole === "too large" ? tooLarge : exchange(whole).answer, response)
  }
  const servers = [server, otherServer]
  for (const each of servers) each.on("request", (request, response) => void handle(request, response))

  const digest = async (vendor: Vendor, id: string, index = 0, revision = 0): Promise<string> => {
    const task = store.get(vendor, id)
    const type = task?.media[index]
    if (task === undefined || type === undefined) {
      throw new RangeError(`There is no ${vendor} task ${id} with a result ${index}.`)
    }
    return media.digest(type, task.mediaSize ?? undefined, revision)
  }

  const close = async (): Promise<void> => {
    await Promise.all(servers.map(closed))
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
    clearRequests: () => clearCounts(controlled),
    rates: rates.read,
    disturbed: faults.disturbed,
    undercuts: undercuts.read,
    digest,
    close,
    [Symbol.asyncDispose]: close
  }
}
