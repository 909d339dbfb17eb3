/** Checks that the provider builds the requests that the vendor documents. */
import { isDeepStrictEqual } from "node:util"
import type { HttpRequest } from "@gentask/core/provider"
import type { Check } from "../Check.ts"
import { fail } from "../ConformanceError.ts"
import { formatDiff } from "../json/formatDiff.ts"
import type { RecordedRequest } from "../recording/Recording.ts"
import { canonicalRecordedRequest, canonicalRequest } from "../replay/canonicalRequest.ts"
import { buildQuery, replay } from "../replay/replay.ts"
import type { RecordedCase, TestContext } from "../replay/TestContext.ts"

const checkRequest = (request: HttpRequest | undefined, documented: RecordedRequest): void => {
  if (request === undefined) {
    return fail(
      'The request is not sent, because an earlier response has the whole result. Correct the provider, or remove the request from "then".'
    )
  }
  const actual = canonicalRequest(request)
  const expected = canonicalRecordedRequest(documented)
  if (!isDeepStrictEqual(actual, expected)) {
    fail(
      `The request differs from the documented one. Correct query.request, or the recording. Credentials are added by authorize and are not recorded.\n${formatDiff(actual, expected)}`
    )
  }
}

const requestCheck = (context: TestContext, recorded: RecordedCase): ReadonlyArray<Check> => {
  const { request, then = [] } = recorded.recording
  const documented = [request, ...then.map((followUp) => followUp.request)]
  if (documented.every((each) => each === undefined)) return []
  const run = (): void => {
    const { requests } = replay(buildQuery(context, recorded), recorded.responses)
    documented.forEach((each, index) => {
      if (each !== undefined) checkRequest(requests[index], each)
    })
  }
  return [{ name: `${recorded.name}: the request equals the documented one`, run }]
}

/** The checks of documented requests. */
export const requestChecks = (context: TestContext): ReadonlyArray<Check> => [
  {
    name: "at least one recording has the documented request",
    run: () => {
      if (!context.cases.some(({ recording }) => recording.request !== undefined)) {
        fail(
          'No recording has a "request". Copy method, URL, headers and body from the vendor\'s documentation into one, without the credentials.'
        )
      }
    }
  },
  ...context.cases.flatMap((recorded) => requestCheck(context, recorded))
]
