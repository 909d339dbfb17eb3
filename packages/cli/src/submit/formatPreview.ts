import type { SubmitPreview } from "@gentask/core/internal/submit"
import { jsonLine, jsonLines, oneLine } from "../output/sanitize.ts"

/** Formats a request that was not sent. */
export const formatPreview = (
  { method, url, headers, body, files }: SubmitPreview,
  line: number | undefined,
  json: boolean
): ReadonlyArray<string> => {
  if (json) return [jsonLine({ ...(line === undefined ? {} : { line }), method, url, headers, body, files })]
  return [
    `${method} ${oneLine(url)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${oneLine(value)}`),
    "",
    ...jsonLines(body),
    ...files.map(
      ({ path, name, size, sha256 }) =>
        `${path === "" ? "in the request" : `upload for ${path}`}: ${oneLine(name)}, ${size} bytes, sha256 ${sha256}`
    )
  ]
}
