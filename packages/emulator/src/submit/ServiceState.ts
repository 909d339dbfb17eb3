/** What the emulator remembers about the submits of one service. */
import type { EmulatedTask } from "../EmulatedTask.ts"
import { makeFaultCursor } from "../faults/FaultCursor.ts"
import type { FaultCursor } from "../faults/FaultCursor.ts"
import { parseTaskScript, parseScript } from "../parseTaskScript.ts"
import { makeRateLimiter } from "../RateLimiter.ts"
import type { RateLimitRejection } from "../RateLimiter.ts"
import { hasEnded, stateAt } from "../TaskState.ts"
import type { SubmitFault } from "./SubmitFault.ts"
import { traitsOf } from "../vendors/traitsOf.ts"
import { services, vendorOf } from "../vendors/vendorNames.ts"
import { submitScriptSchema } from "./SubmitScript.ts"
import type { Service } from "../vendors/vendorNames.ts"
import type { SubmitScript } from "./SubmitScript.ts"

/** A submit with an idempotency key. */
export interface KnownKey {
  /** The task that it made. */
  readonly task: EmulatedTask
  /** Its exact body. */
  readonly body: string
}

/** The state of one service. */
export interface ServiceState {
  /** The current script. */
  readonly script: () => SubmitScript
  /** Replaces the fields of the script that are given. @throws {TaskScriptError} If one is invalid. */
  readonly configure: (script: SubmitScript) => void
  /** Takes the next fault of the script. */
  readonly takeFault: FaultCursor<SubmitFault>["take"]
  /** Counts a submit, or returns why it is above a rate limit. */
  readonly checkLimits: (apiKey: string, at: number) => RateLimitRejection | undefined
  /** What each task costs. */
  readonly price: () => number
  /** The credit of an account, and what it has spent. */
  readonly balance: (apiKey: string) => { readonly granted: number; readonly used: number }
  /** Charges an account for a task. */
  readonly charge: (apiKey: string) => void
  /** Whether an account can have no further active task. */
  readonly isFull: (apiKey: string, tasks: readonly EmulatedTask[], now: number) => boolean
  /** The submits by account and idempotency key. */
  readonly keys: Map<string, KnownKey>
  /** Counts a body, and returns how often it was received before. */
  readonly countBody: (digest: string) => number
}

/** The credit of each API key at the start, unless the vendor or the script has another one. */
const defaultCredit = 1_000_000

/** kie.ai shares everything with AI GPT Image but its price. */
const defaultPrice = (service: Service): number => (service === "kie" ? 4 : (traitsOf(service).price ?? 0))

const makeServiceState = (service: Service, initial: SubmitScript = {}): ServiceState => {
  let script: SubmitScript = {}
  let cursor = makeFaultCursor<SubmitFault>([], () => 1)
  let limiter = makeRateLimiter({})
  const used = new Map<string, number>()
  const bodies = new Map<string, number>()
  const vendor = vendorOf(service)

  const configure = (change: SubmitScript): void => {
    const parsed = parseScript(submitScriptSchema, change, "submit script")
    parseTaskScript({ vendor, ...parsed.task })
    script = { ...script, ...parsed }
    if (parsed.faults !== undefined) cursor = makeFaultCursor(parsed.faults, ({ times }) => times ?? 1)
    if (parsed.limits !== undefined) limiter = makeRateLimiter({ [vendor]: parsed.limits })
  }
  configure(initial)

  const price = (): number => script.price ?? defaultPrice(service)
  return {
    script: () => script,
    configure,
    takeFault: (canApply) => cursor.take(canApply),
    checkLimits: (apiKey, at) => limiter.check(vendor, apiKey, at),
    price,
    balance: (apiKey) => ({
      granted: script.credit ?? traitsOf(vendor).credit ?? defaultCredit,
      used: used.get(apiKey) ?? 0
    }),
    charge: (apiKey) => {
      used.set(apiKey, (used.get(apiKey) ?? 0) + price())
    },
    isFull: (apiKey, tasks, now) => {
      const { maxActiveTasks } = script
      if (maxActiveTasks === undefined) return false
      const active = tasks.filter(
        ({ submit }) => submit !== null && submit.service === service && submit.apiKey === apiKey
      )
      return active.filter((task) => !hasEnded(stateAt(task, now).phase)).length >= maxActiveTasks
    },
    keys: new Map(),
    countBody: (digest) => {
      const count = bodies.get(digest) ?? 0
      bodies.set(digest, count + 1)
      return count
    }
  }
}

/** Creates the states of all services. @throws {TaskScriptError} If a script is invalid. */
export const makeServiceStates = (
  scripts: Readonly<Partial<Record<Service, SubmitScript>>>
): Readonly<Record<Service, ServiceState>> =>
  Object.fromEntries(
    services.map((service) => [service, makeServiceState(service, scripts[service])])
  ) as Record<Service, ServiceState>
