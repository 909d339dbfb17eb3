/** Checks that responses which do not report the task's status decode to the right error. */
import type { DecodedResponse, SampleResponse } from "@gentask/core/internal"
import { errorFromStatus } from "@gentask/core/provider"
import type { ErrorReasonTag } from "@gentask/core/provider"
import type { Check } from "../Check.ts"
import { fail } from "../ConformanceError.ts"
import { descendants, setAt } from "../json/JsonNode.ts"
import { buildQuery, decodeCase, isRecorded, nameOf, replay, replayCase } from "../replay/replay.ts"
import { jsonBody, withBody } from "../replay/StatusLocation.ts"
import type { QueryTarget, RecordedCase, TestContext } from "../replay/TestContext.ts"

const genericBodies: ReadonlyArray<readonly [name: string, body: string]> = [
  ["an empty JSON object", "{}"],
  ["an HTML page", "<html><body>Sorry</body></html>"],
  ["an empty body", ""]
]

const tagOf = (status: number): ErrorReasonTag | undefined => errorFromStatus(status)?._tag

const statusCheck = (context: TestContext, status: number): Check => ({
  name: `HTTP ${status} with an empty JSON object, an HTML page or an empty body decodes to ${tagOf(status)}`,
  run: () => {
    for (const target of context.targets) {
      const query = buildQuery(context, target)
      for (const [name, body] of genericBodies) {
        const { decoded } = replay(query, [{ status, body }])
        if (nameOf(decoded) !== tagOf(status) && !(body === "{}" && isRecorded(context, status, {}))) {
          fail(
            `HTTP ${status} with ${name} decodes to ${nameOf(decoded)}. Return undefined from decodeError if the body does not report an error, so that the HTTP status decides.`
          )
        }
      }
    }
  }
})

/**
 * Returns a recording's responses with another code wherever its body has the code and without its messages, or undefined if it does not: an error
 * that the provider names itself.
 */
const withCode = (
  recorded: RecordedCase,
  code: string,
  other: number
): ReadonlyArray<SampleResponse> | undefined => {
  const body = jsonBody(recorded.responses[0] ?? { body: null })
  const nodes = descendants(body).filter(
    ({ value }) => (typeof value === "string" || typeof value === "number") && String(value) === code
  )
  if (nodes.length === 0) return undefined
  // The sentences are about the recorded code. Core reads them where a status says little, such as 403.
  const sentences = descendants(body).filter(
    ({ value }) => typeof value === "string" && /\S\s+\S/.test(value)
  )
  const neutral = sentences.reduce((json, { path }) => setAt(json, path, "Sorry"), body)
  const changed = nodes.reduce(
    (json, { path, value }) => setAt(json, path, typeof value === "number" ? other : String(other)),
    neutral
  )
  return withBody(recorded, 0, changed)
}

const codeOf = (decoded: DecodedResponse): string | null | undefined => {
  if (decoded._tag === "Error") return decoded.reason.code
  return decoded._tag === "Snapshot" ? decoded.snapshot.failure?.code : undefined
}

/** The numeric code of a recorded error with HTTP status 2xx. */
const errorCode = (context: TestContext, recorded: RecordedCase): string | undefined => {
  const [response] = recorded.responses
  const decoded = decodeCase(context, recorded)
  const isError =
    recorded.responses.length === 1 && (response?.status ?? 200) < 300 && decoded._tag === "Error"
  const code = isError ? (codeOf(decoded) ?? "") : ""
  return /^-?\d+$/.test(code) ? code : undefined
}

const codeCheck = (context: TestContext, recorded: RecordedCase, code: string): Check => ({
  name: `${recorded.name}: a code that equals an HTTP error status decodes to the error of that status`,
  run: () => {
    // What a recorded code means is the vendor's decision.
    const recordedCodes = new Set(context.cases.map((each) => codeOf(decodeCase(context, each))))
    for (const status of [401, 402, 403, 404, 408, 429, 500, 503]) {
      const responses = recordedCodes.has(String(status)) ? undefined : withCode(recorded, code, status)
      if (responses === undefined) continue
      const decoded = replayCase(context, recorded, responses)
      if (nameOf(decoded) !== tagOf(status)) {
        fail(
          `The code ${status} instead of ${code} decodes to ${nameOf(decoded)}, but HTTP ${status} is ${tagOf(status)}. Use errorFromCode. If the code has another meaning for the vendor, record a response with it.`
        )
      }
    }
  }
})

const retryAfterOf = (decoded: DecodedResponse): number =>
  (decoded._tag === "Error" && "retryAfterMs" in decoded.reason ? decoded.reason.retryAfterMs : undefined) ??
  0

/** When the responses arrive. `Retry-After` dates have whole seconds. */
const at = Date.UTC(2026, 0, 1)

const checkRetryAfter = (
  context: TestContext,
  target: QueryTarget,
  { status = 200, body }: SampleResponse
): void => {
  const query = buildQuery(context, target)
  const decode = (headers: SampleResponse["headers"]) =>
    replay(query, [{ status, body, at, headers }]).decoded
  const inBody = retryAfterOf(decode({}))
  for (const seconds of [1, 7200]) {
    const expected = Math.max(inBody, seconds * 1000)
    for (const header of [String(seconds), new Date(at + seconds * 1000).toUTCString()]) {
      const decoded = decode({ "retry-after": header })
      if (retryAfterOf(decoded) !== expected) {
        fail(
          `HTTP ${status} with Retry-After: ${header} decodes to ${nameOf(decoded)} with retryAfterMs ${retryAfterOf(decoded)}. Expected ${expected}. Return RateLimited or Unavailable with the delay of the body alone. Core adds that of the header and uses the longer one.`
        )
      }
    }
  }
}

const caseChecks = (context: TestContext, recorded: RecordedCase): ReadonlyArray<Check> => {
  const code = errorCode(context, recorded)
  const [response, ...followUps] = recorded.responses
  const name = nameOf(decodeCase(context, recorded))
  const hasRetryAfter = name === "RateLimited" || name === "Unavailable"
  return [
    ...(code === undefined ? [] : [codeCheck(context, recorded, code)]),
    ...(hasRetryAfter && response !== undefined && followUps.length === 0
      ? [
          {
            name: `${recorded.name}: the longer delay of Retry-After and the body is used`,
            run: () => checkRetryAfter(context, recorded, response)
          }
        ]
      : [])
  ]
}

/** The checks of errors. */
export const errorChecks = (context: TestContext): ReadonlyArray<Check> => [
  ...[401, 402, 403, 404, 408, 429, 500, 502, 503].map((status) => statusCheck(context, status)),
  {
    name: "Retry-After of HTTP 429 and 503 is used, in seconds and as a date",
    run: () => {
      for (const target of context.targets) {
        for (const status of [429, 503]) {
          for (const body of ["{}", ""]) checkRetryAfter(context, target, { status, body })
        }
      }
    }
  },
  ...context.cases.flatMap((recorded) => caseChecks(context, recorded))
]
