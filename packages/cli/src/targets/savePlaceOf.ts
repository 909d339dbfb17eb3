import { ConfigurationError } from "@gentask/core"
import type { SavePlace, SaveTarget } from "@gentask/core"
import * as Effect from "effect/Effect"
import type { Configuration } from "../config/loadConfiguration.ts"
import { exitStatus } from "../process/exitStatus.ts"
import { UsageError } from "../UsageError.ts"

const targetError = (to: string, { reason, message }: ConfigurationError): UsageError => {
  const isKeyMissing = reason._tag === "InvalidOption" && reason.option === "credentials"
  return new UsageError({
    message: message.replace(/^Invalid url/, `Invalid target ${JSON.stringify(to)}`),
    ...(isKeyMissing ? { status: exitStatus.accessDenied } : {})
  })
}

/** Returns the target that `--to` names: a URL, or a target of the configuration files. */
export const targetOf = Effect.fnUntraced(function* (
  to: string,
  { targets }: Pick<Configuration, "targets">
): Effect.fn.Return<SaveTarget, UsageError> {
  const options = to.startsWith("s3://") ? { url: to } : targets.get(to)
  if (options === undefined) {
    const known = targets.size === 0 ? "" : ` or one of ${[...targets.keys()].join(", ")}`
    return yield* new UsageError({
      message: `Unknown target ${JSON.stringify(to)}: expected a URL such as s3://bucket/prefix${known}. Name a target under targets in gentask.config.json.`
    })
  }
  return yield* Effect.tryPromise({
    try: async () => {
      const { s3Target } = await import("./openTarget.ts")
      return s3Target({ ...options, env: process.env })
    },
    catch: (error) => error
  }).pipe(
    Effect.catch((error) =>
      error instanceof ConfigurationError ? Effect.fail(targetError(to, error)) : Effect.die(error)
    )
  )
})

/** Where a command saves. Undefined if neither a folder nor a target is given. */
export const savePlaceOf = Effect.fnUntraced(function* (
  { dir, to }: { readonly dir: string | undefined; readonly to: string | undefined },
  flag: string,
  configuration: Pick<Configuration, "targets">
): Effect.fn.Return<SavePlace | undefined, UsageError> {
  if (to === undefined) return dir === undefined ? undefined : { dir }
  if (dir !== undefined)
    return yield* new UsageError({ message: `Use either ${flag} or --to: files are saved in one place.` })
  return { target: yield* targetOf(to, configuration) }
})
