/** Control over HTTP: the same as from code, for tests that run in another process or language. */
import { parseJson } from "./Json.ts"
import type { FaultLayer } from "./faults/FaultLayer.ts"
import type { UndercutMeter } from "./faults/Undercuts.ts"
import type { RateMeter } from "./Rates.ts"
import type { RequestLog } from "./RequestLog.ts"
import { vendors } from "./TaskScript.ts"
import type { Vendor } from "./TaskScript.ts"
import { TaskScriptError } from "./TaskScriptCheck.ts"
import type { TaskStore } from "./TaskStore.ts"
import type { EmulatorRequest } from "./vendors/VendorFormat.ts"
import type { WireAnswer } from "./WireAnswer.ts"
import { jsonAnswer } from "./WireAnswer.ts"

/** Where control begins; no vendor has a path like it. */
export const controlPrefix = "/_emulator/"

/** What control acts upon. */
export interface Controlled {
  readonly store: TaskStore
  readonly log: RequestLog
  readonly rates: RateMeter
  readonly faults: FaultLayer
  readonly undercuts: UndercutMeter
}

const refuse = (status: number, error: string): WireAnswer => jsonAnswer(status, { error })

const done: WireAnswer = { status: 204, headers: {}, body: "" }

const addTask = (store: TaskStore, body: string): WireAnswer => {
  try {
    return jsonAnswer(201, store.add(parseJson(body)))
  } catch (error) {
    if (error instanceof TaskScriptError) return refuse(400, error.message)
    if (error instanceof SyntaxError) return refuse(400, `The body must be a task as JSON: ${error.message}.`)
    throw error
  }
}

const isVendor = (word: string): word is Vendor => vendors.some((vendor) => vendor === word)

const removeTask = (store: TaskStore, path: string): WireAnswer => {
  const [, vendor = "", id = ""] = /^tasks\/([^/]+)\/([^/]+)$/.exec(path) ?? []
  if (!isVendor(vendor))
    return refuse(404, `There is no vendor "${vendor}": ask for one of ${vendors.join(", ")}.`)
  try {
    const taskId = decodeURIComponent(id)
    return store.remove(vendor, taskId) ? done : refuse(404, `There is no ${vendor} task ${taskId}.`)
  } catch {
    return refuse(400, "The task id in the path is not percent-encoded UTF-8.")
  }
}

/** Forgets all that has been counted. */
export const clearCounts = ({ log, rates, faults, undercuts }: Controlled): void => {
  for (const counted of [log, rates, faults, undercuts]) counted.clear()
}

const clear = (controlled: Controlled): WireAnswer => {
  clearCounts(controlled)
  return done
}

/** Answers requests below {@link controlPrefix}. */
export const makeControl =
  (controlled: Controlled) =>
  ({ method, path, body }: EmulatorRequest): WireAnswer => {
    const place = path.slice(controlPrefix.length)
    switch (`${method} ${place.startsWith("tasks/") ? "tasks/…" : place}`) {
      case "POST tasks":
        return addTask(controlled.store, body)
      case "GET tasks":
        return jsonAnswer(200, { tasks: controlled.store.all() })
      case "DELETE tasks/…":
        return removeTask(controlled.store, place)
      case "GET requests":
        return jsonAnswer(200, { requests: controlled.log.read() })
      case "DELETE requests":
        return clear(controlled)
      case "GET rates":
        return jsonAnswer(200, { rates: controlled.rates.read() })
      case "GET disturbed":
        return jsonAnswer(200, controlled.faults.disturbed())
      case "GET undercuts":
        return jsonAnswer(200, { undercuts: controlled.undercuts.read() })
      default:
        return refuse(404, `The emulator has no ${method} ${path}: see its README for what it has.`)
    }
  }
