/** Stores finished files at a `SaveTarget`. */
import * as Effect from "effect/Effect"
import type { Transport } from "../../http/Transport.ts"
import { LockLost } from "../lock/SaveLock.ts"
import { removeFile } from "../removeFile.ts"
import { SaveFailure } from "../SaveFailure.ts"
import { formatManifest, parseManifest } from "./Manifest.ts"
import type { SaveTarget, TargetConnection, TargetError } from "./SaveTarget.ts"
import { groupNames, manifestSuffix } from "./storedNames.ts"
import type { StoredEntry, Target } from "./Target.ts"
import { targetTransport } from "./targetTransport.ts"
import { uploadNote } from "./uploadNote.ts"

const toFailure = (target: string, error: unknown): SaveFailure => {
  if (!(error instanceof Error))
    return new SaveFailure({ reason: { _tag: "Unexpected", detail: String(error) }, cause: error })
  const { message, isRetryable = true, httpStatus } = error as TargetError
  return new SaveFailure({
    reason: { _tag: "TargetFailed", target, detail: message, httpStatus, isRetryable },
    cause: error
  })
}

/**
 * Runs code of a target. If the effect is interrupted, waits until the code has stopped: until then, it may use the files
 * that the lock protects.
 */
const onTarget = <A>(
  target: string,
  use: (signal: AbortSignal) => Promise<A>
): Effect.Effect<A, SaveFailure> =>
  Effect.callback<A, SaveFailure>((resume) => {
    const controller = new AbortController()
    const running = Promise.resolve()
      .then(() => use(controller.signal))
      .then(
        (value) => resume(Effect.succeed(value)),
        (error: unknown) => resume(Effect.fail(toFailure(target, error)))
      )
    return Effect.promise(() => {
      controller.abort()
      return running
    })
  })

/** Reads the manifests of stored files. */
const listEntries = async (
  connection: TargetConnection,
  stem: string,
  signal: AbortSignal
): Promise<ReadonlyArray<StoredEntry>> => {
  // Not all that starts with the stem: that may be the files of thousands of tasks with longer ids.
  const names = await Promise.all(["+", "."].map((next) => connection.list(`${stem}${next}`, signal)))
  const entries = groupNames(stem, names.flat()).map(
    async ({ file, name, hasFile, hasManifest }): Promise<StoredEntry> => {
      const text = hasManifest ? await connection.readText(`${file}${manifestSuffix}`, signal) : undefined
      const parsed = parseManifest(text ?? "")
      const manifest = parsed?.file === file ? parsed : undefined
      // A file that was stored without its manifest is stored again, under the same name.
      const isUnfinished =
        hasFile &&
        manifest === undefined &&
        (await connection.check(file, undefined, signal)) === "unfinished"
      return {
        name,
        location: connection.locationOf(file),
        url: connection.urlOf(file),
        hasFile: hasFile && !isUnfinished,
        manifest
      }
    }
  )
  return Promise.all(entries)
}

const states = { absent: "Absent", complete: "Complete", unfinished: "Broken", foreign: "Foreign" } as const

/**
 * Creates a target that stores files at another place.
 *
 * @param dir The local folder of locks, part files and notes.
 */
export const remoteTarget = (
  { id, url, connect }: SaveTarget,
  transport: Transport["Service"],
  dir: string
): Target => {
  const connection = connect(targetTransport(transport))
  return {
    isRemote: true,
    list: (stem) => onTarget(url, (signal) => listEntries(connection, stem, signal)),
    check: ({ manifest, location }) =>
      onTarget(url, async (signal) => {
        const file = manifest?.file
        // Without a manifest, `list` has compared it already.
        if (file === undefined || location !== connection.locationOf(file)) return "Foreign"
        return states[await connection.check(file, manifest, signal)]
      }),
    put: (file, name, { manifest, overwrite, lock, onRetry }) => {
      const { ref, bytes, sha256, mediaType } = manifest
      const fileName = `${name}.${file.extension}`
      const location = connection.locationOf(fileName)
      const note = uploadNote({ dir, stem: name, token: lock.token, id: `${id}\n${fileName}` })
      const put = onTarget(url, async (signal) => {
        const result = await connection.put(
          {
            name: fileName,
            path: file.path,
            ref,
            bytes,
            sha256,
            mediaType,
            manifest: formatManifest(manifest)
          },
          { overwrite, isHeld: () => lock.isHeld(), note, signal, onRetry: (reason) => onRetry?.(reason) }
        )
        if (result === "stored") await removeFile(file.path)
        return result
      })
      return Effect.gen(function* () {
        const result = yield* Effect.interruptible(put)
        if (result === "superseded") return yield* new LockLost()
        if (result === "exists")
          return yield* new SaveFailure({ reason: { _tag: "FileExists", path: location } })
        return { location, url: connection.urlOf(fileName) }
      })
    }
  }
}
