/** The options of `save`, and their validation. */
import { durationOption } from "../account/durationOption.ts"
import { invalidOption, invalidValue } from "../account/invalidOption.ts"
import { countOption, maxBytesOption, numberOption } from "../account/numberOption.ts"
import type { DurationInput } from "../task/duration.ts"
import type { OutputRole } from "../task/Output.ts"
import type { SaveCallbacks } from "./SaveCallbacks.ts"

/** Options of `save`. If a callback throws or rejects, `save` stops and rejects with its error. */
export interface SaveOptions extends SaveCallbacks {
  /** The folder to save into. Created if it does not exist. */
  readonly dir: string
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
  readonly dir: string
  readonly roles: SaveOptions["roles"]
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

const parseDir = (dir: unknown): string => {
  if (dir === undefined) throw invalidOption("dir", 'save needs the option dir, such as { dir: "out" }.')
  if (typeof dir !== "string" || dir === "" || dir.includes("\0"))
    throw invalidValue("dir", dir, 'the path of a folder, such as "out"')
  return dir
}

const parseRoles = (roles: SaveOptions["roles"]): SaveOptions["roles"] => {
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
  const dir = parseDir((options as SaveOptions | undefined)?.dir)
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
