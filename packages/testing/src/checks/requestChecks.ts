/** Whether a provider asks as the vendor's documents show it. */
import { isDeepStrictEqual } from "node:util"
import { tryParseJson } from "@gentask/core/provider"
import type { HttpRequest } from "@gentask/core/provider"
import { fail } from "../Check.ts"
import type { Check } from "../Check.ts"
import { difference } from "../difference.ts"
import { isBranch } from "../jsonTree.ts"
import type { RecordedRequest } from "../Recording.ts"
import { questionOf, rehearse } from "../replay.ts"
import type { Case, Subject } from "../replay.ts"

/** A body whose packed JSON is read, so that blanks in it do not matter. */
const unpacked = (value: unknown): unknown => {
  if (typeof value === "string") {
    const inner = tryParseJson(value)
    return isBranch(inner) ? { "JSON in a text": unpacked(inner) } : value
  }
  if (Array.isArray(value)) return value.map(unpacked)
  if (!isBranch(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, unpacked(each)]))
}

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** A request in the form in which two are the same where their vendor takes them for the same. */
export const canonical = (method: string, url: URL, headers: RecordedRequest["headers"], body: unknown) => ({
  method,
  url: {
    path: `${url.origin}${url.pathname
      .split("/")
      .map((segment) => encodeURIComponent(decoded(segment)))
      .join("/")}`,
    query: [...url.searchParams].map(([name, value]) => `${name}=${value}`).toSorted()
  },
  headers: Object.fromEntries(
    Object.entries(headers ?? {})
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
  ),
  body: unpacked(body ?? null)
})

/** A finished request in that form. */
export const canonicalRequest = ({ method, url, headers, body }: HttpRequest) =>
  canonical(method, url, headers, body === undefined ? null : JSON.parse(body))

const checkDocumented = (request: HttpRequest | undefined, documented: RecordedRequest | undefined): void => {
  if (documented === undefined) return
  if (request === undefined)
    fail(
      'The request is never made: an answer before it has told everything. Mend the provider, or leave the exchange out of "then".'
    )
  const actual = canonicalRequest(request as HttpRequest)
  const expected = canonical(documented.method, new URL(documented.url), documented.headers, documented.body)
  if (!isDeepStrictEqual(actual, expected)) {
    fail(
      `The request is not the documented one. Describe it in query.request as the document shows it; credentials are added by authorize, and are left out of the recording.\n${difference(actual, expected)}`
    )
  }
}

const requestCheck = (subject: Subject, asking: Case): ReadonlyArray<Check> => {
  const { request, then = [] } = asking.recording
  const documented = [request, ...then.map((next) => next.request)]
  if (documented.every((each) => each === undefined)) return []
  const run = (): void => {
    const { requests } = rehearse(questionOf(subject, asking), asking.answers)
    documented.forEach((each, index) => checkDocumented(requests[index], each))
  }
  return [{ name: `${asking.name}: the request is what the document shows`, run }]
}

/** The checks of the requests that the recordings document. */
export const requestChecks = (subject: Subject): ReadonlyArray<Check> => [
  {
    name: "a recording shows the documented request",
    run: () => {
      if (!subject.cases.some(({ recording }) => recording.request !== undefined)) {
        fail(
          'No recording has a "request". Copy method, URL, headers and body from the vendor\'s document into one, without the credentials.'
        )
      }
    }
  },
  ...subject.cases.flatMap((asking) => requestCheck(subject, asking))
]
