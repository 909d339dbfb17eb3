/** Processes the submits that a vendor accepts: limits, idempotency keys, faults and the new task. */
import { hash } from "node:crypto"
import type { EmulatedTask } from "../EmulatedTask.ts"
import type { Chaos } from "../faults/Chaos.ts"
import { vendorOf } from "../vendors/vendorNames.ts"
import type { TaskStore } from "../TaskStore.ts"
import type { EmulatorRequest } from "../vendors/VendorFormat.ts"
import type { WireResponse } from "../WireResponse.ts"
import type { CallbackSender } from "./CallbackSender.ts"
import type { ServiceState } from "./ServiceState.ts"
import { responseAfterTask, responseWithoutTask } from "./submitFaultResponse.ts"
import { isAfterTask } from "./SubmitFault.ts"
import type { SubmitFault, SubmitFaultName } from "./SubmitFault.ts"
import type {
  EndpointContext,
  ParsedSubmit,
  ServiceEndpoints,
  ServiceErrors,
  SubmitEndpoint
} from "./VendorEndpoint.ts"

/** The parts of an emulator that make tasks. */
export interface SubmitProcessorParts {
  /** The tasks. */
  readonly store: TaskStore
  /** The callbacks. */
  readonly callbacks: CallbackSender
  /** The chaos profile. */
  readonly chaos: Chaos | undefined
}

/** What a submit led to. */
export interface SubmitResult {
  /** The response. */
  readonly response: WireResponse
  /** The new or existing task. */
  readonly task?: EmulatedTask
  /** Whether the task is new. */
  readonly created?: boolean
  /** The id of the request at a relay. */
  readonly requestId?: string | undefined
  /** The fault that was applied. */
  readonly fault?: SubmitFaultName
}

/** An authenticated submit. */
export interface Submission {
  /** The service. */
  readonly service: ServiceEndpoints
  /** Its state. */
  readonly state: ServiceState
  /** The request. */
  readonly request: EmulatorRequest
  /** What the endpoint can read. */
  readonly context: EndpointContext
  /** The idempotency key, or null. */
  readonly key: string | null
}

/** The header with the request id of a new-api relay. */
export const requestIdHeader = "x-oneapi-request-id"

const finishAll = (
  errors: ServiceErrors,
  finish: (response: WireResponse) => WireResponse
): ServiceErrors => ({
  unauthorized: () => finish(errors.unauthorized()),
  rateLimited: (rejection) => finish(errors.rateLimited(rejection)),
  tooManyActive: () => finish(errors.tooManyActive()),
  noCredit: () => finish(errors.noCredit()),
  error: (...all) => finish(errors.error(...all))
})

/** Creates the function that processes a submit. */
export const makeSubmitProcessor = ({
  store,
  callbacks,
  chaos
}: SubmitProcessorParts): ((submission: Submission, endpoint: SubmitEndpoint) => SubmitResult) => {
  /** Why a valid submit makes no task, if it does not. */
  const refuse = (
    { state, context }: Submission,
    errors: ServiceErrors,
    isRepeated: boolean
  ): WireResponse | undefined => {
    const { apiKey } = context.caller
    const limited = state.checkLimits(apiKey, performance.now())
    if (limited !== undefined) return errors.rateLimited(limited)
    if (isRepeated) return undefined
    if (state.isFull(apiKey, store.all(), context.now)) return errors.tooManyActive()
    const { granted, used } = state.balance(apiKey)
    return used + state.price() > granted ? errors.noCredit() : undefined
  }

  const takeFault = ({ service, state, request }: Submission): SubmitFault | undefined => {
    const digest = hash("sha256", request.body)
    const attempt = state.countBody(digest)
    return (
      state.takeFault(({ fault }) => fault !== "reset-unread") ??
      chaos?.submit(service.service, digest, attempt)
    )
  }

  const makeTask = (submission: Submission, parsed: ParsedSubmit): EmulatedTask => {
    const { service: endpoint, state, request, context, key } = submission
    const { service } = endpoint
    const { apiKey } = context.caller
    const script = state.script()
    const task = store.add(
      {
        ...script.task,
        ...parsed.task,
        // Scripted results replace those that the request wants.
        ...(script.task?.media && { media: script.task.media }),
        ...(parsed.task.data && { data: { ...script.task?.data, ...parsed.task.data } }),
        vendor: vendorOf(service)
      },
      {
        service,
        apiKey,
        idempotencyKey: key,
        headers: request.headers,
        body: parsed.body,
        cost: state.price()
      }
    )
    if (parsed.deadline !== undefined) {
      const { afterMs, queued, running } = parsed.deadline
      store.end(task, task.queuedFor < afterMs ? running : queued, task.addedAt + afterMs)
    }
    state.charge(apiKey)
    if (key !== null) state.keys.set(`${apiKey} ${key}`, { task, body: request.body })
    if (parsed.callback !== undefined) {
      callbacks.schedule({ service, task, requested: parsed.callback, script: script.callback ?? {} })
    }
    return task
  }

  return (submission, endpoint) => {
    const { service, state, request, context, key } = submission
    const { finish = (response) => response } = service
    const errors = finishAll(service.errors, finish)
    const parsed = endpoint.parse(request, context)
    if ("rejection" in parsed) return { response: finish(parsed.rejection) }
    const known = key === null ? undefined : state.keys.get(`${context.caller.apiKey} ${key}`)
    const mismatch =
      known === undefined || known.body === request.body
        ? undefined
        : (context.script.keyMismatch ?? "existing")
    if (mismatch === "rejected") return { response: errors.error(422) }
    const existing = mismatch === "new" ? undefined : known?.task
    const refusal = refuse(submission, errors, existing !== undefined)
    if (refusal !== undefined) return { response: refusal }
    const fault = takeFault(submission)
    if (fault !== undefined && fault.fault !== "none" && !isAfterTask(fault))
      return { response: responseWithoutTask(fault, errors), fault: fault.fault }
    const task = existing ?? makeTask(submission, parsed)
    const accepted = finish(parsed.accepted(task))
    const result = { task, created: existing === undefined, requestId: accepted.headers[requestIdHeader] }
    if (fault === undefined || fault.fault === "none") return { ...result, response: accepted }
    return {
      ...result,
      response: responseAfterTask(fault, accepted, errors, service.idFields),
      fault: fault.fault
    }
  }
}
