/** What an answer means, as the JSON that a recording holds. */
import type { DecodedResponse } from "@gentask/core/internal"
import type { ErrorReasonTag } from "@gentask/core/provider"
import type { Failure, FailureReason } from "@gentask/core/internal"
import type { Output, OutputKind, OutputRole } from "@gentask/core/internal"
import type { TaskStatus } from "@gentask/core/provider"

/** An output; what is null is left out. */
export interface OutputMeaning {
  readonly kind: OutputKind
  /** @default "result" */
  readonly role?: OutputRole
  readonly url?: string
  /** Inline media, instead of `url`. */
  readonly base64?: string
  readonly mediaType?: string
  readonly width?: number
  readonly height?: number
  /** ISO 8601, in UTC. */
  readonly expiresAt?: string
}

/** A failure; what is null is left out. */
export interface FailureMeaning {
  readonly reason: FailureReason
  readonly code?: string
  readonly message?: string
  readonly requestId?: string
  readonly resubmit?: boolean
}

/** A snapshot without what is null or empty, and without whose it is. Instants are ISO 8601, in UTC. */
export interface SnapshotMeaning {
  readonly status: TaskStatus
  readonly rawStatus?: string
  readonly progress?: number
  readonly model?: string
  readonly prompt?: string
  readonly createdAt?: string
  readonly updatedAt?: string
  readonly completedAt?: string
  readonly outputs?: ReadonlyArray<OutputMeaning>
  readonly failure?: FailureMeaning
  readonly warnings?: ReadonlyArray<string>
  /** When the vendor asks to be asked again, in milliseconds. */
  readonly pollAfter?: number
  /** Before when the vendor does not want to be asked again, in milliseconds. */
  readonly retryAfter?: number
}

/** A fault; the HTTP status is told where it is not the answer's. */
export interface FaultMeaning {
  readonly _tag: ErrorReasonTag
  readonly code?: string
  readonly message?: string
  readonly requestId?: string
  /** Of an `UnexpectedResponse`; left out for the answer as a whole. */
  readonly path?: string
  /** In milliseconds. */
  readonly retryAfter?: number
  readonly httpStatus?: number
}

/** What an answer means: a snapshot has a `status`, and a fault stands in `fault`. */
export type Meaning = SnapshotMeaning | { readonly fault: FaultMeaning }

/** Leaves out what says nothing. */
const concise = <A extends object>(value: A): { readonly [Name in keyof A]?: NonNullable<A[Name]> } =>
  Object.fromEntries(
    Object.entries(value).filter(
      ([, each]) =>
        each !== null && each !== undefined && each !== "" && !(Array.isArray(each) && each.length === 0)
    )
  ) as { readonly [Name in keyof A]?: NonNullable<A[Name]> }

const instant = (text: string | undefined): string | undefined =>
  text === undefined || Number.isNaN(Date.parse(text)) ? text : new Date(text).toISOString()

const output = ({ inline, expiresAt, role, ...rest }: Output) =>
  concise({
    kind: rest.kind,
    role: role === "result" ? undefined : role,
    url: rest.url,
    base64: inline?.base64,
    mediaType: rest.mediaType,
    width: rest.width,
    height: rest.height,
    expiresAt: expiresAt?.toISOString()
  }) as OutputMeaning

const failure = (value: Failure | null) => {
  if (value === null) return null
  const { canResubmit: resubmit, ...rest } = value
  return concise({ ...rest, resubmit }) as FailureMeaning
}

/** Writes what an answer with an HTTP status means. */
export const meaningOf = (
  interpretation: Exclude<DecodedResponse, { readonly _tag: "FollowUp" }>,
  httpStatus: number
): Meaning => {
  if (interpretation._tag === "Error") {
    const { reason: fault } = interpretation
    return {
      fault: concise({
        _tag: fault._tag,
        code: fault.code,
        message: fault.message,
        requestId: fault.requestId,
        path: "path" in fault ? fault.path : undefined,
        retryAfter: "retryAfterMs" in fault ? fault.retryAfterMs : undefined,
        httpStatus: fault.httpStatus === httpStatus ? undefined : fault.httpStatus
      }) as FaultMeaning
    }
  }
  const { snapshot, pollAfterMs: pollAfter, retryAfterMs: retryAfter } = interpretation
  return concise({
    status: snapshot.status,
    rawStatus: snapshot.rawStatus,
    progress: snapshot.progress,
    model: snapshot.model,
    prompt: snapshot.prompt,
    createdAt: snapshot.createdAt?.toISOString(),
    updatedAt: snapshot.updatedAt?.toISOString(),
    completedAt: snapshot.completedAt?.toISOString(),
    outputs: snapshot.outputs.map(output),
    failure: failure(snapshot.failure),
    warnings: snapshot.warnings,
    pollAfter,
    retryAfter
  }) as SnapshotMeaning
}

/** A meaning that a person wrote, as the kit writes it: with instants alike, and without what is the default. */
export const tidy = (meaning: Meaning): Meaning => {
  if ("fault" in meaning) return { fault: concise(meaning.fault) as FaultMeaning }
  return concise({
    ...meaning,
    createdAt: instant(meaning.createdAt),
    updatedAt: instant(meaning.updatedAt),
    completedAt: instant(meaning.completedAt),
    outputs: meaning.outputs?.map((each) =>
      concise({
        ...each,
        role: each.role === "result" ? undefined : each.role,
        expiresAt: instant(each.expiresAt)
      })
    )
  }) as SnapshotMeaning
}
