/** Decides which requests get a fault, and applies it to the response. */
import type { EmulatedTask } from "../EmulatedTask.ts"
import { stateAt } from "../TaskState.ts"
import type { TaskState } from "../TaskState.ts"
import { withMoreResults } from "../TaskView.ts"
import type { TaskView } from "../TaskView.ts"
import { hasResultList } from "../vendors/traitsOf.ts"
import type { WireResponse } from "../WireResponse.ts"
import type { AssignedLinkFault } from "./AssignedLinkFault.ts"
import type { Chaos } from "./Chaos.ts"
import { makeFaultCounter } from "./FaultStats.ts"
import type { FaultStats } from "./FaultStats.ts"
import type { LinkFaultName } from "./LinkFault.ts"
import type { LinkFaultResponder, LinkRequest } from "./LinkFaultResponder.ts"
import type { MediaFaultName } from "./MediaFault.ts"
import { canApplyToFile, isRangeRequest, mediaFaultResponse } from "./mediaFaultResponse.ts"
import type { FileRequest } from "./mediaFaultResponse.ts"
import type { QueryFault, QueryFaultName } from "./QueryFault.ts"
import { canApplyToQuery, isRegression, queryFaultResponse } from "./queryFaultResponse.ts"
import type { QueryContext } from "./queryFaultResponse.ts"
import { makeTaskFaults } from "./TaskFaults.ts"

/** A query about an existing task. */
export interface ReceivedQuery extends Omit<QueryContext, "respond" | "task"> {
  /** The task of the query. */
  readonly task: EmulatedTask
  /** How many queries about the task came before. */
  readonly index: number
  /**
   * The response to the query if the task looked like `view` at the time `at`. It calls `assignLinkFault` if it contains
   * links, which then have that fault.
   */
  readonly respond: (
    assignLinkFault: () => AssignedLinkFault | undefined,
    view: TaskView,
    at: number
  ) => WireResponse
}

/** A request for a result of an existing task with a valid link. */
export interface ResultRequest extends LinkRequest, FileRequest {
  /** The task of the result. */
  readonly task: EmulatedTask
}

/** A response, and the fault that was applied to it, if any. */
export interface InjectedResponse<Name extends string> {
  /** The response to send. */
  readonly response: WireResponse
  /** The name of the fault. */
  readonly fault: Name | undefined
}

/** Applies the faults of scripts and of the chaos profile. */
export interface FaultInjector {
  /** The response to a query. */
  readonly query: (query: ReceivedQuery) => InjectedResponse<QueryFaultName>
  /** The response to a request for a result. */
  readonly media: (request: ResultRequest) => InjectedResponse<MediaFaultName | LinkFaultName>
  /** How many requests got a fault. */
  readonly stats: () => FaultStats
  /** Resets the stats. Used faults of scripts stay used. */
  readonly clear: () => void
}

const increment = (counts: Map<string, number>, key: string): number => {
  const previous = counts.get(key) ?? 0
  counts.set(key, previous + 1)
  return previous
}

/** Creates an injector. Faults of scripts take precedence over those of the chaos profile. */
export const makeFaultInjector = (
  linkFaults: LinkFaultResponder,
  chaos: Chaos | undefined
): FaultInjector => {
  const faultsOf = makeTaskFaults()
  const queries = makeFaultCounter<QueryFaultName>()
  const media = makeFaultCounter<MediaFaultName | LinkFaultName>()

  const assignLinkFault = (task: EmulatedTask, { phase }: TaskState): AssignedLinkFault | undefined => {
    if (task.links.length === 0 || phase !== "succeeded") return undefined
    const faults = faultsOf(task)
    const fault = faults.links.take()
    const issue = faults.issues
    faults.issues += 1
    return fault && { fault, index: task.links.indexOf(fault), issue }
  }

  const chaosFaultOf = ({ task, index }: ReceivedQuery, { phase }: TaskState): QueryFault | undefined => {
    const fault = chaos?.query(task.vendor, task.id, index)
    // If a fault cannot apply, another one does, so that the chosen request is still faulted.
    if (fault?.fault === "status-regression" && !isRegression(fault, phase)) {
      return { fault: "unknown-status" }
    }
    const hasList = phase === "succeeded" && hasResultList(task) && task.media.length > 1
    return fault?.fault === "reordered" && !hasList ? { fault: "chunked" } : fault
  }

  const respondToQuery = (query: ReceivedQuery): InjectedResponse<QueryFaultName> => {
    const { task, now } = query
    const faults = faultsOf(task)
    const state = stateAt(task, now)
    const fault =
      faults.queries.take((each) => canApplyToQuery(each, state, faults.reported)) ??
      chaosFaultOf(query, state)
    if (fault?.fault === "reordered" && fault.more !== undefined && fault.more.length > 0) {
      faults.more = fault.more
    }
    const shown = withMoreResults(task, faults.more)
    const respond = (view = shown, at = now): WireResponse =>
      query.respond(() => assignLinkFault(task, state), view, at)
    if (fault === undefined || fault.fault === "none") {
      faults.reported = state
      return { response: respond(), fault: undefined }
    }
    return {
      response: queryFaultResponse(fault, { ...query, task: shown, respond }, state),
      fault: fault.fault
    }
  }

  const respondToLink = (request: ResultRequest): InjectedResponse<LinkFaultName> | undefined => {
    const { marker, file } = request.target
    const fault = marker && request.task.links[marker.index]
    if (fault === undefined) return undefined
    const refused = increment(faultsOf(request.task).requests, `${marker?.issue} ${file}`)
    const response = linkFaults.respond(fault, request, refused)
    return response && { response, fault: fault.link }
  }

  const respondToFile = (request: ResultRequest): InjectedResponse<MediaFaultName> => {
    const { task, headers, target } = request
    const { requests, media: cursor } = faultsOf(task)
    const index = increment(requests, target.file)
    const fault =
      cursor.take((each) => canApplyToFile(each, request)) ??
      chaos?.media(task.vendor, task.id, target.file, index, isRangeRequest(request))
    return fault === undefined || fault.fault === "none"
      ? { response: request.serve(headers), fault: undefined }
      : { response: mediaFaultResponse(fault, request), fault: fault.fault }
  }

  const hasNoFaults = (task: EmulatedTask): boolean =>
    chaos === undefined && task.faults.length + task.mediaFaults.length + task.links.length === 0

  return {
    query: (query) => {
      const injected = hasNoFaults(query.task)
        ? { response: query.respond(() => undefined, query.task, query.now), fault: undefined }
        : respondToQuery(query)
      queries.count(injected.fault)
      return injected
    },
    media: (request) => {
      const injected = hasNoFaults(request.task)
        ? { response: request.serve(request.headers), fault: undefined }
        : (respondToLink(request) ?? respondToFile(request))
      media.count(injected.fault)
      return injected
    },
    stats: () => {
      const [ofQueries, ofMedia] = [queries.read(), media.read()]
      return {
        requests: ofQueries.requests + ofMedia.requests,
        faulted: ofQueries.faulted + ofMedia.faulted,
        queries: ofQueries,
        media: ofMedia
      }
    },
    clear: () => {
      queries.clear()
      media.clear()
    }
  }
}
