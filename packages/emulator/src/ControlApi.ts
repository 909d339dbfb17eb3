/** Controls the emulator over HTTP, for tests in other processes or languages. */
import type { EarlyRetryDetector } from "./EarlyRetryDetector.ts"
import type { FaultInjector } from "./faults/FaultInjector.ts"
import { parseJson } from "./json.ts"
import { TaskScriptError } from "./parseTaskScript.ts"
import type { RateMeter } from "./RateMeter.ts"
import type { RequestLog } from "./RequestLog.ts"
import type { CallbackSender } from "./submit/CallbackSender.ts"
import type { SubmitHandler } from "./submit/SubmitHandler.ts"
import type { SubmitLog } from "./submit/SubmitLog.ts"
import type { SubmitScript } from "./submit/SubmitScript.ts"
import type { UploadStore } from "./submit/UploadStore.ts"
import { services, vendors } from "./vendors/vendorNames.ts"
import type { Vendor } from "./vendors/vendorNames.ts"
import type { TaskStore } from "./TaskStore.ts"
import type { EmulatorRequest } from "./vendors/VendorFormat.ts"
import { jsonResponse } from "./WireResponse.ts"
import type { WireResponse } from "./WireResponse.ts"

/** The prefix of all paths of the control API. No vendor has such a path. */
export const controlPrefix = "/_emulator/"

/** The parts of an emulator that can be controlled. */
export interface EmulatorState {
  /** The tasks. */
  readonly store: TaskStore
  /** The logged requests. */
  readonly log: RequestLog
  /** The query rates. */
  readonly rates: RateMeter
  /** The faults. */
  readonly faults: FaultInjector
  /** The early retries. */
  readonly earlyRetries: EarlyRetryDetector
  /** The received submits. */
  readonly submits: SubmitLog
}

/** The parts of an emulator that the control API can change or read in addition. */
export interface SubmitControl {
  /** Replaces fields of a service's submit script. */
  readonly configure: SubmitHandler["configure"]
  /** The uploaded files. */
  readonly uploads: UploadStore
  /** The callbacks. */
  readonly callbacks: CallbackSender
}

/** Responds to a request whose path starts with {@link controlPrefix}. */
export type ControlApi = (request: EmulatorRequest) => WireResponse

const errorResponse = (status: number, error: string): WireResponse => jsonResponse(status, { error })

const noContent: WireResponse = { status: 204, headers: {}, body: "" }

const addTask = (store: TaskStore, body: string): WireResponse => {
  try {
    return jsonResponse(201, store.add(parseJson(body)))
  } catch (error) {
    if (error instanceof TaskScriptError) return errorResponse(400, error.message)
    if (error instanceof SyntaxError) {
      return errorResponse(400, `The body must be a task script as JSON: ${error.message}.`)
    }
    throw error
  }
}

const configureSubmits = ({ configure }: SubmitControl, name: string, body: string): WireResponse => {
  const service = services.find((each) => each === name)
  if (service === undefined) {
    return errorResponse(404, `Unknown service "${name}": expected one of ${services.join(", ")}.`)
  }
  try {
    configure(service, parseJson(body) as SubmitScript)
    return noContent
  } catch (error) {
    if (error instanceof TaskScriptError) return errorResponse(400, error.message)
    if (error instanceof SyntaxError) {
      return errorResponse(400, `The body must be a submit script as JSON: ${error.message}.`)
    }
    throw error
  }
}

const isVendor = (name: string): name is Vendor => vendors.some((vendor) => vendor === name)

const removeTask = (store: TaskStore, path: string): WireResponse => {
  const [, vendor = "", id = ""] = /^tasks\/([^/]+)\/([^/]+)$/.exec(path) ?? []
  if (!isVendor(vendor)) {
    return errorResponse(404, `Unknown vendor "${vendor}": expected one of ${vendors.join(", ")}.`)
  }
  try {
    const taskId = decodeURIComponent(id)
    return store.remove(vendor, taskId)
      ? noContent
      : errorResponse(404, `The ${vendor} task "${taskId}" does not exist.`)
  } catch {
    return errorResponse(400, "The task id in the path is not percent-encoded UTF-8.")
  }
}

/** Removes the logged requests and resets all counts. */
export const clearRecords = ({ log, rates, faults, earlyRetries, submits }: EmulatorState): void => {
  for (const record of [log, rates, faults, earlyRetries, submits]) record.clear()
}

/** Creates the control API of an emulator. */
export const makeControlApi =
  (state: EmulatorState, control: SubmitControl): ControlApi =>
  ({ method, path, body }) => {
    const route = path.slice(controlPrefix.length)
    const [, list, rest = ""] = /^(tasks|submits)\/(.+)$/.exec(route) ?? []
    switch (`${method} ${list === undefined ? route : `${list}/…`}`) {
      case "POST tasks":
        return addTask(state.store, body)
      case "GET tasks":
        return jsonResponse(200, { tasks: state.store.all() })
      case "DELETE tasks/…":
        return removeTask(state.store, route)
      case "GET requests":
        return jsonResponse(200, { requests: state.log.read() })
      case "DELETE requests":
        clearRecords(state)
        return noContent
      case "GET rates":
        return jsonResponse(200, { rates: state.rates.read() })
      case "GET faults":
        return jsonResponse(200, state.faults.stats())
      case "GET early-retries":
        return jsonResponse(200, { earlyRetries: state.earlyRetries.read() })
      case "GET submits":
        return jsonResponse(200, { submits: state.submits.read(), counts: state.submits.counts() })
      case "PUT submits/…":
        return configureSubmits(control, rest, body)
      case "GET uploads":
        return jsonResponse(200, { uploads: control.uploads.read() })
      case "GET callbacks":
        return jsonResponse(200, { callbacks: control.callbacks.read() })
      default:
        return errorResponse(404, `The control API has no ${method} ${path}: see the emulator's README.`)
    }
  }
