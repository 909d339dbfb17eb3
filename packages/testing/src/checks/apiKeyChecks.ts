/** Whether the key stays where it belongs: in the headers that prove who asks. */
import { resolveUrl, authHeaders, buildRequest } from "@gentask/core/internal"
import type { HttpRequest } from "@gentask/core/provider"
import { ConformanceError, fail, sentenceOf } from "../Check.ts"
import type { Check } from "../Check.ts"
import { places, put } from "../jsonTree.ts"
import { questionOf, rehearse } from "../replay.ts"
import type { Asking, Subject } from "../replay.ts"
import { jsonOf, withBody } from "../statusPath.ts"
import { supervise } from "../supervise.ts"

/** A shorter text may stand somewhere by chance. */
const shortest = 8

/** A key in every form in which it may show: whole, its parts, and as URLs and base64 write them. */
const formsOf = (key: string): ReadonlyArray<string> =>
  [key, ...key.split(/[|:,;\s]/)].flatMap((part) =>
    part.length < shortest ? [] : [part, encodeURIComponent(part), Buffer.from(part).toString("base64")]
  )

const shows = (text: string, key: string): boolean => formsOf(key).some((form) => text.includes(form))

const checkPlaces = (request: HttpRequest, key: string, ref: string): void => {
  const { url, body = "", headers } = request
  const where =
    shows(url.href, key) || shows(decodeURI(url.search), key)
      ? "URL"
      : shows(body, key)
        ? "body"
        : shows(JSON.stringify(headers), key)
          ? "headers, as query.request describes them,"
          : undefined
  if (where !== undefined)
    fail(
      `The ${where} of the request for ${ref} holds the key, where proxies and logs see it. Put it into the headers that authorize answers, and nowhere else.`
    )
}

/** Credentials first, so that a provider that keeps the key has it when it is asked again. */
const checkTold = (subject: Subject): void => {
  const { apiKey } = subject
  // A vendor that was shown a pair may echo either half.
  const echo = [apiKey, ...apiKey.split("|")].join(" ")
  for (const asking of subject.askings) {
    const question = questionOf(subject, asking)
    const request = resolveUrl(question, buildRequest(question, subject.spec.query))
    try {
      authHeaders(question.account, request, new Date(0))
    } catch {
      // Told by the check of authorize.
    }
    checkPlaces(request, apiKey, asking.ref)
    checkPlaces(resolveUrl(question, buildRequest(question, subject.spec.query)), apiKey, asking.ref)
  }
  for (const asking of subject.cases) {
    const question = questionOf(subject, asking)
    const readings = [
      asking.answers,
      ...asking.answers.flatMap((answer, index) => {
        const body = jsonOf(answer)
        return places(body)
          .filter(({ value }) => typeof value === "string")
          .map(({ path, value }) => withBody(asking, index, put(body, path, `${String(value)} ${echo}`)))
      })
    ]
    for (const answers of readings) {
      const { interpretation, requests } = rehearse(question, answers)
      for (const request of requests) checkPlaces(request, apiKey, asking.ref)
      if (shows(JSON.stringify(interpretation), apiKey)) {
        fail(
          `What ${asking.name} means holds the key. Tell nothing of the credentials: authorize is given them, and must keep none.`
        )
      }
    }
  }
}

const oddKeys = [
  "k",
  "two words",
  "ACCESSKEY0000|SECRETKEY0000",
  "ACCESSKEY0000:SECRETKEY0000",
  "x".repeat(300)
]

/** What a header can carry. */
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/
const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

const checkAuthorize = (subject: Subject, asking: Asking, apiKey: string): void => {
  const { spec, breaches } = supervise(subject.spec)
  const question = questionOf({ spec, apiKey }, asking)
  const request = resolveUrl(question, buildRequest(question, spec.query))
  try {
    const headers: unknown = authHeaders(question.account, request, new Date(0))
    if (typeof headers !== "object" || headers === null)
      return fail("authorize answers no headers. Answer an object of them.")
    for (const [name, value] of Object.entries(headers)) {
      if (!headerName.test(name) || typeof value !== "string" || !headerValue.test(value)) {
        fail(
          `authorize answers a header ${JSON.stringify(name)} that HTTP cannot carry. Answer names and values that are plain texts in one line.`
        )
      }
    }
  } catch (error) {
    if (error instanceof ConformanceError) throw error
    const thrown = breaches.find(({ kind, where }) => kind === "throws" && where === "authorize")
    if (thrown === undefined) return
    if (shows(thrown.what, apiKey))
      fail("authorize throws an error that tells the key. Say what is wrong with it, and not what it is.")
    if (/^(Cannot |.* is not )|undefined/.test(thrown.what)) {
      fail(
        `authorize breaks on a key (${sentenceOf(error)}). Throw an error whose message says what a key looks like.`
      )
    }
  }
}

/** The checks of the key. */
export const keyChecks = (subject: Subject): ReadonlyArray<Check> => [
  { name: "the key is in no URL, no body, no snapshot and no fault", run: () => checkTold(subject) },
  ...(subject.spec.authorize === undefined
    ? []
    : [
        {
          name: "authorize answers headers, or says what is wrong with a key without telling it",
          run: () => {
            for (const asking of subject.askings) {
              for (const key of [subject.apiKey, ...oddKeys]) checkAuthorize(subject, asking, key)
            }
          }
        }
      ])
]
