/** Applies a fault to the response to a query. */
import { taskPhases } from "../TaskScript.ts"
import type { TaskPhase } from "../TaskScript.ts"
import { hasEnded } from "../TaskState.ts"
import type { TaskState } from "../TaskState.ts"
import type { VendorFormat } from "../vendors/VendorFormat.ts"
import type { WireResponse } from "../WireResponse.ts"
import { listedResults } from "../TaskView.ts"
import type { TaskView } from "../TaskView.ts"
import { isDeliveryFault } from "./DeliveryFault.ts"
import { withByteOrderMark, withHugeField, withInvalidJson, withWrongShape } from "./jsonFaults.ts"
import { emptyResponse, htmlPage } from "./proxyPages.ts"
import { isStateFault } from "./QueryFault.ts"
import type { QueryFault, ResponseFault, StateFault } from "./QueryFault.ts"
import { reorder } from "./reorder.ts"
import { retryAfterInBody, withRetryAfter } from "./retryAfter.ts"
import { withDeliveryFault } from "./withDeliveryFault.ts"

/** A query about an existing task, and the possible responses. */
export interface QueryContext {
  /** The task of the query, as a correct response shows it. */
  readonly task: TaskView
  /** The wire format of its vendor. */
  readonly format: VendorFormat
  /** Milliseconds since 1970. */
  readonly now: number
  /** The correct response, or the one of a changed view at a changed time, with the link fault of the script. */
  readonly respond: (view?: TaskView, at?: number) => WireResponse
  /** The response that another task would get. */
  readonly respondAs: (task: TaskView, now: number) => WireResponse
}

/** The state that earlier responses have reported. */
export type ReportedState = Pick<TaskState, "phase" | "progress">

const rankOf = (phase: TaskPhase): number => ["queued", "running"].indexOf(phase) + (hasEnded(phase) ? 3 : 0)

const defaultRegressedProgress = 0.01

/** Whether the phase of a status regression is earlier than this one. */
export const isRegression = (
  fault: Extract<StateFault, { fault: "status-regression" }>,
  phase: TaskPhase
): boolean => rankOf(phase) > rankOf(fault.to ?? "queued")

/** Whether a fault can apply to a task in this state, given the state that was reported last. */
export const canApplyToQuery = (
  fault: QueryFault,
  state: TaskState,
  reported: ReportedState | undefined
): boolean => {
  switch (fault.fault) {
    case "no-output":
    case "reordered":
      return state.phase === "succeeded"
    case "status-regression":
      return reported !== undefined && isRegression(fault, reported.phase)
    case "progress-regression":
      return reported !== undefined && reported.progress > (fault.progress ?? defaultRegressedProgress)
    default:
      return true
  }
}

const second = 1000

/** The task as if it were running with this progress at `now`. */
const asRunning = (task: TaskView, now: number, progress: number): TaskView => ({
  ...task,
  end: "never",
  queuedFor: now - task.addedAt - Math.round(progress * second),
  runningFor: second
})

const asQueued = (task: TaskView): TaskView => ({ ...task, queuedFor: Number.POSITIVE_INFINITY })

const withStatus = (task: TaskView, status: string): TaskView => ({
  ...task,
  statuses: Object.fromEntries(taskPhases.map((phase) => [phase, status]))
})

/** The response of a server whose clock is ahead by `by` milliseconds. */
const withClockSkew = ({ task, now, respond }: QueryContext, by: number): WireResponse => {
  const view = { ...task, addedAt: task.addedAt + by, clockSkew: by }
  const response = respond(view, now + by)
  return { ...response, headers: { ...response.headers, date: new Date(now + by).toUTCString() } }
}

const applyStateFault = (fault: StateFault, context: QueryContext, { progress }: TaskState): WireResponse => {
  const { task, now, format, respond } = context
  const respondAs = (other: TaskView): WireResponse => context.respondAs(other, now)
  const running = (): TaskView => asRunning(task, now, Math.min(progress, 0.99))
  switch (fault.fault) {
    case "lag":
      return format.unknownTask(task.id)
    case "unknown-status":
      return respondAs(withStatus(running(), fault.status ?? "warming_up"))
    case "status-regression":
      return respondAs(fault.to === "running" ? running() : asQueued(task))
    case "no-output":
      return respondAs({ ...task, media: [], listed: [] })
    case "reordered":
      return respond({ ...task, listed: reorder(listedResults(task), fault) })
    case "clock-skew":
      return withClockSkew(context, fault.by)
    default:
      return respondAs(asRunning(task, now, fault.progress ?? defaultRegressedProgress))
  }
}

const statusResponse = (
  fault: Extract<ResponseFault, { fault: "status" }>,
  { format }: QueryContext
): WireResponse => {
  const { status, body = "json", retryAfter } = fault
  const bodies = {
    html: () => htmlPage(status),
    empty: () => emptyResponse(status),
    json: () => format.httpError(status, retryAfterInBody(retryAfter))
  }
  return withRetryAfter(bodies[body](), retryAfter)
}

const applyResponseFault = (fault: ResponseFault, context: QueryContext): WireResponse => {
  const { format, respond } = context
  switch (fault.fault) {
    case "status":
      return statusResponse(fault, context)
    case "business":
      return format.businessError(fault.code, fault.retryAfter)
    case "invalid-json":
      return withInvalidJson(respond())
    case "wrong-shape":
      return withWrongShape(respond(), fault.as)
    case "bom":
      return withByteOrderMark(respond())
    case "empty":
      return fault.status === 204
        ? emptyResponse(204)
        : { ...respond(), status: fault.status ?? 200, body: "" }
    case "html":
      return htmlPage(200)
    default:
      return withHugeField(respond(), fault.megabytes, fault.framing ?? "chunked")
  }
}

/** The response to a query with a fault. */
export const queryFaultResponse = (
  fault: QueryFault,
  context: QueryContext,
  state: TaskState
): WireResponse => {
  if (!isDeliveryFault(fault)) {
    return isStateFault(fault) ? applyStateFault(fault, context, state) : applyResponseFault(fault, context)
  }
  return withDeliveryFault(context.respond(), fault)
}
