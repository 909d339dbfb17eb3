/** Checks that a task ref identifies exactly one task. */
import { isDeepStrictEqual } from "node:util"
import { TaskRef } from "@gentask/core"
import type { HttpRequest } from "@gentask/core/provider"
import type { Check } from "../Check.ts"
import { fail } from "../ConformanceError.ts"
import { formatDiff } from "../json/formatDiff.ts"
import { canonicalRequest } from "../replay/canonicalRequest.ts"
import { buildQuery, buildUnsignedRequest, decodeCase } from "../replay/replay.ts"
import type { QueryTarget, TestContext } from "../replay/TestContext.ts"

const unusualIds: ReadonlyArray<string> = [
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

/** Builds the request for another id. Returns undefined if the id is rejected. */
const requestFor = (
  context: TestContext,
  { ref, account }: QueryTarget,
  id: string
): HttpRequest | undefined => {
  try {
    const other = TaskRef.format({ ...TaskRef.parse(ref), id })
    return buildUnsignedRequest(buildQuery(context, { ref: other, account }))
  } catch {
    return undefined
  }
}

/** The parts of a request that must not depend on the id. */
const formOf = ({ url, headers }: HttpRequest) => ({
  host: url.origin,
  segments: url.pathname.split("/").length,
  parameters: [...url.searchParams.keys()],
  headers: Object.keys(headers)
})

// oxlint-disable-next-line no-control-regex -- characters that a header must not contain
const invalidInHeader = /[^\t\x20-\x7e\x80-\xff]/

const checkEncoding = (context: TestContext, target: QueryTarget): void => {
  const original = requestFor(context, target, TaskRef.parse(target.ref).id)
  if (original === undefined) return
  for (const id of unusualIds) {
    const request = requestFor(context, target, id)
    if (request === undefined) continue
    const quoted = JSON.stringify(id.length > 40 ? `${id.slice(0, 40)}…` : id)
    const [header] = Object.entries(request.headers).find(([, value]) => invalidInHeader.test(value)) ?? []
    if (header !== undefined) {
      fail(
        `The id ${quoted} is not encoded in the header ${header}. Encode it, or throw an error that rejects it.`
      )
    }
    if (!isDeepStrictEqual(formOf(request), formOf(original))) {
      fail(
        `The id ${quoted} changes the form of the request. Use encodeURIComponent in the path, or pass the id as a query parameter.\n${formatDiff(formOf(request), formOf(original))}`
      )
    }
  }
}

const checkDistinct = (context: TestContext, target: QueryTarget): void => {
  const idByRequest = new Map<string, string>()
  for (const id of new Set([TaskRef.parse(target.ref).id, ...unusualIds])) {
    const request = requestFor(context, target, id)
    if (request === undefined) continue
    const text = JSON.stringify([request.url.href, request.headers, request.body])
    const other = idByRequest.get(text)
    if (other !== undefined) {
      fail(
        `The ids ${JSON.stringify(other)} and ${JSON.stringify(id)} build the same request. Send every id unchanged.`
      )
    }
    idByRequest.set(text, id)
  }
}

const checkRoundTrip = (context: TestContext): void => {
  const snapshotRefs = context.cases.flatMap((recorded) => {
    const decoded = decodeCase(context, recorded)
    return decoded._tag === "Snapshot" ? [{ target: recorded, ref: decoded.snapshot.ref }] : []
  })
  const targetRefs = context.targets.map((target) => ({ target, ref: target.ref }))
  for (const { target, ref } of [...snapshotRefs, ...targetRefs]) {
    const build = (text: string) =>
      canonicalRequest(buildUnsignedRequest(buildQuery(context, { ...target, ref: text })))
    const actual = build(TaskRef.format(TaskRef.parse(ref)))
    const expected = build(target.ref)
    if (!isDeepStrictEqual(actual, expected)) {
      fail(
        `The ref ${ref} builds another request after it is parsed and formatted.\n${formatDiff(actual, expected)}`
      )
    }
  }
}

/** The checks of refs. */
export const refChecks = (context: TestContext): ReadonlyArray<Check> => [
  {
    name: "a snapshot's ref builds the same request again, params included",
    run: () => checkRoundTrip(context)
  },
  {
    name: "every task id is encoded or rejected",
    run: () => {
      for (const target of context.targets) checkEncoding(context, target)
    }
  },
  {
    name: "different task ids build different requests",
    run: () => {
      for (const target of context.targets) checkDistinct(context, target)
    }
  }
]
