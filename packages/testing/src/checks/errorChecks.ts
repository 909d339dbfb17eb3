/** Whether what keeps a vendor from telling about a task is read for what it is. */
import { errorFromStatus } from "@gentask/core/provider"
import type { ErrorReason } from "@gentask/core/provider"
import { fail } from "../Check.ts"
import type { Check } from "../Check.ts"
import { places, put } from "../jsonTree.ts"
import { nameOf, questionOf, readingOfCase, rehearse, rehearseCase } from "../replay.ts"
import type { Case, Subject } from "../replay.ts"
import { jsonOf, withBody } from "../statusPath.ts"
import { isRecorded } from "./shapeChecks.ts"

const bare: ReadonlyArray<readonly [what: string, body: string]> = [
  ["JSON that says nothing", "{}"],
  ["a web page", "<html><body>Sorry</body></html>"],
  ["nothing", ""]
]

const tagOf = (status: number): ErrorReason["_tag"] => (errorFromStatus(status) as ErrorReason)._tag

const statusCheck = (subject: Subject, status: number): Check => ({
  name: `HTTP ${status} with JSON that says nothing, a web page or nothing is ${tagOf(status)}`,
  run: () => {
    for (const asking of subject.askings) {
      const question = questionOf(subject, asking)
      for (const [what, body] of bare) {
        const reading = rehearse(question, [{ status, body }]).interpretation
        if (nameOf(reading) !== tagOf(status) && !(body === "{}" && isRecorded(subject, status, {}))) {
          fail(
            `HTTP ${status} with ${what} is read as ${nameOf(reading)}. Let interpretError answer undefined where the body says nothing, so that the HTTP status decides.`
          )
        }
      }
    }
  }
})

/**
 * The answers of a recording with another code wherever its code stands; undefined where it stands nowhere. A vendor
 * whose codes are names has none that copies HTTP's.
 */
const withCode = (asking: Case, code: string, other: number) => {
  const body = jsonOf(asking.answers[0] ?? { body: null })
  const found = places(body).filter(
    ({ value }) => (typeof value === "string" || typeof value === "number") && String(value) === code
  )
  if (found.length === 0) return undefined
  const changed = found.reduce(
    (all, { path, value }) => put(all, path, typeof value === "number" ? other : String(other)),
    body
  )
  return withBody(asking, 0, changed)
}

/** The codes that recordings show, of faults and of failures: what those mean is the vendor's business. */
const recordedCodes = (subject: Subject): ReadonlySet<string> =>
  new Set(
    subject.cases.flatMap((asking) => {
      const reading = readingOfCase(subject, asking)
      const code =
        reading._tag === "Error"
          ? reading.reason.code
          : reading._tag === "Snapshot"
            ? reading.snapshot.failure?.code
            : null
      return code ?? []
    })
  )

/** The code, a number, of a recorded fault inside HTTP 200. */
const businessCode = (subject: Subject, asking: Case): string | undefined => {
  const [answer] = asking.answers
  const reading = readingOfCase(subject, asking)
  const isGood = asking.answers.length === 1 && (answer?.status ?? 200) < 300
  const code = isGood && reading._tag === "Error" ? (reading.reason.code ?? "") : ""
  return /^-?\d+$/.test(code) ? code : undefined
}

const codeCheck = (subject: Subject, asking: Case, code: string): Check => ({
  name: `${asking.name}: a code that copies an HTTP status is that fault`,
  run: () => {
    const known = recordedCodes(subject)
    for (const status of [401, 402, 403, 404, 408, 429, 500, 503]) {
      const answers = known.has(String(status)) ? undefined : withCode(asking, code, status)
      if (answers === undefined) continue
      const reading = rehearseCase(subject, asking, answers)
      if (nameOf(reading) !== tagOf(status)) {
        fail(
          `The code ${status} in the place of ${code} is read as ${nameOf(reading)}, and HTTP ${status} is ${tagOf(status)}. Read it by faultOfCode; where it means something else to the vendor, record an answer that shows it.`
        )
      }
    }
  }
})

const wait = (reading: ReturnType<typeof rehearseCase>): number | undefined =>
  reading._tag === "Error" && "retryAfterMs" in reading.reason ? reading.reason.retryAfterMs : undefined

/** An instant on a whole second, as a date in a header is. */
const at = Date.UTC(2026, 0, 1)

const retryAfterForms = (seconds: number): ReadonlyArray<string> => [
  String(seconds),
  new Date(at + seconds * 1000).toUTCString()
]

const checkRetryAfter = (
  subject: Subject,
  asking: Pick<Case, "ref" | "options">,
  status: number,
  body: unknown
): void => {
  const question = questionOf(subject, asking)
  const read = (header?: string) =>
    rehearse(question, [{ status, body, at, headers: header === undefined ? {} : { "retry-after": header } }])
      .interpretation
  const told = wait(read()) ?? 0
  for (const seconds of [1, 7200]) {
    for (const header of retryAfterForms(seconds)) {
      const reading = read(header)
      const due = Math.max(told, seconds * 1000)
      if (wait(reading) !== due) {
        fail(
          `Retry-After: ${header} with HTTP ${status} is read as ${nameOf(reading)} with a wait of ${wait(reading) ?? 0} ms, and ${due} ms are due. Answer the fault RateLimited or Unavailable there; core keeps the longer of the header's wait and the body's.`
        )
      }
    }
  }
}

/** The checks of faults. */
export const faultChecks = (subject: Subject): ReadonlyArray<Check> => [
  ...[401, 402, 403, 404, 408, 429, 500, 502, 503].map((status) => statusCheck(subject, status)),
  {
    name: "Retry-After of HTTP 429 and 503 is kept, in seconds and as a date",
    run: () => {
      for (const asking of subject.askings) {
        for (const status of [429, 503])
          for (const body of ["{}", ""]) checkRetryAfter(subject, asking, status, body)
      }
    }
  },
  ...subject.cases.flatMap((asking): ReadonlyArray<Check> => {
    const code = businessCode(subject, asking)
    const reading = readingOfCase(subject, asking)
    const isPassing = nameOf(reading) === "RateLimited" || nameOf(reading) === "Unavailable"
    const [answer] = asking.answers
    return [
      ...(code === undefined ? [] : [codeCheck(subject, asking, code)]),
      ...(isPassing && asking.answers.length === 1
        ? [
            {
              name: `${asking.name}: the longer wait of Retry-After and the answer is kept`,
              run: () => checkRetryAfter(subject, asking, answer?.status ?? 200, answer?.body)
            }
          ]
        : [])
    ]
  })
]
