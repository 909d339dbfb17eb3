/** Sends callbacks to addresses on this machine. */
import { setTimeout as sleep } from "node:timers/promises"
import type { EmulatedTask } from "../EmulatedTask.ts"
import { stateAt } from "../TaskState.ts"
import type { Service } from "../vendors/vendorNames.ts"
import type { CallbackScript } from "./SubmitScript.ts"
import type { CallbackEvent, RequestedCallback } from "./VendorEndpoint.ts"

/** A callback that was sent, or that could not be sent. */
export interface SentCallback {
  /** The vendor. */
  readonly service: Service
  /** The task. */
  readonly taskId: string
  /** The address. */
  readonly url: string
  /** The number of this attempt for the same callback, from 1. 0 is a challenge. */
  readonly attempt: number
  /** The HTTP status of the response, or null without a response. */
  readonly status: number | null
  /** Why there is no response, or null. */
  readonly error: string | null
  /** When it was sent, in milliseconds since 1970. */
  readonly at: number
}

/** A callback of one task. */
export interface ScheduledCallback {
  /** The vendor. */
  readonly service: Service
  /** The task. */
  readonly task: EmulatedTask
  /** What the request requires. */
  readonly requested: RequestedCallback
  /** How it is sent. */
  readonly script: CallbackScript
}

/** Sends callbacks. */
export interface CallbackSender {
  /** Sends the callbacks of a task when their events happen. */
  readonly schedule: (callback: ScheduledCallback) => void
  /** Sends the outstanding callbacks of a task whose end has changed to the present. */
  readonly taskEnded: (task: EmulatedTask) => void
  /** The callbacks that were sent, oldest first. */
  readonly read: () => readonly SentCallback[]
  /** Cancels all callbacks. */
  readonly close: () => void
}

/** One request. */
interface Message {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  readonly attempt: number
}

/** Documented by kie.ai: 15 seconds for the response. */
const responseTimeout = 15_000
const defaultRetryDelay = 200

/** The longest delay of a timer. */
const maxDelay = 2 ** 31 - 1

const isLoopback = (url: string): boolean => {
  const { hostname = "", protocol = "" } = URL.parse(url) ?? {}
  return (
    protocol === "http:" &&
    (hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname))
  )
}

const timeOf = (task: EmulatedTask, event: CallbackEvent): number => {
  const { startedAt, endedAt } = stateAt(task, Date.now())
  if (event === "created") return task.addedAt
  if (event === "started") return startedAt
  return task.end === "never" ? Number.POSITIVE_INFINITY : endedAt
}

/** Creates a sender. */
export const makeCallbackSender = (): CallbackSender => {
  const closing = new AbortController()
  const waiting = new Map<EmulatedTask, Set<AbortController>>()
  const sent: SentCallback[] = []

  /** Sends a request. Returns the text of a 2xx response, else undefined. */
  const send = async (
    { service, task, requested: { url } }: ScheduledCallback,
    { body, headers, attempt }: Message
  ): Promise<string | undefined> => {
    const at = Date.now()
    const record = (status: number | null, error: string | null): void => {
      sent.push({ service, taskId: task.id, url, attempt, status, error, at })
    }
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body,
        redirect: "manual",
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(responseTimeout)])
      })
      const text = await response.text()
      record(response.status, null)
      return response.ok ? text : undefined
    } catch (error) {
      record(null, String(error))
      return undefined
    }
  }

  const pause = (delay: number, signal = closing.signal): Promise<void> =>
    sleep(Math.min(delay, maxDelay), undefined, { signal, ref: false })

  /** Resolves when an event has happened, or when the task ends early. */
  const waitFor = async (task: EmulatedTask, event: CallbackEvent): Promise<void> => {
    const early = new AbortController()
    const controllers = waiting.get(task) ?? new Set()
    waiting.set(task, controllers.add(early))
    try {
      await pause(
        Math.max(0, timeOf(task, event) - Date.now()),
        AbortSignal.any([closing.signal, early.signal])
      )
    } catch {
      closing.signal.throwIfAborted()
    } finally {
      controllers.delete(early)
      if (controllers.size === 0) waiting.delete(task)
    }
  }

  const deliver = async (callback: ScheduledCallback, kind: CallbackEvent, event: number): Promise<void> => {
    const { task, requested, script } = callback
    const { attempts = 1, sign } = requested
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      // A timer can fire a fraction of a millisecond before the event.
      const now = Math.max(Date.now(), Math.ceil(timeOf(task, kind)))
      const body = JSON.stringify(requested.body(task, now))
      const { key, forged = false } = script
      const headers = sign?.({ task, body, event, now, key, forged }) ?? {}
      if ((await send(callback, { body, headers, attempt })) !== undefined || attempt === attempts) return
      await pause(script.retryDelay ?? defaultRetryDelay)
    }
  }

  const passesChallenge = async (callback: ScheduledCallback): Promise<boolean> => {
    const { challenge } = callback.requested
    if (challenge === undefined) return true
    const message = { body: JSON.stringify(challenge.body), headers: {}, attempt: 0 }
    const response = await send(callback, message)
    return response !== undefined && challenge.accepts(response)
  }

  const run = async (callback: ScheduledCallback): Promise<void> => {
    const { service, task, requested, script } = callback
    const { url, events = ["ended"] } = requested
    if (isLoopback(url) && !(await passesChallenge(callback))) return
    for (const [event, kind] of events.entries()) {
      await waitFor(task, kind)
      // A task that ended before it started has no such event.
      const { startedAt, endedAt } = stateAt(task, Date.now())
      if (kind === "started" && task.end !== "never" && startedAt === endedAt && events.includes("ended"))
        continue
      await pause(script.delay ?? 0)
      if (!isLoopback(url)) {
        const error = "The emulator sends callbacks to http addresses on this machine only."
        sent.push({ service, taskId: task.id, url, attempt: 1, status: null, error, at: Date.now() })
        continue
      }
      for (let time = 0; time < (script.times ?? 1); time += 1) await deliver(callback, kind, event)
    }
  }

  return {
    schedule: (callback) => {
      // It rejects only when the emulator closes.
      run(callback).catch(() => undefined)
    },
    taskEnded: (task) => {
      for (const controller of waiting.get(task) ?? []) controller.abort()
    },
    read: () => [...sent],
    close: () => closing.abort()
  }
}
