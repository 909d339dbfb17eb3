/** Decodes inline media. */
import type { Output } from "../task/Output.ts"

/**
 * The bytes of inline media; undefined if the output has none. `toJson` replaces them by their number, so a snapshot that
 * was stored as JSON has no bytes.
 */
export const inlineBytes = ({ inline }: Output): Buffer | undefined => {
  const base64: unknown = inline?.base64
  return typeof base64 === "string" && base64 !== "" ? Buffer.from(base64, "base64") : undefined
}

/** Whether an output's media is inline, but its bytes are missing. */
export const lacksInlineBytes = (output: Output): boolean =>
  output.url === null && inlineBytes(output) === undefined
