/** Checks that a text keeps its place in a request, whatever characters it has. */
import { isDeepStrictEqual } from "node:util"
import { fail } from "../ConformanceError.ts"
import { formatDiff } from "../json/formatDiff.ts"

/** Ids and names with characters that have a meaning in a URL or a header. */
export const unusualIds: ReadonlyArray<string> = [
  "a/b",
  "a/../b",
  "..",
  ".",
  "a?b#c",
  "a#b",
  "a&b=c",
  "%2F",
  "a%2Fb",
  "a b",
  "a+b",
  "a\\b",
  "é任务",
  "a\nb",
  "a\r\nx-injected: 1",
  "a\u0000b",
  " ",
  "\u200b",
  "a;b,c",
  "a:b@c",
  "__proto__",
  'a"b',
  "ab",
  "AB",
  " ab",
  "ab ",
  "0",
  "00",
  "x".repeat(300)
]

/** The parts of a request that an id can change. */
export interface BuiltRequest {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
}

/** Builds the request for a text. Returns undefined if the text is rejected. */
export type RequestBuilder = (text: string) => BuiltRequest | undefined

/** The parts of a request that must not depend on the id. */
const formOf = ({ url, headers }: BuiltRequest) => ({
  host: url.origin,
  segments: url.pathname.split("/").length,
  parameters: [...url.searchParams.keys()],
  fragment: url.hash,
  headers: Object.keys(headers)
})

const slashesIn = (text: string): number => text.split("/").length - 1

// oxlint-disable-next-line no-control-regex -- characters that a header must not contain
const invalidInHeader = /[^\t\x20-\x7e\x80-\xff]/

/** How a text may change the form of a request. */
export interface FormOptions {
  /** What the text is: `id`. */
  readonly name: string
  /** Whether the text may have the slashes of a path, such as the name of a model. @default false */
  readonly allowSlashes?: boolean | undefined
  /** The original text, if its slashes may be those of a path: another text has as many segments as it has slashes. */
  readonly pathText?: string | undefined
  /** Whether the text may select one of the endpoint's hosts, which core checks. @default false */
  readonly allowHosts?: boolean | undefined
}

/**
 * Checks that texts do not change the form of a request.
 *
 * @throws {ConformanceError} If one does.
 */
export const checkForm = (
  build: RequestBuilder,
  original: BuiltRequest,
  texts: ReadonlyArray<string>,
  { name, allowSlashes = false, pathText, allowHosts = false }: FormOptions
): void => {
  const comparable = (request: BuiltRequest, moreSegments = 0) => {
    const { segments, host, ...form } = formOf(request)
    return {
      ...(allowHosts ? {} : { host }),
      ...(allowSlashes ? {} : { segments: segments + moreSegments }),
      ...form
    }
  }
  for (const text of texts) {
    const request = build(text)
    if (request === undefined) continue
    const quoted = JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
    const [header] = Object.entries(request.headers).find(([, value]) => invalidInHeader.test(value)) ?? []
    if (header !== undefined) {
      fail(
        `The ${name} ${quoted} is not encoded in the header ${header}. Encode it, or throw an error that rejects it.`
      )
    }
    const [actual, expected] = [comparable(request), comparable(original)]
    const asPath =
      pathText === undefined ? expected : comparable(original, slashesIn(text) - slashesIn(pathText))
    if (!isDeepStrictEqual(actual, expected) && !isDeepStrictEqual(actual, asPath)) {
      fail(
        `The ${name} ${quoted} changes the form of the request. Use encodeURIComponent in the path, or pass the ${name} as a query parameter.\n${formatDiff(actual, expected)}`
      )
    }
  }
}

/**
 * Checks that different ids build different requests.
 *
 * @throws {ConformanceError} If two ids build the same one.
 */
export const checkDistinct = (build: RequestBuilder, id: string): void => {
  const idByRequest = new Map<string, string>()
  for (const each of new Set([id, ...unusualIds])) {
    const request = build(each)
    if (request === undefined) continue
    const text = JSON.stringify([request.url.href, request.headers, request.body])
    const other = idByRequest.get(text)
    if (other !== undefined) {
      fail(
        `The ids ${JSON.stringify(other)} and ${JSON.stringify(each)} build the same request. Send every id unchanged.`
      )
    }
    idByRequest.set(text, each)
  }
}
