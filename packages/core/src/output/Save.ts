/** Keeps what a task made: each output becomes a file that is whole, or is not there. */
import { access, constants, mkdir, rm, stat } from "node:fs/promises"
import { join, resolve } from "node:path"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Output, OutputRole } from "../task/Output.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { attempt } from "./Download.ts"
import type { DownloadContext, DownloadFault } from "./Download.ts"
import { outputStem } from "./FileName.ts"
import { findSaved, place } from "./Manifest.ts"
import type { SavedFile } from "./Manifest.ts"
import { recognise } from "./MediaType.ts"
import { append, forgetNote, openPart, restart } from "./PartFile.ts"
import type { PartFile } from "./PartFile.ts"
import { SaveError } from "./SaveError.ts"
import type { SaveProblem } from "./SaveError.ts"
import { withoutSignature } from "./UrlPolicy.ts"

export type { SavedFile } from "./Manifest.ts"

/** Options of saving. */
export interface SaveOptions {
  /** The folder; made if it is not there. */
  readonly dir: string
  /** Which outputs. @default ["result"], or all where a task has no result but something else */
  readonly roles?: ReadonlyArray<OutputRole> | "all" | undefined
  /** Replaces a file of the same name that is not this output. @default false */
  readonly overwrite?: boolean | undefined
  /** The largest file, in bytes. @default 8 GiB */
  readonly maxBytes?: number | undefined
  /** How long one file may take. @default "1 hour" */
  readonly timeout?: Duration.Input | undefined
  /** Told of each attempt that brought no whole file; another follows. */
  readonly onRetry?: ((ref: string, why: string) => void) | undefined
}

/** What saving needs of the engine. */
export interface SaveContext<E> extends Pick<DownloadContext, "transport" | "isLocal" | "credentials"> {
  /** Asks the provider again, for a living link. */
  readonly refresh: Effect.Effect<TaskSnapshot, E>
}

/** Attempts in a row that bring not one new byte before a download is given up. */
const mostBarren = 5
/** How often a dead link is replaced by asking the provider again. */
const mostRefreshes = 2
const silence = 30_000

const problemOf: Readonly<Record<DownloadFault["kind"], SaveProblem>> = {
  Expired: "LinkExpired",
  Unsafe: "UnsafeLink",
  Refused: "DownloadFailed",
  Passing: "DownloadFailed",
  TooLarge: "TooLarge",
  Disk: "NotWritable"
}

const codeOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error ? String(error.code) : ""

/** The error of a file system call, told by what the person can do. */
const diskError = (ref: string, path: string, error: unknown): SaveError => {
  const code = codeOf(error)
  return code === "ENOSPC" || code === "EDQUOT"
    ? new SaveError({
        ref,
        problem: "DiskFull",
        message: `${ref}: the disk is full at ${path}. Free some room and run the same again; what came so far is kept.`
      })
    : new SaveError({
        ref,
        problem: "NotWritable",
        message: `${ref}: cannot write to ${path}${code === "" ? "" : ` (${code})`}. Choose a folder that you may write to.`
      })
}

const onDisk = <A>(ref: string, path: string, use: () => Promise<A>): Effect.Effect<A, SaveError> =>
  Effect.tryPromise({ try: use, catch: (error) => diskError(ref, path, error) })

const choose = (snapshot: TaskSnapshot, roles: SaveOptions["roles"]): ReadonlyArray<Output> => {
  if (roles === "all") return snapshot.outputs
  const chosen = snapshot.outputs.filter((output) => (roles ?? ["result"]).includes(output.role))
  return chosen.length === 0 && roles === undefined ? snapshot.outputs : chosen
}

/** The same output in a newer snapshot. */
const sameOutput = (older: TaskSnapshot, output: Output, newer: TaskSnapshot): Output | undefined => {
  const place = older.outputs.filter((each) => each.role === output.role).indexOf(output)
  return newer.outputs.filter((each) => each.role === output.role)[place]
}

const failed = (ref: string, fault: DownloadFault, link: string): SaveError => {
  if (fault.kind === "Disk") return diskError(ref, "the folder", fault.cause)
  const advice: Readonly<Partial<Record<DownloadFault["kind"], string>>> = {
    Expired: "The vendor gives no living link any more; the task itself is done.",
    Passing: "Run the same again; what came so far is kept.",
    TooLarge: "Raise the limit (maxBytes) if you want it.",
    Unsafe: "It was not opened."
  }
  const message =
    `${ref}: ${withoutSignature(link)} could not be saved: ${fault.message}. ${advice[fault.kind] ?? ""}`.trimEnd()
  return new SaveError({ ref, problem: problemOf[fault.kind], message })
}

