/** What becomes of the answer to a request for a file when a fault strikes it. */
import type { IncomingHttpHeaders } from "node:http"
import { storeError } from "../StoreError.ts"
import type { WireAnswer } from "../WireAnswer.ts"
import { jsonAnswer, phraseOf } from "../WireAnswer.ts"
import type { FileFault, MediaFault } from "./Fault.ts"
import { isDeliveryFault, mannerOf } from "./Manner.ts"
import { emptyAnswer, htmlPage, retryAfterOf, withRetryAfter } from "./Pages.ts"

/** A request for a file, and the way to answer it. */
export interface AskedFile {
  readonly headers: IncomingHttpHeaders
  /** What the file's server answers to such headers. Revision 0 is the file itself; others are other files. */
  readonly serve: (headers: IncomingHttpHeaders, revision?: number) => WireAnswer
}

const ofRanges: ReadonlySet<string> = new Set<MediaFault["fault"]>([
  "ignored-range",
  "other-range",
  "unsatisfiable"
])

/** Whether part of the file is due. */
export const isRanged = ({ headers, serve }: AskedFile): boolean =>
  headers.range !== undefined && serve(headers).status === 206

/** Whether a fault can strike a request. */
export const canStrikeFile = ({ fault }: MediaFault, asked: AskedFile): boolean =>
  !ofRanges.has(fault) || isRanged(asked)

const statusAnswer = ({
  status,
  body = "xml",
  retryAfter
}: Extract<FileFault, { fault: "status" }>): WireAnswer => {
  const phrase = phraseOf(status)
  const pages = {
    xml: () => storeError(status, phrase.replaceAll(" ", ""), `${phrase}.`),
    html: () => htmlPage(status),
    json: () => jsonAnswer(status, { error: { code: status, message: phrase } }),
    empty: () => emptyAnswer(status)
  }
  return withRetryAfter(pages[body](), retryAfterOf(retryAfter))
}

const withoutRange = (headers: IncomingHttpHeaders): IncomingHttpHeaders => ({
  ...headers,
  range: undefined
})

const sizeOf = ({ headers }: WireAnswer): string => headers["content-range"]?.split("/")[1] ?? "*"

const otherRange = (from: number, { headers, serve }: AskedFile): WireAnswer => {
  const due = serve(headers).headers["content-range"] ?? ""
  const [, first = 0, last = 0] = (/^bytes (\d+)-(\d+)\//.exec(due) ?? []).map(Number)
  // What was asked for would be no fault: the byte after it is.
  const start = from === first ? from + 1 : from
  return serve({ ...headers, "if-range": undefined, range: `bytes=${start}-${Math.max(start, last)}` })
}

const withoutValidators = (asked: AskedFile, left: "none" | "weak"): WireAnswer => {
  const { "if-range": condition, ...headers } = asked.headers
  // RFC 9110: If-Range needs a strong validator that is the same; without one the whole file is due.
  const { headers: sent, ...answer } = asked.serve(condition === undefined ? headers : withoutRange(headers))
  const { etag, "last-modified": _, ...rest } = sent
  return {
    ...answer,
    headers: left === "none" || etag === undefined ? rest : { ...rest, etag: `W/${etag}` }
  }
}

const spoiled = (fault: FileFault, asked: AskedFile): WireAnswer => {
  const { headers, serve } = asked
  switch (fault.fault) {
    case "status":
      return statusAnswer(fault)
    case "html":
      return htmlPage(200)
    case "json":
      return jsonAnswer(200, { error: { message: "This file is being prepared." } })
    case "empty":
      return { ...serve(withoutRange(headers)), body: "" }
    case "ignored-range":
      return serve(withoutRange(headers))
    case "other-range":
      return otherRange(fault.from ?? 0, asked)
    case "unsatisfiable":
      return { status: 416, headers: { "content-range": `bytes */${sizeOf(serve(headers))}` }, body: "" }
    case "changed":
      return serve(headers, fault.revision ?? 1)
    case "no-validators":
      return withoutValidators(asked, "none")
    case "weak-etag":
      return withoutValidators(asked, "weak")
    default: {
      const answer = serve(headers)
      const other = answer.headers["content-type"] === "image/png" ? "image/jpeg" : "image/png"
      return { ...answer, headers: { ...answer.headers, "content-type": fault.contentType ?? other } }
    }
  }
}

/** The answer to a request for a file, spoiled by a fault. */
export const spoiledFile = (fault: MediaFault, asked: AskedFile): WireAnswer => {
  if (!isDeliveryFault(fault)) return spoiled(fault, asked)
  const answer = asked.serve(asked.headers)
  const manner = mannerOf(fault)
  return manner === undefined ? answer : { ...answer, manner }
}
