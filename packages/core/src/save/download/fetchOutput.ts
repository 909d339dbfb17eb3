/** Brings one output into its part file, whole: asks again, resumes, replaces dead links, and refuses what is no media. */
import { stat } from "node:fs/promises"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Output } from "../../task/Output.ts"
import type { TaskSnapshot } from "../../task/TaskSnapshot.ts"
import { attempt, beginAnew, onDisk } from "./download.ts"
import type { DownloadContext, DownloadFault } from "./download.ts"
import { hasCompleteEnd } from "./integrity.ts"
import { recognizeMedia } from "./MediaType.ts"
import type { MediaType } from "./MediaType.ts"
import type { PartFile } from "./PartFile.ts"
import { SaveError } from "../SaveError.ts"
import type { SaveProblem } from "../SaveError.ts"
import { withoutSignature } from "./urlPolicy.ts"

/** What fetching needs. */
export interface FetchContext<E> extends DownloadContext {
  /** Asks the provider again, for a living link. */
  readonly refresh: Effect.Effect<TaskSnapshot, E>
  /** How many attempts in a row may bring not one new byte. */
  readonly attempts: number
  /** Told of each attempt that brought no whole file; another follows. */
  readonly onRetry?: ((ref: string, why: string) => void) | undefined
}

const problems: Readonly<Record<DownloadFault["kind"], readonly [SaveProblem, string]>> = {
  Expired: ["LinkExpired", "The provider gave no living link; the task itself is done."],
  Unsafe: ["UnsafeLink", "It was not opened."],
  Refused: ["DownloadFailed", "Ask the vendor; the task itself is done."],
  Passing: ["DownloadFailed", "Run the same again; what came so far is kept."],
  TooLarge: ["TooLarge", "Raise the limit (maxBytes) if you want it."],
  Disk: ["NotWritable", ""],
  NotMedia: ["NotMedia", "Run the same again, or ask the vendor."],
  Empty: ["Empty", "Run the same again, or ask the vendor."]
}

const toError = (ref: string, fault: DownloadFault, link: string, path: string): SaveError => {
  if (fault.kind === "Disk") return SaveError.fromDisk(ref, path, fault.cause)
  const [problem, advice] = problems[fault.kind]
  return SaveError.make(
    ref,
    problem,
    `${withoutSignature(link)} could not be saved: ${fault.message}. ${advice}`
  )
}

/** What may pass: a fault of the moment, a link that can be renewed, a page of the file server's in place of the file. */
const mayPass: ReadonlySet<DownloadFault["kind"]> = new Set(["Passing", "Expired", "NotMedia", "Empty"])

/** The same output in a newer snapshot; undefined where the outputs are other ones, so that no link is taken for another's. */
const sameOutput = (older: TaskSnapshot, output: Output, newer: TaskSnapshot): Output | undefined => {
  const [before, after] = [older, newer].map(({ outputs }) =>
    outputs.filter(({ role }) => role === output.role)
  )
  return before?.length === after?.length ? after?.[before?.indexOf(output) ?? -1] : undefined
}

/** One attempt, and a look at what it brought. */
const bring = (link: string, output: Output, part: PartFile, context: DownloadContext) =>
  Effect.gen(function* () {
    const url = new URL(link)
    const received = yield* Effect.withSpan(attempt(url, part, context), "gentask.download", {
      kind: "client",
      attributes: { "server.address": url.hostname }
    })
    const reject = (kind: DownloadFault["kind"], message: string) =>
      Effect.andThen(beginAnew(part), Effect.fail<DownloadFault>({ _tag: "DownloadFault", kind, message }))
    if (part.size === 0) return yield* reject("Empty", "not one byte came")
    const { size } = yield* onDisk(() => stat(part.path))
    // Another process that saves the same output has written into the same part file, or put its own in the place of it.
    if (size !== part.size) return yield* reject("Passing", "the part file was changed by somebody else")
    const media = yield* onDisk(() => recognizeMedia(part.handle, received.contentType))
    if (media === undefined)
      return yield* reject("NotMedia", `what came is no ${output.kind}, but text or something unknown`)
    const isWhole = received.isLengthKnown || (yield* onDisk(() => hasCompleteEnd(part.path, media.mime)))
    return isWhole ? media : yield* reject("Passing", "the file ends before its end")
  })

/** Downloads an output's link until the file is whole. */
export const fetchOutput = <E>(
  snapshot: TaskSnapshot,
  output: Output,
  part: PartFile,
  context: FetchContext<E>
): Effect.Effect<MediaType, SaveError> =>
  Effect.gen(function* () {
    const { ref } = snapshot
    let link = output.url ?? ""
    let barren = 0
    const renew = Effect.gen(function* () {
      const newer = yield* Effect.result(context.refresh)
      if (newer._tag === "Success") link = sameOutput(snapshot, output, newer.success)?.url ?? link
    })
    if (output.expiresAt !== null && output.expiresAt.getTime() <= (yield* Clock.currentTimeMillis))
      yield* renew
    for (;;) {
      const before = part.size
      const result = yield* Effect.result(bring(link, output, part, context))
      if (result._tag === "Success") return result.success
      const fault = result.failure
      barren = part.size > before ? 0 : barren + 1
      if (!mayPass.has(fault.kind) || barren >= context.attempts)
        return yield* toError(ref, fault, link, part.path)
      context.onRetry?.(ref, fault.message)
      // The first dead link of a row is renewed at once; everything else is given some time.
      const wait = fault.kind === "Expired" && barren === 1 ? 0 : Math.min(10_000, 125 * 2 ** barren)
      yield* Effect.sleep(Math.max(fault.retryAfter ?? 0, wait))
      if (fault.kind !== "Passing") yield* renew
    }
  })
