/** Starts an emulator: all wire formats on one loopback server. */
import { createServer } from "node:http"
import type { IncomingMessage, ServerResponse } from "node:http"
import { clearRecords, makeControlApi } from "./ControlApi.ts"
import type { EmulatorState } from "./ControlApi.ts"
import { makeEarlyRetryDetector } from "./EarlyRetryDetector.ts"
import type { Emulator, EmulatorOptions } from "./Emulator.ts"
import { makeChaos } from "./faults/Chaos.ts"
import { makeFaultInjector } from "./faults/FaultInjector.ts"
import { makeLinkFaultResponder } from "./faults/LinkFaultResponder.ts"
import { makeLinkSigner } from "./LinkSigner.ts"
import { closeServer, listen, originOf } from "./listen.ts"
import { makeMediaHandler } from "./MediaHandler.ts"
import { loadMedia } from "./MediaLibrary.ts"
import { makeRateLimiter } from "./RateLimiter.ts"
import { makeRateMeter } from "./RateMeter.ts"
import { payloadTooLarge, readHead, receiveRequest } from "./receiveRequest.ts"
import { makeRequestHandler } from "./RequestHandler.ts"
import { makeRequestLog } from "./RequestLog.ts"
import { makeResultLinks } from "./ResultLinks.ts"
import { sendResponse } from "./sendResponse.ts"
import { makeCallbackSender } from "./submit/CallbackSender.ts"
import { jimengEndpoints } from "./submit/jimeng/jimengEndpoints.ts"
import { jimmyEndpoints } from "./submit/jimmy/jimmyEndpoints.ts"
import { aigptimageEndpoints } from "./submit/jobs/aigptimageEndpoints.ts"
import { kieEndpoints } from "./submit/jobs/kieEndpoints.ts"
import { soraEndpoints } from "./submit/sora/soraEndpoints.ts"
import { makeServiceStates } from "./submit/ServiceState.ts"
import { makeSubmitHandler } from "./submit/SubmitHandler.ts"
import { makeSubmitLog } from "./submit/SubmitLog.ts"
import { makeUploadStore } from "./submit/UploadStore.ts"
import { mebibyte } from "./submit/VendorEndpoint.ts"
import type { Vendor } from "./vendors/vendorNames.ts"
import { makeTaskStore } from "./TaskStore.ts"
import { aigptimageFormat } from "./vendors/aigptimage.ts"
import { jimengFormat } from "./vendors/jimeng.ts"
import { jimmyFormat } from "./vendors/jimmy.ts"
import { moduleParts } from "./vendors/moduleParts.ts"
import { soraFormat } from "./vendors/sora.ts"
import { traitsOf } from "./vendors/traitsOf.ts"
import { vendorModules } from "./vendors/vendorModules.ts"
import { moduleNames } from "./vendors/vendorNames.ts"

/**
 * Starts an emulator.
 *
 * Rejects with Node's error if the port is unavailable, such as `EADDRINUSE`, with a RangeError if a rate limit or the
 * chaos profile is invalid, and with a `TaskScriptError` if a submit script is invalid.
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
  const states = makeServiceStates(options.submits ?? {})
  const media = await loadMedia()
  // Long enough that the server never closes an idle connection that a client is about to reuse.
  const server = createServer({ keepAliveTimeout: 600_000 })
  const otherServer = createServer({ keepAliveTimeout: 600_000 })
  const port = await listen(server, options.port ?? 0, host)
  const url = originOf(host, port)
  const otherUrl = originOf(host, await listen(otherServer, 0, host))
  const origins = { own: url, other: otherUrl }

  const signer = makeLinkSigner()
  const links = makeResultLinks(origins, signer, media, (task) => traitsOf(task.vendor).linkStyle(task))
  const state: EmulatorState = {
    store: makeTaskStore(options.linkLifetime),
    log: makeRequestLog(options.requestLogSize ?? 100_000),
    rates: makeRateMeter(),
    faults: makeFaultInjector(makeLinkFaultResponder(origins, signer), chaos),
    earlyRetries: makeEarlyRetryDetector(),
    submits: makeSubmitLog()
  }
  const { store, log, rates, faults, earlyRetries, submits } = state
  const apiKeys = new Set([apiKey, ...(options.moreApiKeys ?? [])])
  const [jimeng, aigptimage] = [jimengFormat(links, accessKey), aigptimageFormat(links)]
  const uploads = makeUploadStore(url, otherUrl, apiKeys)
  const callbacks = makeCallbackSender()
  const modules = moduleNames.map((name) =>
    moduleParts(
      name,
      vendorModules[name].create({
        url: `${url}/${name}`,
        links,
        apiKeys,
        accessKey,
        uploads,
        tasks: () => store.all().filter(({ vendor }) => vendor === name)
      }),
      apiKeys
    )
  )
  const submitHandler = makeSubmitHandler({
    ...state,
    apiKeys,
    endpoints: [
      jimmyEndpoints,
      soraEndpoints,
      jimengEndpoints(jimeng),
      aigptimageEndpoints,
      kieEndpoints(aigptimage),
      ...modules.map(({ endpoints }) => endpoints)
    ],
    states,
    uploads,
    callbacks,
    chaos
  })
  const handleRequest = makeRequestHandler({
    ...state,
    apiKeys,
    formats: [
      jimmyFormat(links),
      soraFormat(links),
      jimeng,
      aigptimage,
      ...modules.map(({ format }) => format)
    ],
    limiter,
    media: makeMediaHandler(media, signer),
    control: makeControlApi(state, { configure: submitHandler.configure, uploads, callbacks }),
    submitHandler,
    uploads
  })

  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const head = readHead(incoming)
    if (submitHandler.takesReset(head)) {
      incoming.socket.resetAndDestroy()
      return
    }
    const maxBodySize = submitHandler.maxBodySize(head) ?? uploads.maxBodySize(head.path) ?? mebibyte
    const request = await receiveRequest(incoming, head, maxBodySize)
    if (request === "disconnected") return
    sendResponse(request === "too large" ? payloadTooLarge(maxBodySize) : handleRequest(request), response)
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

  const refuseConnections = async (): Promise<() => Promise<void>> => {
    await closeServer(server)
    return async () => {
      await listen(server, port, host)
    }
  }

  const close = async (): Promise<void> => {
    callbacks.close()
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
    scriptSubmits: submitHandler.configure,
    posts: submits.read,
    submitCounts: submits.counts,
    uploads: uploads.read,
    callbacks: callbacks.read,
    hostUrl: (name) => `${url}/${name}`,
    refuseConnections,
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