/** Downloads a link until the file is whole; a dead link is replaced. */
const fetchAll = <E>(
  snapshot: TaskSnapshot,
  output: Output,
  part: PartFile,
  options: SaveOptions,
  context: SaveContext<E>
) =>
  Effect.gen(function* () {
    const { ref } = snapshot
    let link = output.url ?? ""
    let barren = 0
    let refreshes = 0
    const download: DownloadContext = { ...context, maxBytes: options.maxBytes ?? 8 * 1024 ** 3, silence }
    const refreshed = Effect.gen(function* () {
      refreshes += 1
      const newer = yield* context.refresh
      return sameOutput(snapshot, output, newer)?.url ?? undefined
    })
    const dead = output.expiresAt !== null && output.expiresAt.getTime() <= (yield* Clock.currentTimeMillis)
    if (dead) link = (yield* refreshed) ?? link
    for (;;) {
      const before = part.size
      const result = yield* Effect.result(attempt(new URL(link), part, download))
      if (result._tag === "Success") return result.success
      const fault = result.failure
      barren = part.size > before ? 0 : barren + 1
      const isDead = fault.kind === "Expired" && refreshes < mostRefreshes
      if (!isDead && (fault.kind !== "Passing" || barren >= mostBarren))
        return yield* failed(ref, fault, link)
      options.onRetry?.(ref, fault.message)
      if (isDead) {
        const next = yield* refreshed
        if (next === undefined) return yield* failed(ref, fault, link)
        link = next
      }
      const wait = Math.max(fault.retryAfter ?? 0, Math.min(10_000, 250 * 2 ** barren))
      yield* Effect.sleep(isDead ? 0 : wait)
    }
  })

/** Brings one output into its part file. */
const bring = <E>(
  snapshot: TaskSnapshot,
  output: Output,
  part: PartFile,
  options: SaveOptions,
  context: SaveContext<E>
) =>
  output.inline === null
    ? fetchAll(snapshot, output, part, options, context)
    : onDisk(snapshot.ref, part.path, async () => {
        await restart(part, undefined)
        await append(part, Buffer.from(output.inline?.base64 ?? "", "base64"))
        return output.mediaType ?? undefined
      })

const saveOne = <E>(snapshot: TaskSnapshot, output: Output, options: SaveOptions, context: SaveContext<E>) =>
  Effect.gen(function* () {
    const { ref } = snapshot
    const dir = resolve(options.dir)
    const stem = outputStem(snapshot, output)
    const earlier = yield* onDisk(ref, dir, () => findSaved(dir, stem, snapshot, output))
    if (earlier !== undefined) return earlier
    const path = join(dir, `.${stem}.part`)
    const whole = yield* Effect.acquireUseRelease(
      onDisk(ref, path, () => openPart(path)),
      (part) =>
        Effect.gen(function* () {
          const contentType = yield* bring(snapshot, output, part, options, context)
          yield* onDisk(ref, path, () => part.handle.sync())
          return { contentType, bytes: part.size, sha256: part.hash.digest("hex") }
        }),
      (part) => Effect.promise(() => part.handle.close())
    )
    const discard = Effect.promise(async () => {
      await rm(path, { force: true })
      await forgetNote(path)
    })
    const reject = (problem: SaveProblem, why: string) =>
      Effect.andThen(discard, Effect.fail(new SaveError({ ref, problem, message: `${ref}: ${why}` })))
    if (whole.bytes === 0)
      return yield* reject(
        "Empty",
        "the output is empty: not one byte came. Run the same again, or ask the vendor."
      )
    const media = yield* onDisk(ref, path, () => recognise(path, output.kind, whole.contentType))
    if (media === undefined) {
      return yield* reject(
        "NotMedia",
        `what came in place of the ${output.kind} is no media file, but text or something unknown. Run the same again, or ask the vendor.`
      )
    }
    const target = join(dir, `${stem}.${media.extension}`)
    const taken = yield* Effect.promise(() =>
      stat(target).then(
        () => true,
        () => false
      )
    )
    if (taken && options.overwrite !== true) {
      return yield* reject(
        "FileExists",
        `${target} is there already, and is not this output. Move it away, or choose another folder.`
      )
    }
    const saved: SavedFile = {
      path: target,
      bytes: whole.bytes,
      sha256: whole.sha256,
      mediaType: media.mime,
      output,
      alreadySaved: false
    }
    const now = new Date(yield* Clock.currentTimeMillis)
    yield* onDisk(ref, target, () => place(path, saved, snapshot, now))
    yield* Effect.promise(() => forgetNote(path))
    return saved
  })

/** Saves the outputs of a task, one after the other; each that was saved before is recognised and left as it is. */
export const save = <E>(
  snapshot: TaskSnapshot,
  options: SaveOptions,
  context: SaveContext<E>
): Effect.Effect<ReadonlyArray<SavedFile>, SaveError | E> =>
  Effect.gen(function* () {
    const { ref } = snapshot
    if (snapshot.status !== "succeeded") {
      const message = `${ref} is ${snapshot.status}, so there is nothing to save. Wait until it has succeeded.`
      return yield* new SaveError({ ref, problem: "NotSucceeded", message })
    }
    const outputs = choose(snapshot, options.roles)
    if (outputs.length === 0) {
      const message = `${ref} succeeded, and the vendor's answer holds no ${options.roles === undefined ? "usable output" : "output of that role"}. Ask again with the vendor's raw answer to see why.`
      return yield* new SaveError({ ref, problem: "NoOutput", message })
    }
    const dir = resolve(options.dir)
    yield* onDisk(ref, dir, async () => {
      await mkdir(dir, { recursive: true })
      await access(dir, constants.W_OK)
    })
    const timeout = options.timeout ?? "1 hour"
    return yield* Effect.forEach(outputs, (output) =>
      Effect.timeoutOrElse(saveOne(snapshot, output, options, context), {
        duration: timeout,
        orElse: () =>
          Effect.fail(
            new SaveError({
              ref,
              problem: "TimedOut",
              message: `${ref}: saving took longer than ${Duration.format(Duration.fromInputUnsafe(timeout))}. Run the same again; what came so far is kept.`
            })
          )
      })
    )
  })
