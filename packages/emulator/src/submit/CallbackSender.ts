/** Sends callbacks to addresses on this machine. */
import { createHmac, randomBytes } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import type { EmulatedTask } from "../EmulatedTask.ts"
import { stateAt } from "../TaskState.ts"
import type { Service } from "../TaskScript.ts"
import type { CallbackScript } from "./SubmitScript.ts"
import type { RequestedCallback } from "./VendorEndpoint.ts"

/** A callback that was sent, or that could not be sent. */
export interface SentCallback {
  /** The vendor. */
  readonly service: Service
  /** The task. */
  readonly taskId: string
  /** The address. */
  readonly url: string
  /** The number of this attempt for the same callback, from 1. */
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
  /** Sends a callback when its task has ended. */
  readonly schedule: (callback: ScheduledCallback) => void
  /** The callbacks that were sent, oldest first. */
  readonly read: () => readonly SentCallback[]
  /** Cancels all callbacks. */
  readonly close: () => void
}

/** Documented by kie.ai: 15 seconds for the response, and up to 3 attempts. */
const responseTimeout = 15_000
const maxAttempts = 3
const defaultRetryDelay = 200

const isLoopback = (url: string): boolean => {
  const { hostname = "", protocol = "" } = URL.parse(url) ?? {}
  return (
    protocol === "http:" &&
    (hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname))
  )
}

/** kie.ai's headers. Documented: the signature covers the task id and the time, not the body. */
const signatureHeaders = (
  taskId: string,
  { key, forged = false }: CallbackScript
): Record<string, string> => {
  if (key === undefined && !forged) return {}
  const timestamp = String(Math.floor(Date.now() / 1000))
  const secret = forged || key === undefined ? randomBytes(16) : key
  const signature = createHmac("sha256", secret).update(`${taskId}.${timestamp}`).digest("base64")
  return { "x-webhook-timestamp": timestamp, "x-webhook-signature": signature }
}

/** Creates a sender. */
export const makeCallbackSender = (): CallbackSender => {
  const closing = new AbortController()
  const sent: SentCallback[] = []

  const post = async (callback: ScheduledCallback, attempt: number): Promise<boolean> => {
    const { service, task, requested, script } = callback
    const { url } = requested
    const at = Date.now()
    const record = (status: number | null, error: string | null): void => {
      sent.push({ service, taskId: task.id, url, attempt, status, error, at })
    }
    if (!isLoopback(url)) {
      record(null, "The emulator sends callbacks to http addresses on this machine only.")
      return true
    }
    // A timer can fire a fraction of a millisecond before the task ends.
    const now = Math.max(at, Math.ceil(stateAt(task, at).endedAt))
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(requested.isSigned && signatureHeaders(task.id, script))
        },
        body: JSON.stringify(requested.body(task, now)),
        redirect: "manual",
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(responseTimeout)])
      })
      await response.arrayBuffer()
      record(response.status, null)
      return response.ok
    } catch (error) {
      record(null, String(error))
      return false
    }
  }

  const deliver = async (callback: ScheduledCallback): Promise<void> => {
    const attempts = callback.requested.isSigned ? maxAttempts : 1
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      if (await post(callback, attempt)) return
      if (attempt === attempts) return
      const delay = callback.script.retryDelay ?? defaultRetryDelay
      await sleep(delay, undefined, { signal: closing.signal, ref: false })
    }
  }

  const run = async (callback: ScheduledCallback): Promise<void> => {
    const { task, script } = callback
    const { endedAt } = stateAt(task, Date.now())
    const delay = Math.max(0, endedAt + (script.delay ?? 0) - Date.now())
    await sleep(delay, undefined, { signal: closing.signal, ref: false })
    for (let time = 0; time < (script.times ?? 1); time += 1) await deliver(callback)
  }

  return {
    schedule: (callback) => {
      if (callback.task.end === "never") return
      // It rejects only when the emulator closes.
      run(callback).catch(() => undefined)
    },
    read: () => [...sent],
    close: () => closing.abort()
  }
}
