/** Reads `providerOptions` and headers of a call. */
import type { SharedV4ProviderOptions } from "@ai-sdk/provider"

/** Options of one call: `providerOptions: { gentask: { … } }`. */
export interface GentaskCallOptions {
  /** Resumes a task instead of creating one. The other inputs of the call are not used. */
  readonly ref?: string | undefined
  /** The vendor's word for the resolution, such as `720p` or `2K`. */
  readonly resolution?: string | undefined
  /** Videos to edit, or to use as references, as URLs. */
  readonly videos?: ReadonlyArray<string> | undefined
  /** Sounds or speech for the result, as URLs. */
  readonly audios?: ReadonlyArray<string> | undefined
}

const expected: Readonly<Record<keyof GentaskCallOptions, string>> = {
  ref: "a task ref",
  resolution: "text such as 720p",
  videos: "a list of URLs",
  audios: "a list of URLs"
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== ""

const isTextList = (value: unknown): boolean => Array.isArray(value) && value.every(isText)

/**
 * Reads `providerOptions.gentask`.
 *
 * @throws {TypeError} If an option is unknown or invalid. A typo in `ref` would create another task.
 */
export const parseCallOptions = (providerOptions: SharedV4ProviderOptions): GentaskCallOptions => {
  const options: Readonly<Record<string, unknown>> = providerOptions["gentask"] ?? {}
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(expected, name))
      throw new TypeError(
        `Unknown option providerOptions.gentask.${name}: expected ${Object.keys(expected).join(", ")}. Set parameters of the vendor in providerOptions under the provider's id.`
      )
    const isList = name === "videos" || name === "audios"
    if (value !== undefined && !(isList ? isTextList(value) : isText(value)))
      throw new TypeError(
        `Invalid option providerOptions.gentask.${name}: expected ${expected[name as keyof GentaskCallOptions]}.`
      )
  }
  return options
}

/** Returns the idempotency key of a call. The AI SDK creates one for each start of a video. */
export const idempotencyKeyOf = (
  headers: Readonly<Record<string, string | undefined>> = {}
): string | undefined =>
  Object.entries(headers).find(([name]) => name.toLowerCase() === "idempotency-key")?.[1]
