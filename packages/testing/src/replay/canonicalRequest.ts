import { tryParseJson } from "@gentask/core/provider"
import type { HttpRequest } from "@gentask/core/provider"
import { isContainer } from "../json/JsonNode.ts"
import type { RecordedRequest } from "../recording/Recording.ts"

/** Parses JSON inside strings, so that whitespace in it does not matter. */
const parseStrings = (value: unknown): unknown => {
  if (typeof value === "string") {
    const embedded = tryParseJson(value)
    return isContainer(embedded) ? { "(JSON)": parseStrings(embedded) } : value
  }
  if (Array.isArray(value)) return value.map(parseStrings)
  if (!isContainer(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, parseStrings(member)]))
}

const normalizeSegment = (segment: string): string => {
  try {
    return encodeURIComponent(decodeURIComponent(segment))
  } catch {
    return encodeURIComponent(segment)
  }
}

const canonicalize = (method: string, url: URL, headers: RecordedRequest["headers"] = {}, body: unknown) => ({
  method,
  url: {
    path: url.origin + url.pathname.split("/").map(normalizeSegment).join("/"),
    query: [...url.searchParams].map(([name, value]) => `${name}=${value}`).toSorted()
  },
  headers: Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
  ),
  body: parseStrings(body ?? null)
})

/** Converts a request to a form that is equal for equivalent requests. */
export const canonicalRequest = ({ method, url, headers, body }: HttpRequest) =>
  canonicalize(method, url, headers, body === undefined ? null : JSON.parse(body))

/** Converts a recorded request to the same form. */
export const canonicalRecordedRequest = ({ method, url, headers, body }: RecordedRequest) =>
  canonicalize(method, new URL(url), headers, body)
