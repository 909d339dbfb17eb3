/** From a whole request to an answer as plain data. No socket is touched here. */
import { controlPrefix } from "./Control.ts"
import type { makeControl } from "./Control.ts"
import type { FaultLayer } from "./faults/FaultLayer.ts"
import type { UndercutMeter } from "./faults/Undercuts.ts"
import type { makeMediaHandler } from "./MediaHandler.ts"
import type { LinkPlan } from "./faults/LinkFaults.ts"
import type { RateLimiter } from "./RateLimit.ts"
import type { RateMeter } from "./Rates.ts"
import type { LogEntry, RequestLog } from "./RequestLog.ts"
import type { LinkingTask } from "./Results.ts"
import type { EmulatedTask, Vendor } from "./TaskScript.ts"
import type { TaskStore } from "./TaskStore.ts"
import type { Caller, EmulatorRequest, VendorFormat } from "./vendors/VendorFormat.ts"
import type { WireAnswer } from "./WireAnswer.ts"
import { answerForPoll, jsonAnswer, scriptedAnswer } from "./WireAnswer.ts"

/** An answer, and the task that it is about. */
export interface Exchange {
  readonly answer: WireAnswer
  /** Undefined unless a vendor was asked about a task that is known. */
  readonly task?: EmulatedTask
}

/** What answers are made of. */
export interface ExchangeParts {
  readonly apiKeys: ReadonlySet<string>
  readonly formats: readonly VendorFormat[]
  readonly store: TaskStore
  readonly limiter: RateLimiter
  readonly rates: RateMeter
  readonly log: RequestLog
  readonly media: ReturnType<typeof makeMediaHandler>
  readonly control: ReturnType<typeof makeControl>
  readonly faults: FaultLayer
  readonly undercuts: UndercutMeter
}

interface Told extends Exchange {
  readonly purpose: LogEntry["purpose"]
  readonly vendor: Vendor | null
  readonly taskId: string | null
  readonly apiKey?: string
  readonly fault?: LogEntry["fault"] | undefined
}

const bearer = (authorization: string | undefined): string =>
  /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1] ?? ""

const noSuchPath = ({ method, path }: EmulatorRequest): Told => ({
  purpose: "unknown",
  vendor: null,
  taskId: null,
  answer: jsonAnswer(404, { error: `No vendor answers ${method} ${path}.` })
})

/** The way from a request to its answer. */
export const makeExchange = (parts: ExchangeParts): ((request: EmulatorRequest) => Exchange) => {
  const { apiKeys, formats, store, limiter, rates, log, faults, undercuts } = parts

  const askTask = (format: VendorFormat, request: EmulatorRequest): Omit<Told, "purpose" | "vendor"> => {
    const reading = format.read(request)
    if ("problem" in reading) return { answer: format.malformed(reading.problem), taskId: null }
    const { question } = reading
    const { taskId } = question
    const task = store.get(format.vendor, taskId)
    if (task === undefined || format.concerns?.(task, question) === false) {
      return { answer: format.unknownTask(taskId), taskId }
    }
    const nth = store.countPoll(task)
    const now = Date.now()
    const scripted = answerForPoll(task.answers, nth)
    const told = (seen: EmulatedTask): WireAnswer => format.answer(seen, now, question)
    const plain = (planLinks: () => LinkPlan | undefined): WireAnswer => {
      if (scripted !== undefined) return scriptedAnswer(scripted)
      const linkPlan = planLinks()
      const seen: LinkingTask = linkPlan === undefined ? task : { ...task, linkPlan }
      return told(seen)
    }
    return { ...faults.query({ task, format, now, nth, plain, told }), taskId, task }
  }

  const identify = (format: VendorFormat, request: EmulatorRequest): Caller => {
    const signer = format.signer?.(request, Date.now())
    if (signer !== undefined) return signer
    const apiKey = bearer(request.headers.authorization)
    return apiKeys.has(apiKey) ? { apiKey } : { apiKey, refusal: format.unauthorized() }
  }

  const askVendor = (format: VendorFormat, request: EmulatorRequest, at: number): Told => {
    const { apiKey, refusal: stranger } = identify(format, request)
    const asked = { purpose: "query", vendor: format.vendor, taskId: null, apiKey } as const
    rates.count(format.vendor, apiKey, at)
    if (stranger !== undefined) return { ...asked, answer: stranger }
    const refusal = limiter.admit(format.vendor, apiKey, at)
    if (refusal !== undefined) return { ...asked, answer: format.rateLimited(refusal) }
    return { ...asked, ...askTask(format, request) }
  }

  const askMedia = (request: EmulatorRequest): Told => {
    const { headers } = request
    const pathAndQuery = `${request.path}?${request.search}`
    const found = parts.media(pathAndQuery, Date.now())
    if (found.state === "refused") {
      const { vendor = null, taskId = null } = found.owner ?? {}
      return { purpose: "media", vendor, taskId, answer: found.answer }
    }
    const { vendor, target, serve } = found
    const { taskId } = target
    const task = store.get(vendor, taskId)
    const struck =
      task === undefined
        ? { answer: serve(headers) }
        : faults.media({ ...found, task, headers, pathAndQuery })
    return { purpose: "media", vendor, taskId, apiKey: bearer(headers.authorization), ...struck }
  }

  const tell = (request: EmulatorRequest, at: number): Told => {
    const { method, path } = request
    if (path.startsWith("/media/") && (method === "GET" || method === "HEAD")) return askMedia(request)
    const format = formats.find((each) => each.matches(method, path))
    return format === undefined ? noSuchPath(request) : askVendor(format, request, at)
  }

  return (request) => {
    if (request.path.startsWith(controlPrefix)) return { answer: parts.control(request) }
    const at = performance.now()
    const { purpose, vendor, taskId, apiKey = "", fault = null, ...exchange } = tell(request, at)
    const { method, path, search, headers, body } = request
    if (vendor !== null && purpose !== "unknown") {
      undercuts.note({ purpose, vendor, taskId, apiKey, at, answer: exchange.answer })
    }
    log.add({
      method,
      path,
      search,
      headers,
      body,
      purpose,
      vendor,
      taskId,
      at,
      status: exchange.answer.status,
      fault
    })
    return exchange
  }
}
