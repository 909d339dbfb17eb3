/** Checks that no unexpected response of an operation has an effect: no task, no cancel, no credit. */
import { isDeepStrictEqual } from "node:util"
import type { SampleResponse } from "@gentask/core/internal"
import type { Check } from "../Check.ts"
import { fail } from "../ConformanceError.ts"
import { bodyMutations } from "../json/bodyMutations.ts"
import { formatPath } from "../json/JsonNode.ts"
import { openCase } from "../operations/openCase.ts"
import type { OperationOutcome } from "../operations/openCase.ts"
import type { OperationCase, OperationContext } from "../operations/OperationContext.ts"
import { unexpectedEffect } from "../operations/unexpectedEffect.ts"
import { jsonBody } from "../replay/StatusLocation.ts"
import { instrumentSpec } from "../sandbox/instrumentSpec.ts"
import type { InstrumentedSpec } from "../sandbox/instrumentSpec.ts"

const invalidBodies: ReadonlyArray<unknown> = [null, [], '"x"', 3, true, {}, "<html>Sorry</html>", ""]

/** Fails if a function has thrown. A submit's `decode` need not expect the body of an HTTP error. */
const failIfThrown = ({ violations }: InstrumentedSpec, status: number, response: string): void => {
  const thrown = violations.find(
    ({ kind, functionName }) => kind === "throws" && (status < 300 || functionName !== "submit.decode")
  )
  if (thrown !== undefined) {
    fail(
      `${thrown.functionName} throws on ${response}: ${thrown.detail}. Check values before use, and return an error.`
    )
  }
}

const isSuccess = ({ _tag }: OperationOutcome): boolean =>
  !["Error", "Rejected", "UnknownOutcome", "Ignored"].includes(_tag)

/** Returns whether a recording shows the same outcome for a response. */
const isRecorded = (
  { cases }: OperationContext,
  { operation }: OperationCase,
  matches: (response: SampleResponse) => boolean
): boolean => cases.some((other) => other.operation === operation && matches(other.response))

const checkInvalidBodies = (context: OperationContext, recorded: OperationCase): void => {
  for (const status of [200, 400, 500]) {
    for (const body of invalidBodies) {
      const instrumented = instrumentSpec(context.spec)
      const { decode } = openCase({ ...context, spec: instrumented.spec }, recorded)
      const outcome = decode({ status, body })
      const text = typeof body === "string" ? body : JSON.stringify(body)
      const response = `HTTP ${status} with ${text === "" ? "an empty body" : `the body ${text}`}`
      failIfThrown(instrumented, status, response)
      const isAllowed =
        // A vendor that responds to a cancel with any 2xx status need not say more.
        (outcome._tag === "CancelRequested" && status === 200) ||
        isRecorded(context, recorded, (other) =>
          isDeepStrictEqual([other.status ?? 200, other.body], [status, body])
        )
      if (isAllowed) continue
      if (isSuccess(outcome) || (outcome._tag === "Rejected" && status === 200)) {
        fail(
          `${response} decodes to ${outcome._tag} for ${recorded.operation}. Return ${recorded.operation === "submit" ? "unknownOutcome" : "an error"}: the response does not say what the vendor did.`
        )
      }
    }
  }
}

const checkServerErrors = (context: OperationContext, recorded: OperationCase): void => {
  const { decode } = openCase(context, recorded)
  for (const status of [500, 502, 503, 504]) {
    const outcome = decode({ ...recorded.response, status })
    const isCreated = outcome._tag === "Accepted"
    if (isCreated || outcome._tag === "UnknownOutcome" || outcome._tag === "Error") continue
    const { _tag: tag } = outcome
    const isShown = context.cases.some(
      (other) =>
        other.operation === recorded.operation &&
        (other.response.status ?? 200) >= 500 &&
        openCase(context, other).decode(other.response)._tag === tag
    )
    if (isShown) continue
    fail(
      `The response decodes to ${tag} even with HTTP ${status}, which does not say whether the vendor did anything. Return undefined from decodeError, or record a documented response with that status.`
    )
  }
}

const checkMutations = (context: OperationContext, recorded: OperationCase): void => {
  const before = openCase(context, recorded).decode(recorded.response)
  const instrumented = instrumentSpec(context.spec)
  const { decode } = openCase({ ...context, spec: instrumented.spec }, recorded)
  const { status = 200 } = recorded.response
  for (const { path, change, body } of bodyMutations(jsonBody(recorded.response))) {
    const after = decode({ ...recorded.response, body: JSON.stringify(body) })
    const response = `a response whose member ${formatPath(path)} ${change}`
    failIfThrown(instrumented, status, response)
    const isElement = typeof path.at(-1) === "number" && change === "is missing"
    const problem = unexpectedEffect(before, after, { status, body, isElement })
    if (problem !== undefined) fail(`The outcome of ${response} is wrong: ${problem}`)
  }
}

/** The checks of unexpected responses. */
export const operationResponseChecks = (context: OperationContext): ReadonlyArray<Check> =>
  context.cases.flatMap((recorded) => [
    {
      name: `${recorded.name}: a response of an invalid shape has no effect, and nothing throws`,
      run: () => checkInvalidBodies(context, recorded)
    },
    {
      name: `${recorded.name}: a missing or mistyped member leads to no other effect`,
      run: () => checkMutations(context, recorded)
    },
    ...(recorded.operation === "webhook"
      ? []
      : [
          {
            name: `${recorded.name}: HTTP 5xx is neither a rejection nor a success`,
            run: () => checkServerErrors(context, recorded)
          }
        ])
  ])
