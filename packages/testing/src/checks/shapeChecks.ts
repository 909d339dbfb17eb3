/** Checks that responses of an undocumented shape are handled. */
import { isDeepStrictEqual } from "node:util"
import { isTerminal } from "@gentask/core/internal"
import type { SampleResponse } from "@gentask/core/internal"
import type { Check } from "../Check.ts"
import { fail } from "../ConformanceError.ts"
import { bodyMutations } from "../json/bodyMutations.ts"
import { formatDiff } from "../json/formatDiff.ts"
import { formatPath, jsonType, objectsIn, setAt } from "../json/JsonNode.ts"
import type { JsonNode } from "../json/JsonNode.ts"
import { toExpectation } from "../recording/Expectation.ts"
import { buildQuery, decodeCase, isRecorded, nameOf, replay, replayCase, statusOf } from "../replay/replay.ts"
import { containsStatus, findStatus, jsonBody, withBody } from "../replay/StatusLocation.ts"
import type { RecordedCase, TestContext } from "../replay/TestContext.ts"
import { instrumentSpec, purityAdvice } from "../sandbox/instrumentSpec.ts"
import type { InstrumentedSpec } from "../sandbox/instrumentSpec.ts"
import { unknownMember } from "../unknownMember.ts"

const failIfViolated = ({ violations }: InstrumentedSpec, response: string): void => {
  const thrown = violations.find(
    ({ kind, functionName }) => kind === "throws" && functionName !== "query.request"
  )
  if (thrown !== undefined) {
    fail(
      `${thrown.functionName} throws on ${response}: ${thrown.detail}. Check values before use. An unexpected response must decode to UnexpectedResponse.`
    )
  }
  const impure = violations.find(({ kind }) => kind === "impure")
  if (impure !== undefined) fail(`${impure.functionName} ${impure.detail} on ${response}. ${purityAdvice}`)
}

const invalidBodies: ReadonlyArray<unknown> = [null, [], "x", 3, true, {}]

const checkInvalidBodies = (context: TestContext): void => {
  for (const target of context.targets) {
    const instrumented = instrumentSpec(context.spec)
    const query = buildQuery({ ...context, spec: instrumented.spec }, target)
    for (const body of invalidBodies) {
      const text = JSON.stringify(body)
      const [decoded] = [200, 400, 500].map((status) => replay(query, [{ status, body: text }]).decoded)
      failIfViolated(instrumented, `the response ${text}`)
      const isUnexpected = decoded?._tag === "Error" && decoded.reason._tag === "UnexpectedResponse"
      if (decoded !== undefined && !isUnexpected && !isRecorded(context, 200, body)) {
        fail(
          `The response ${text} decodes to ${nameOf(decoded)}. Return UnexpectedResponse with the path of the missing member.`
        )
      }
    }
  }
}

const checkInvalidFollowUps = (context: TestContext): void => {
  for (const recorded of context.cases) {
    const instrumented = instrumentSpec(context.spec)
    for (const index of recorded.responses.keys()) {
      if (index === 0) continue
      for (const body of invalidBodies) {
        replayCase({ ...context, spec: instrumented.spec }, recorded, withBody(recorded, index, body))
        failIfViolated(instrumented, `the follow-up response ${JSON.stringify(body)}`)
      }
    }
  }
}

/** Returns whether the recordings have a status word with several statuses, so that another member decides. */
const isAmbiguous = (context: TestContext, word: string): boolean => {
  const statuses = context.cases.flatMap((recorded) => {
    const decoded = decodeCase(context, recorded)
    return decoded._tag === "Snapshot" && decoded.snapshot.rawStatus === word ? [decoded.snapshot.status] : []
  })
  return new Set(statuses).size > 1
}

const checkMutations = (context: TestContext, recorded: RecordedCase): void => {
  const original = decodeCase(context, recorded)
  const word = original._tag === "Snapshot" ? original.snapshot.rawStatus : null
  const before = word === null || isAmbiguous(context, word) ? undefined : statusOf(original)
  const location = findStatus(context, recorded)
  const instrumented = instrumentSpec(context.spec)
  const instrumentedContext = { ...context, spec: instrumented.spec }
  recorded.responses.forEach((response, index) => {
    for (const { path, change, body, isPlausible } of bodyMutations(jsonBody(response))) {
      const mutated = `a response whose member ${formatPath(path)} ${change}`
      const decoded = replayCase(instrumentedContext, recorded, withBody(recorded, index, body))
      failIfViolated(instrumented, mutated)
      const after = statusOf(decoded)
      if (before === undefined || after === undefined || after === before || !isTerminal(after)) continue
      if ((isTerminal(before) || isPlausible) && containsStatus(location, index, path)) continue
      fail(
        `The status word ${JSON.stringify(word)} is ${before}, but ${mutated} decodes to ${after}. Derive the status from the word. If another member decides, record a response that shows it.`
      )
    }
  })
}

/** Returns a value of the type that all members of an object have: they may be names that the vendor assigns. */
const unknownValueFor = (object: object): unknown => {
  const types = new Set(Object.values(object).map(jsonType))
  const [type = "mixed"] = types.size === 1 ? types : []
  const values: Readonly<Record<string, unknown>> = {
    string: "",
    number: 0,
    boolean: false,
    array: [],
    null: null
  }
  return type in values ? values[type] : { unknown: ["x"] }
}

const addUnknownMember = (body: unknown, { path, value }: JsonNode): unknown =>
  setAt(body, [...path, unknownMember], unknownValueFor(value as object))

const checkUnknownMembers = (context: TestContext, recorded: RecordedCase): void => {
  const decode = (responses: ReadonlyArray<SampleResponse>): unknown => {
    const decoded = replayCase(context, recorded, responses)
    return decoded._tag === "FollowUp" ? nameOf(decoded) : toExpectation(decoded)
  }
  const before = decode(recorded.responses)
  recorded.responses.forEach((response, index) => {
    const body = jsonBody(response)
    const decodeWith = (objects: ReadonlyArray<JsonNode>) =>
      decode(withBody(recorded, index, objects.reduce(addUnknownMember, body)))
    const objects = objectsIn(body)
    if (isDeepStrictEqual(decodeWith(objects), before)) return
    const single = objects.find((node) => !isDeepStrictEqual(decodeWith([node]), before))
    const place = single === undefined || single.path.length === 0 ? "" : ` in ${formatPath(single.path)}`
    fail(
      `An unknown member${place} changes the result, but vendors add members at any time. Let the response schema ignore it.\n${formatDiff(decodeWith(single === undefined ? objects : [single]), before)}`
    )
  })
}

/** The checks of undocumented shapes. */
export const shapeChecks = (context: TestContext): ReadonlyArray<Check> => [
  {
    name: "a response of an invalid shape decodes to UnexpectedResponse and nothing throws",
    run: () => {
      checkInvalidBodies(context)
      checkInvalidFollowUps(context)
    }
  },
  ...context.cases.flatMap((recorded) => [
    {
      name: `${recorded.name}: a missing or mistyped member neither throws nor leads to another terminal status`,
      run: () => checkMutations(context, recorded)
    },
    {
      name: `${recorded.name}: unknown members do not change the result`,
      run: () => checkUnknownMembers(context, recorded)
    }
  ])
]
