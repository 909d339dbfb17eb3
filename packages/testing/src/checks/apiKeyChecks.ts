/** Checks that the API key appears only in the headers that `authorize` returns. */
import { authHeaders } from "@gentask/core/internal"
import type { SampleResponse } from "@gentask/core/internal"
import type { HttpRequest } from "@gentask/core/provider"
import type { Check } from "../Check.ts"
import { ConformanceError, fail } from "../ConformanceError.ts"
import { descendants, setAt } from "../json/JsonNode.ts"
import { buildQuery, buildUnsignedRequest, replay } from "../replay/replay.ts"
import { jsonBody, withBody } from "../replay/StatusLocation.ts"
import type { QueryTarget, RecordedCase, TestContext } from "../replay/TestContext.ts"
import { instrumentSpec } from "../sandbox/instrumentSpec.ts"
import { isCrash } from "../sandbox/isCrash.ts"

/** Shorter parts of a key may appear by chance. */
const minLength = 8

/** The key and its parts: as they are, URL-encoded and in base64. */
const formsOf = (key: string): ReadonlyArray<string> =>
  [key, ...key.split(/[|:,;\s]/)].flatMap((part) =>
    part.length < minLength ? [] : [part, encodeURIComponent(part), Buffer.from(part).toString("base64")]
  )

/** Returns whether a text contains the key or a part of it. */
export const containsKey = (text: string, key: string): boolean =>
  formsOf(key).some((form) => text.includes(form))

const checkRequest = ({ url, body = "", headers }: HttpRequest, key: string, ref: string): void => {
  const parts = [
    ["URL", `${url.href} ${decodeURI(url.search)}`],
    ["body", body],
    ["headers that query.request returns", JSON.stringify(headers)]
  ] as const
  const [part] = parts.find(([, text]) => containsKey(text, key)) ?? []
  if (part !== undefined) {
    fail(
      `The request for ${ref} has the API key in its ${part}, where proxies and logs can see it. Put it into the headers that authorize returns.`
    )
  }
}

/** A recording's responses as they are, and with the key in each string, as a vendor may echo it. */
const responsesWithKey = function* (
  recorded: RecordedCase,
  apiKey: string
): Generator<ReadonlyArray<SampleResponse>> {
  const echo = [apiKey, ...apiKey.split("|")].join(" ")
  yield recorded.responses
  for (const [index, response] of recorded.responses.entries()) {
    const body = jsonBody(response)
    for (const { path, value } of descendants(body)) {
      if (typeof value === "string") yield withBody(recorded, index, setAt(body, path, `${value} ${echo}`))
    }
  }
}

const checkLeaks = (context: TestContext): void => {
  const { apiKey } = context
  for (const target of context.targets) {
    const query = buildQuery(context, target)
    const request = buildUnsignedRequest(query)
    // Signs first, because a provider that stores the key leaks it in later calls.
    try {
      authHeaders(query.account, request, new Date(0))
    } catch {
      // The check of authorize reports it.
    }
    checkRequest(request, apiKey, target.ref)
    checkRequest(buildUnsignedRequest(query), apiKey, target.ref)
  }
  for (const recorded of context.cases) {
    const query = buildQuery(context, recorded)
    for (const responses of responsesWithKey(recorded, apiKey)) {
      const { decoded, requests } = replay(query, responses)
      for (const request of requests) checkRequest(request, apiKey, recorded.ref)
      if (containsKey(JSON.stringify(decoded), apiKey)) {
        fail(`The result of ${recorded.name} contains the API key. Do not store what authorize receives.`)
      }
    }
  }
}

const unusualKeys: ReadonlyArray<string> = [
  "k",
  "two words",
  "ACCESSKEY0000|SECRETKEY0000",
  "ACCESSKEY0000:SECRETKEY0000",
  "x".repeat(300)
]

const validHeaderName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const validHeaderValue = /^[\t\x20-\x7e\x80-\xff]*$/

/** Checks that headers are valid. */
export const checkHeaders = (headers: unknown): void => {
  if (typeof headers !== "object" || headers === null) {
    return fail("authorize does not return headers. Return an object of header names and values.")
  }
  for (const [name, value] of Object.entries(headers)) {
    if (!validHeaderName.test(name) || typeof value !== "string" || !validHeaderValue.test(value)) {
      fail(
        `authorize returns an invalid HTTP header ${JSON.stringify(name)}. Names and values must be strings without line breaks.`
      )
    }
  }
}

const checkAuthorize = (context: TestContext, target: QueryTarget, apiKey: string): void => {
  const { spec, violations } = instrumentSpec(context.spec)
  const query = buildQuery({ spec, apiKey }, target)
  try {
    checkHeaders(authHeaders(query.account, buildUnsignedRequest(query), new Date(0)))
  } catch (error) {
    if (error instanceof ConformanceError) throw error
    const thrown = violations.find(
      ({ kind, functionName }) => kind === "throws" && functionName === "authorize"
    )
    if (thrown === undefined) return
    if (containsKey(thrown.detail, apiKey)) {
      fail("authorize throws an error that quotes the key. Describe what is wrong with the key instead.")
    }
    if (isCrash(thrown.detail)) {
      fail(
        `authorize crashes on a key (${thrown.detail}). Throw an error whose message describes the format of a key.`
      )
    }
  }
}

/** The checks of the API key. */
export const apiKeyChecks = (context: TestContext): ReadonlyArray<Check> => {
  const leaks = {
    name: "no URL, body, snapshot or error contains the API key",
    run: () => checkLeaks(context)
  }
  const authorize = {
    name: "authorize returns valid headers or rejects a key without quoting it",
    run: () => {
      for (const target of context.targets) {
        for (const key of [context.apiKey, ...unusualKeys]) checkAuthorize(context, target, key)
      }
    }
  }
  return context.spec.authorize === undefined ? [leaks] : [leaks, authorize]
}
