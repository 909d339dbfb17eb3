import type { CallToolResult } from "@modelcontextprotocol/server"
import { cleanJson, untrustedFields, untrustedNote } from "./vendorText.ts"

/** A record of a result, as the command line prints it with `--json`. */
export type JsonRecord = Readonly<Record<string, unknown>>

/**
 * Creates the result of a tool: one text and the same as JSON. Some clients show an agent only one of them, so each is
 * complete.
 *
 * @param lines The server's own words. Text of others in them is quoted with `quote`.
 * @param record The result as JSON. It is cleaned, and its untrusted fields are listed in `untrusted`.
 */
export const toolResult = (
  lines: ReadonlyArray<string>,
  record: JsonRecord,
  options: { readonly isError?: boolean; readonly isOwn?: boolean } = {}
): CallToolResult => {
  // The next call is the caller's own text, which must not be shortened.
  const { next, ...rest } = record
  const clean = cleanJson(rest) as Record<string, unknown>
  // What gentask itself knows needs no mark.
  const fields = options.isOwn === true ? [] : untrustedFields(clean)
  const hasQuotes = lines.some((line) => line.includes('"'))
  const text = [...lines, ...(fields.length > 0 && hasQuotes ? [untrustedNote] : [])].join("\n")
  return {
    content: [{ type: "text", text }],
    structuredContent: {
      ...clean,
      ...(next === undefined ? {} : { next }),
      ...(fields.length === 0 ? {} : { untrusted: { note: untrustedNote, fields } })
    },
    ...(options.isError === true ? { isError: true } : {})
  }
}
