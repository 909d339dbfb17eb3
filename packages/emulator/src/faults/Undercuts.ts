/** Finds requests that came sooner than an earlier answer had asked for. */
import type { Vendor } from "../TaskScript.ts"
import type { WireAnswer } from "../WireAnswer.ts"

/**
 * A request that came sooner than an answer before it had asked for. One that undercuts the wait of its account and
 * that of its task is listed for each.
 *
 * A request that was on its way when the answer was given is among them, with a `waited` of a few milliseconds:
 * the emulator cannot know what its client had read.
 */
export interface Undercut {
  readonly vendor: Vendor
  /** The task that was asked about too soon; null when the request named none. */
  readonly taskId: string | null
  /** The bearer token as it was sent; empty when there was none. */
  readonly apiKey: string
  readonly purpose: "query" | "media"
  /** Who had been asked to wait: after a rate limit all queries with that key, else requests about the one task. */
  readonly scope: "account" | "task"
  /** Milliseconds that the answer had asked to wait. */
  readonly retryAfter: number
  /** Milliseconds between that answer and this request. */
  readonly waited: number
  /** Milliseconds by which the request came too soon. */
  readonly early: number
  /** When the request came, in milliseconds on the performance clock, as in the record of requests. */
  readonly at: number
}

/** A request and the answer that was made for it. */
export interface AnsweredRequest extends Pick<Undercut, "vendor" | "taskId" | "apiKey" | "purpose" | "at"> {
  readonly answer: WireAnswer
}

/** Watches requests and their answers. `at` is in milliseconds and never goes back. */
export interface UndercutMeter {
  readonly note: (request: AnsweredRequest) => void
  readonly read: () => readonly Undercut[]
  readonly clear: () => void
}

interface Wait {
  readonly scope: Undercut["scope"]
  readonly givenAt: number
  readonly retryAfter: number
}

// Clients' timers count in whole milliseconds and may fire a fraction of one too soon.
const tolerance = 1

const untilOf = ({ givenAt, retryAfter }: Wait): number => givenAt + retryAfter

/** Milliseconds that an answer asks to wait, in any form; undefined when it asks for nothing. */
const retryAfterOf = ({ headers, retryAfter }: WireAnswer, at: number): number | undefined => {
  const header = headers["retry-after"]
  if (header === undefined) return retryAfter === undefined ? undefined : retryAfter * 1000
  if (/^\d+$/.test(header)) return Number(header) * 1000
  const instant = Date.parse(header) - performance.timeOrigin
  return Number.isNaN(instant) ? undefined : instant - at
}

const keysOf = ({ vendor, taskId, apiKey, purpose }: AnsweredRequest) => ({
  account: JSON.stringify([purpose, vendor, "account", apiKey]),
  task: JSON.stringify([purpose, vendor, "task", taskId])
})

/** A meter that has seen nothing yet. */
export const makeUndercutMeter = (): UndercutMeter => {
  const waits = new Map<string, Wait>()
  let undercuts: Undercut[] = []

  const check = (key: string, request: AnsweredRequest): void => {
    const wait = waits.get(key)
    if (wait === undefined) return
    const early = untilOf(wait) - request.at
    if (early <= tolerance) {
      waits.delete(key)
      return
    }
    const { vendor, taskId, apiKey, purpose, at } = request
    const { scope, retryAfter, givenAt } = wait
    undercuts.push({ vendor, taskId, apiKey, purpose, scope, retryAfter, waited: at - givenAt, early, at })
  }

  const remember = (request: AnsweredRequest, retryAfter: number): void => {
    const { purpose, answer, taskId, at } = request
    // Only a rate limit says it in the body, whatever the HTTP status around it.
    const isLimit = answer.status === 429 || answer.retryAfter !== undefined
    const scope = purpose === "query" && (isLimit || taskId === null) ? "account" : "task"
    const key = keysOf(request)[scope]
    const wait = { scope, givenAt: at, retryAfter } as const
    const earlier = waits.get(key)
    if (earlier === undefined || untilOf(earlier) < untilOf(wait)) waits.set(key, wait)
  }

  return {
    note: (request) => {
      if (waits.size > 0) {
        const keys = keysOf(request)
        if (request.purpose === "query") check(keys.account, request)
        if (request.taskId !== null) check(keys.task, request)
      }
      const retryAfter = retryAfterOf(request.answer, request.at)
      if (retryAfter !== undefined && retryAfter > 0) remember(request, retryAfter)
    },
    read: () => [...undercuts],
    clear: () => {
      undercuts = []
    }
  }
}
