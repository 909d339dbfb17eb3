/** Whether a ref names one task, whatever its id is. */
import { isDeepStrictEqual } from "node:util"
import type { HttpRequest } from "@gentask/core/provider"
import { TaskRef } from "@gentask/core"
import { fail } from "../Check.ts"
import type { Check } from "../Check.ts"
import { difference } from "../difference.ts"
import { questionOf, readingOfCase, requestOf } from "../replay.ts"
import type { Asking, Subject } from "../replay.ts"
import { canonicalRequest } from "./requestChecks.ts"

const hostile: ReadonlyArray<string> = [
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

const withId = (ref: string, id: string): string => TaskRef.format({ ...TaskRef.parse(ref), id })

/** The request about another id of the same form; undefined where it is refused. */
const ask = (subject: Subject, { ref, options }: Asking, id: string): HttpRequest | undefined => {
  try {
    return requestOf(questionOf(subject, { ref: withId(ref, id), options }))
  } catch {
    return undefined
  }
}

/** What an id must not change: the host, how long the path is, and what the request has parameters and headers for. */
const formOf = ({ url, headers }: HttpRequest) => ({
  host: url.origin,
  segments: url.pathname.split("/").length,
  parameters: [...url.searchParams.keys()],
  headers: Object.keys(headers)
})

// oxlint-disable-next-line no-control-regex -- what a header cannot carry
const unfit = /[^\t\x20-\x7e\x80-\xff]/

const checkIds = (subject: Subject, asking: Asking): void => {
  const usual = ask(subject, asking, TaskRef.parse(asking.ref).id)
  if (usual === undefined) return
  for (const id of hostile) {
    const request = ask(subject, asking, id)
    if (request === undefined) continue
    const shown = JSON.stringify(id.length > 40 ? `${id.slice(0, 40)}…` : id)
    const [header] = Object.entries(request.headers).find(([, value]) => unfit.test(value)) ?? []
    if (header !== undefined)
      fail(
        `The id ${shown} gets into the header ${header} as it is. Encode it, or refuse it with a sentence.`
      )
    if (!isDeepStrictEqual(formOf(request), formOf(usual))) {
      fail(
        `The id ${shown} changes the form of the request. Encode it with encodeURIComponent in the path, or give it as a query parameter.\n${difference(formOf(request), formOf(usual))}`
      )
    }
  }
}

const checkDistinct = (subject: Subject, asking: Asking): void => {
  const asked = new Map<string, string>()
  for (const id of new Set([TaskRef.parse(asking.ref).id, ...hostile])) {
    const request = ask(subject, asking, id)
    if (request === undefined) continue
    const text = JSON.stringify([request.url.href, request.headers, request.body])
    const other = asked.get(text)
    if (other !== undefined) {
      fail(
        `The ids ${JSON.stringify(other)} and ${JSON.stringify(id)} make the same request, so that one task would be told for the other. Send every id as it is.`
      )
    }
    asked.set(text, id)
  }
}

const checkRoundTrip = (subject: Subject): void => {
  const told = subject.cases.flatMap((asking) => {
    const reading = readingOfCase(subject, asking)
    return reading._tag === "Snapshot" ? [{ asking, ref: reading.snapshot.ref }] : []
  })
  const asked = subject.askings.map((asking) => ({ asking, ref: asking.ref }))
  for (const { asking, ref } of [...told, ...asked]) {
    const request = (text: string) =>
      canonicalRequest(requestOf(questionOf(subject, { ...asking, ref: text })))
    const again = request(TaskRef.format(TaskRef.parse(ref)))
    if (!isDeepStrictEqual(again, request(asking.ref))) {
      fail(
        `The ref ${ref} asks another question when it is written down and read again.\n${difference(again, request(asking.ref))}`
      )
    }
  }
}

/** The checks of refs. */
export const refChecks = (subject: Subject): ReadonlyArray<Check> => [
  {
    name: "a snapshot's ref asks the same question again, hints included",
    run: () => checkRoundTrip(subject)
  },
  {
    name: "an id stays in its place in the request, or is refused, whatever it holds",
    run: () => {
      for (const asking of subject.askings) checkIds(subject, asking)
    }
  },
  {
    name: "two ids never make the same request",
    run: () => {
      for (const asking of subject.askings) checkDistinct(subject, asking)
    }
  }
]
