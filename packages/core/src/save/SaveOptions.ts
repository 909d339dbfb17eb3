/** The options of `save`, and their validation. */
import { durationOption } from "../account/durationOption.ts"
import { invalidOption, invalidValue } from "../account/invalidOption.ts"
import { countOption, maxBytesOption, numberOption } from "../account/numberOption.ts"
import type { DurationInput } from "../task/duration.ts"
import type { OutputRole } from "../task/Output.ts"
import type { SaveCallbacks } from "./SaveCallbacks.ts"
import type { SaveTarget } from "./target/SaveTarget.ts"

/** Where to save: into a folder, at a target, or at a target by way of a folder. */
export type SavePlace = FolderPlace | TargetPlace

/** Where to save: into a folder. */
export interface FolderPlace {
  /** The folder to save into. Created if it does not exist. */
  readonly dir: string
  /** Where to store the finished files. @default in `dir` */
  readonly target?: SaveTarget | undefined
}

/** Where to save: at a target. */
export interface TargetPlace {
  /** Where to store the files, such as `s3Target({ url: "s3://bucket/prefix" })`. */
  readonly target: SaveTarget
  /**
   * The local folder of locks and unfinished files. Created if it does not exist. Processes that save the same tasks to the
   * target must have the same one, or else each of them stores the files.
   *
   * @default a folder in the user's cache
   */
  readonly dir?: string | undefined
}

/** Options of `save`. If a callback throws or rejects, `save` stops and rejects with its error. */
export type SaveOptions = SaveSettings & SavePlace

/** The options of `save` besides the place. */
export interface SaveSettings extends SaveCallbacks {
  /**
   * Which outputs to save.
   *
   * @default ["result"], or all outputs if the task has no output with that role
   */
  readonly roles?: ReadonlyArray<OutputRole> | "all" | undefined
  /** Whether to replace a file of the same name that is not this output. @default false */
  readonly overwrite?: boolean | undefined
  /** Maximum size of a file, in bytes. @default 8 GiB */
  readonly maxBytes?: number | undefined
  /**
   * Maximum number of consecutive attempts that receive no new byte. An attempt that starts again from the beginning
   * counts as one. With the default, a file server that is down is given up after about half a minute.
   *
   * @default 8
   */
  readonly attempts?: number | undefined
  /** Time limit for each file. @default "1 hour" */
  readonly timeout?: DurationInput | undefined
  /**
   * Minimum speed in bytes per second, measured over 30 seconds. A slower connection is closed, and the download resumes
   * on a new one.
   *
   * @default 1024
   */
  readonly minSpeed?: number | undefined
}

/** Valid options of `save`, with defaults. */
export interface ParsedSaveOptions extends SaveCallbacks {
  /** Undefined for the default folder of unfinished files, if there is a target. */
  readonly dir: string | undefined
  readonly target: SaveTarget | undefined
  readonly roles: SaveSettings["roles"]
  readonly overwrite: boolean
  readonly maxBytes: number
  readonly attempts: number
  readonly timeoutMs: number
  readonly minSpeed: number
}

const outputRoles: ReadonlyArray<unknown> = [
  "result",
  "thumbnail",
  "preview",
  "watermarked"
] satisfies ReadonlyArray<OutputRole>

const expectedRoles = `"all" or a list of ${outputRoles.join(", ")}`

const parseTarget = (target: unknown): SaveTarget | undefined => {
  if (target === undefined) return undefined
  const { url, id, connect } = (target ?? {}) as Partial<Record<keyof SaveTarget, unknown>>
  if (typeof url !== "string" || typeof id !== "string" || typeof connect !== "function")
    throw invalidValue("target", target, 'a target, such as s3Target({ url: "s3://bucket/prefix" })')
  return target as SaveTarget
}

const parseDir = (dir: unknown, target: SaveTarget | undefined): string | undefined => {
  if (dir === undefined && target !== undefined) return undefined
  if (dir === undefined) throw invalidOption("dir", 'save needs the option dir, such as { dir: "out" }.')
  if (typeof dir !== "string" || dir === "" || dir.includes("\0"))
    throw invalidValue("dir", dir, 'the path of a folder, such as "out"')
  return dir
}

const parseRoles = (roles: SaveSettings["roles"]): SaveSettings["roles"] => {
  if (roles === undefined || roles === "all") return roles
  if (!Array.isArray(roles) || roles.length === 0) throw invalidValue("roles", roles, expectedRoles)
  const invalid = roles.find((role) => !outputRoles.includes(role))
  if (invalid !== undefined) throw invalidValue("roles", invalid, expectedRoles)
  return [...roles]
}

const parseCallback = <Name extends keyof SaveCallbacks>(
  name: Name,
  callbacks: SaveCallbacks
): SaveCallbacks[Name] => {
  const callback = callbacks[name]
  if (callback === undefined || typeof callback === "function") return callback
  throw invalidValue(name, callback, "a function")
}

/**
 * Validates the options of `save`.
 *
 * @throws {ConfigurationError} If an option is invalid.
 */
export const parseSaveOptions = (options: SaveOptions): ParsedSaveOptions => {
  // JavaScript may leave out the options.
  const given = options as SaveOptions | undefined
  const target = parseTarget(given?.target)
  const dir = parseDir(given?.dir, target)
  const {
    roles,
    overwrite = false,
    maxBytes = 8 * 1024 ** 3,
    attempts = 8,
    timeout = "1 hour",
    minSpeed = 1024
  } = options
  if (typeof overwrite !== "boolean") throw invalidValue("overwrite", overwrite, "true or false")
  return {
    dir,
    target,
    roles: parseRoles(roles),
    overwrite,
    maxBytes: maxBytesOption("maxBytes", maxBytes),
    attempts: countOption("attempts", attempts, 1),
    timeoutMs: durationOption("timeout", timeout),
    minSpeed: numberOption(
      "minSpeed",
      minSpeed,
      (value) => value >= 0 && Number.isFinite(value),
      "a number of bytes per second, or 0 for no limit"
    ),
    onRetry: parseCallback("onRetry", options),
    onProgress: parseCallback("onProgress", options),
    onWait: parseCallback("onWait", options)
  }
}
