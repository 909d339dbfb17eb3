/** Checks that a task ends only if the vendor reports it. */
import { isTerminal } from "@gentask/core/internal"
import type { Check } from "../Check.ts"
import { fail } from "../ConformanceError.ts"
import { decodeCase, nameOf, replayCase, statusOf } from "../replay/replay.ts"
import { findStatus, unknownWordFor, withStatusWord } from "../replay/StatusLocation.ts"
import type { RecordedCase, TestContext } from "../replay/TestContext.ts"

/**
 * An unknown word decodes to `unknown` and is kept. If the response has a failure code or message, it may still decode to
 * that failure or to an error.
 */
const checkUnknownWord = (context: TestContext, recorded: RecordedCase): void => {
  const original = decodeCase(context, recorded)
  if (original._tag !== "Snapshot" || original.snapshot.rawStatus === null) return
  const { status, rawStatus, failure } = original.snapshot
  const word = JSON.stringify(rawStatus)
  const location = findStatus(context, recorded)
  if (location === undefined) {
    return fail(
      `rawStatus is ${word}, but the response does not contain this word. Set it to the vendor's word, unchanged.`
    )
  }
  // A boolean has no third value.
  if (location.nodes.every(({ value }) => typeof value === "boolean")) return
  const responses = withStatusWord(recorded, location, unknownWordFor(location))
  const decoded = replayCase(context, recorded, responses)
  const actual = statusOf(decoded)
  if (actual === "unknown" && location.isSource) return
  const hasFailure =
    isTerminal(status) && status !== "succeeded" && (failure?.code ?? failure?.message ?? null) !== null
  if (hasFailure && (decoded._tag === "Error" || actual === status)) return
  fail(
    actual === "unknown"
      ? `An unknown word instead of ${word} is lost. Set rawStatus to the vendor's word.`
      : `An unknown word instead of ${word} decodes to ${nameOf(decoded)}. Return a snapshot without status, so that the spec's statuses decide and polling continues.`
  )
}

/**
 * A response with HTTP 500 or 503 is not the task's end. A follow-up response may report a failure that way, but not a
 * success.
 */
const checkServerErrors = (context: TestContext, recorded: RecordedCase): void => {
  for (const httpStatus of [500, 503]) {
    recorded.responses.forEach((response, index) => {
      const responses = recorded.responses.with(index, { ...response, status: httpStatus })
      const status = statusOf(replayCase(context, recorded, responses))
      const isRecorded = context.cases.some(
        (other) =>
          other.responses[index]?.status === httpStatus && statusOf(decodeCase(context, other)) === status
      )
      if (isRecorded || status === undefined) return
      if (status === "succeeded" || (index === 0 && isTerminal(status))) {
        fail(
          `The response decodes to ${status} even with HTTP ${httpStatus}. Return undefined from decodeError, so that the HTTP status decides.`
        )
      }
    })
  }
}

const caseChecks = (context: TestContext, recorded: RecordedCase): ReadonlyArray<Check> => {
  const status = statusOf(decodeCase(context, recorded))
  if (status === undefined) return []
  const unknownWord = {
    name: `${recorded.name}: an unknown status word decodes to unknown`,
    run: () => checkUnknownWord(context, recorded)
  }
  if (isTerminal(status) && status !== "succeeded") return [unknownWord]
  const serverErrors = {
    name: `${recorded.name}: the response does not end the task with HTTP 500 or 503`,
    run: () => checkServerErrors(context, recorded)
  }
  return [unknownWord, serverErrors]
}

/** The checks of statuses. */
export const statusChecks = (context: TestContext): ReadonlyArray<Check> =>
  context.cases.flatMap((recorded) => caseChecks(context, recorded))
