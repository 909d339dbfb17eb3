/** Checks that recorded operations have the documented requests and the expected results. */
import { isDeepStrictEqual } from "node:util"
import type { Check } from "../Check.ts"
import { fail } from "../ConformanceError.ts"
import { formatDiff } from "../json/formatDiff.ts"
import { canonicalOperationRequest, toRecordedRequest } from "../operations/canonicalSpec.ts"
import { openCase } from "../operations/openCase.ts"
import type { OperationCase, OperationContext } from "../operations/OperationContext.ts"
import {
  normalizeOperationExpectation,
  toOperationExpectation
} from "../operations/toOperationExpectation.ts"
import { operationNames } from "../recording/OperationRecording.ts"
import type { OperationName } from "../recording/OperationRecording.ts"
import { writeExpectation } from "../recording/writeExpectation.ts"
import { instrumentSpec } from "../sandbox/instrumentSpec.ts"

/** What at least one recording of each operation must show. */
const successes: Readonly<Record<OperationName, ReadonlyArray<readonly [member: string, state: string]>>> = {
  submit: [
    ["accepted", "an accepted submit"],
    ["rejected", "a rejected submit"]
  ],
  cancel: [["canceled", "a cancel"]],
  upload: [["reference", "an upload"]],
  balance: [["balance", "a balance"]],
  recover: [["tasks", "a list of tasks"]],
  webhook: [["updated", "a notification about a task"]]
}

const checkCoverage = ({ spec, cases }: OperationContext): void => {
  for (const name of operationNames) {
    if (spec[name] === undefined) continue
    const recorded = cases.filter(({ operation }) => operation === name)
    for (const [member, state] of successes[name]) {
      if (!recorded.some(({ recording: { means = {} } }) => member in means)) {
        fail(
          `No recording shows ${state}. Add one with the member "${name}". If its values are made up, say so in "source".`
        )
      }
    }
    if (name !== "webhook" && !recorded.some(({ recording }) => recording.request !== undefined)) {
      fail(
        `No recording of ${name} has a "request". Copy it from the vendor's documentation, without the credentials.`
      )
    }
  }
}

const requestCheck = (context: OperationContext, recorded: OperationCase): ReadonlyArray<Check> => {
  const { request } = recorded.recording
  if (request === undefined) return []
  const run = (): void => {
    const { account, spec } = openCase(context, recorded)
    const actual = spec && canonicalOperationRequest(toRecordedRequest(account, spec))
    const expected = canonicalOperationRequest(request)
    if (!isDeepStrictEqual(actual, expected)) {
      fail(
        `The request differs from the documented one. Correct ${recorded.operation}.request, or the recording. Credentials and Content-Type are not recorded.\n${formatDiff(actual, expected)}`
      )
    }
  }
  return [{ name: `${recorded.name}: the request equals the documented one`, run }]
}

const checkResult = (context: OperationContext, recorded: OperationCase): void => {
  const { means } = recorded.recording
  const instrumented = instrumentSpec(context.spec)
  const { account, decode } = openCase({ ...context, spec: instrumented.spec }, recorded)
  const outcome = decode(recorded.response)
  const thrown = instrumented.violations.find(({ kind }) => kind === "throws")
  if (thrown !== undefined) fail(`${thrown.functionName} throws on the response: ${thrown.detail}`)
  const actual = toOperationExpectation(account, outcome, recorded.response.status ?? 200)
  if (means === undefined) {
    if (process.env["GENTASK_RECORD"] === "1" && writeExpectation(recorded.path, actual)) return
    return fail(
      `The recording has no "means". Run with GENTASK_RECORD=1 to add the result below, and then compare each member with the vendor's documentation.\n${JSON.stringify(actual, undefined, 2)}`
    )
  }
  const expected = normalizeOperationExpectation(means)
  if (!isDeepStrictEqual(actual, expected)) {
    fail(
      `The decoded response differs from "means". Correct the provider, or "means" if it contradicts the vendor's documentation.\n${formatDiff(actual, expected)}`
    )
  }
}

/** The checks of recorded operations. */
export const operationRecordingChecks = (context: OperationContext): ReadonlyArray<Check> => {
  const hasOperations = operationNames.some((name) => context.spec[name] !== undefined)
  const coverage = {
    name: "every operation of the spec is recorded with its results",
    run: () => checkCoverage(context)
  }
  return [
    ...(hasOperations ? [coverage] : []),
    ...context.cases.flatMap((recorded) => [
      ...requestCheck(context, recorded),
      {
        name: `${recorded.name}: the response decodes to the expected result`,
        run: () => checkResult(context, recorded)
      }
    ])
  ]
}
