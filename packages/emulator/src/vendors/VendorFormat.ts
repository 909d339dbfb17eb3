/** What the emulator asks of a wire format: which requests are its own, and what it answers to them. */
import type { IncomingHttpHeaders } from "node:http"
import type { RateRefusal } from "../RateLimit.ts"
import type { EmulatedTask, TaskKind, Vendor } from "../TaskScript.ts"
import type { Phase } from "../TaskScript.ts"
import type { WireAnswer } from "../WireAnswer.ts"

/** A request that has come whole. */
export interface EmulatorRequest {
  readonly method: string
  /** Still percent-encoded, without the query. */
  readonly path: string
  /** The query without its question mark. */
  readonly search: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Who asks, and, when the vendor does not know them, what it answers. */
export interface Caller {
  readonly apiKey: string
  readonly refusal?: WireAnswer
}

/** What a query asks for. */
export interface Question {
  readonly taskId: string
  /** The kind of task that the path belongs to, for a vendor that has a path for each. */
  readonly kind?: TaskKind
  readonly reqKey?: string
  readonly returnUrl?: boolean
}

/** A query, understood; or one sentence about what is wrong with it. */
export type Reading = { readonly question: Question } | { readonly problem: string }

/** One vendor's wire format. Nothing in it does I/O. */
export interface VendorFormat {
  readonly vendor: Vendor
  readonly matches: (method: string, path: string) => boolean
  /**
   * Who signed a request, at `now` in milliseconds since the epoch; undefined for one that is not signed. Absent: the
   * vendor knows no signatures.
   */
  readonly signer?: (request: EmulatorRequest, now: number) => Caller | undefined
  readonly read: (request: EmulatorRequest) => Reading
  /** Whether a task of the asked id is the one that is asked about. Absent: it always is. */
  readonly concerns?: (task: EmulatedTask, question: Question) => boolean
  /** What the task's timeline has to say at `now`, in milliseconds since the epoch. */
  readonly answer: (task: EmulatedTask, now: number, question: Question) => WireAnswer
  readonly unauthorized: () => WireAnswer
  readonly unknownTask: (taskId: string) => WireAnswer
  readonly malformed: (problem: string) => WireAnswer
  readonly rateLimited: (refusal: RateRefusal) => WireAnswer
  /** An error of this HTTP status. `retryAfter` is in seconds, for a vendor that has a place for it in the body. */
  readonly failure: (status: number, retryAfter?: number) => WireAnswer
  /** An error inside HTTP 200, by default one that passes. `retryAfter` as above. */
  readonly businessError: (code?: number | string, retryAfter?: number) => WireAnswer
}

/** Why a task ended badly, in the script's words, else in the vendor's, else in invented ones. */
export const failureMessage = (task: EmulatedTask, phase: Phase, documented: string): string => {
  if (task.failure.message !== undefined) return task.failure.message
  if (phase === "canceled") return "The task was canceled."
  return phase === "expired" ? "The task expired." : documented
}

/** A parameter of the query, or undefined when it is absent or empty. */
export const parameter = (search: string, name: string): string | undefined =>
  new URLSearchParams(search).get(name) || undefined
