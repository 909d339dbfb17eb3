/** Checks that recorded responses decode to the expected results. */
import { isDeepStrictEqual } from "node:util"
import { maxFollowUps } from "@gentask/core/internal"
import type { DecodedResponse } from "@gentask/core/internal"
import type { Check } from "../Check.ts"
import { fail } from "../ConformanceError.ts"
import { formatDiff } from "../json/formatDiff.ts"
import { normalizeExpectation, toExpectation } from "../recording/Expectation.ts"
import type { Expectation } from "../recording/Expectation.ts"
import { writeExpectation } from "../recording/writeExpectation.ts"
import { buildQuery, decodeCase, nameOf, replay, replayCase } from "../replay/replay.ts"
import { findStatus, withStatusWord } from "../replay/StatusLocation.ts"
import type { RecordedCase, TestContext } from "../replay/TestContext.ts"
import { instrumentSpec } from "../sandbox/instrumentSpec.ts"

/** Decodes a recording. Fails if the provider throws, or if the recorded follow-ups do not match. */
const decodeRecording = ({ spec, apiKey }: TestContext, recorded: RecordedCase): Expectation => {
  const { responses } = recorded
  const instrumented = instrumentSpec(spec)
  const { decoded, requests } = replay(buildQuery({ spec: instrumented.spec, apiKey }, recorded), responses)
  const thrown = instrumented.violations.find(({ kind }) => kind === "throws")
  if (thrown !== undefined) fail(`${thrown.functionName} throws on the response: ${thrown.detail}`)
  if (decoded._tag === "FollowUp") {
    const { method, path } = decoded.followUp.request
    return fail(
      responses.length > maxFollowUps
        ? `The provider needs more than ${maxFollowUps} follow-up requests, which is the maximum of core.`
        : `The response needs a follow-up request, ${method} ${path}. Record its response in "then".`
    )
  }
  if (requests.length < responses.length) {
    fail(
      `"then" has ${responses.length - 1} follow-up requests, but the provider sends ${requests.length - 1}. Remove the others.`
    )
  }
  return toExpectation(decoded, responses.at(-1)?.status)
}

const checkResult = (context: TestContext, recorded: RecordedCase): void => {
  const { means } = recorded.recording
  const actual = decodeRecording(context, recorded)
  if (means === undefined) {
    if (process.env["GENTASK_RECORD"] === "1" && writeExpectation(recorded.path, actual)) return
    return fail(
      `The recording has no "means". Run with GENTASK_RECORD=1 to add the result below, and then compare each member with the vendor's documentation.\n${JSON.stringify(actual, undefined, 2)}`
    )
  }
  const expected = normalizeExpectation(means)
  if (!isDeepStrictEqual(actual, expected)) {
    fail(
      `The decoded response differs from "means". Correct the provider, or "means" if it contradicts the vendor's documentation.\n${formatDiff(actual, expected)}`
    )
  }
}

const describeResult = (decoded: DecodedResponse) =>
  decoded._tag === "FollowUp" ? { needs: nameOf(decoded) } : toExpectation(decoded)

const checkWords = (context: TestContext, recorded: RecordedCase, words: ReadonlyArray<string>): void => {
  const location = findStatus(context, recorded)
  if (location === undefined) {
    return fail('The recording has "words", but its response contains no status word. Remove them.')
  }
  for (const word of words) {
    const responses = withStatusWord(recorded, location, word)
    const actual = describeResult(replayCase(context, recorded, responses))
    const expected = { ...describeResult(decodeCase(context, recorded)), rawStatus: word }
    if (!isDeepStrictEqual(actual, expected)) {
      fail(
        `The response with the status word ${JSON.stringify(word)} decodes to another result. Add the word to the spec's statuses, or remove it from "words".\n${formatDiff(actual, expected)}`
      )
    }
  }
}

/** The checks of expected results. */
export const expectationChecks = (context: TestContext): ReadonlyArray<Check> =>
  context.cases.flatMap((recorded) => {
    const { words = [] } = recorded.recording
    const result = {
      name: `${recorded.name}: the response decodes to the expected result`,
      run: () => checkResult(context, recorded)
    }
    const synonyms = {
      name: `${recorded.name}: its other status words decode to the same result`,
      run: () => checkWords(context, recorded, words)
    }
    return words.length === 0 ? [result] : [result, synonyms]
  })
