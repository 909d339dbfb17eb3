/** Checks of the responses of submits: every task is found, and nothing is sent again without documentation. */
import { isDeepStrictEqual } from "node:util"
import { isTerminal, TaskRef } from "@gentask/core"
import type { TaskSnapshot } from "@gentask/core"
import { makeTaskQuery } from "@gentask/core/internal"
import type { ResolvedAccount } from "@gentask/core/internal"
import type { Check } from "../Check.ts"
import { fail } from "../ConformanceError.ts"
import { errorMessage } from "../errorMessage.ts"
import { formatDiff } from "../json/formatDiff.ts"
import { urlOf } from "../operations/canonicalSpec.ts"
import { openCase } from "../operations/openCase.ts"
import type { OperationCase, OperationContext } from "../operations/OperationContext.ts"
import { acceptedTasks } from "../operations/toOperationExpectation.ts"

/** Checks that there is a result for each task that cannot be queried. */
const checkResults = (account: ResolvedAccount, snapshots: ReadonlyArray<TaskSnapshot>): void => {
  const results = snapshots.filter(({ ref }) => makeTaskQuery(TaskRef.parse(ref), account).completesOnSubmit)
  if (results.length > 1)
    fail(`query.completesOnSubmit is true for ${results.length} tasks of one submit. Return one task.`)
  for (const { ref, status } of results) {
    if (!isTerminal(status))
      fail(
        `query.completesOnSubmit is true for ${ref}, but the draft of the submit has the status ${status}. Pass accepted a draft with the result, or make it false.`
      )
  }
}

const checkQueries = (context: OperationContext, recorded: OperationCase): void => {
  const { account, decode } = openCase(context, recorded)
  const outcome = decode(recorded.response)
  if (outcome._tag !== "Accepted") return
  const { snapshots } = acceptedTasks(account, outcome)
  outcome.tasks.forEach(({ id, params = {} }, index) => {
    const ref = snapshots[index]?.ref ?? ""
    try {
      const parsed = TaskRef.parse(ref)
      if (!isDeepStrictEqual([parsed.id, parsed.params], [id, { ...params }])) {
        fail(
          `The ref ${ref} does not have the id and the params of its task. Use texts without empty values.`
        )
      }
      const { task } = makeTaskQuery(parsed, account)
      urlOf(account, account.spec.query.request(task, account.settings))
    } catch (error) {
      fail(
        `The accepted task ${ref} cannot be queried: ${errorMessage(error)}. Return every param that the query needs.`
      )
    }
  })
  checkResults(account, snapshots)
}

const checkAnyStatus = (context: OperationContext, recorded: OperationCase): void => {
  const { decode } = openCase(context, recorded)
  const ids = (status: number | undefined) => {
    const outcome = decode({ ...recorded.response, status })
    return outcome._tag === "Accepted" ? outcome.tasks.map(({ id }) => id) : outcome._tag
  }
  const expected = ids(recorded.response.status)
  for (const status of [200, 201, 202, 400, 409, 422, 429, 500, 503]) {
    const actual = ids(status)
    if (!isDeepStrictEqual(actual, expected)) {
      fail(
        `The response is not accepted with HTTP ${status}, although it has a task id. Read the id first in submit.decode, whatever the status is.\n${formatDiff(actual, expected)}`
      )
    }
  }
}

const genericBodies: ReadonlyArray<string> = [
  "{}",
  "",
  "<html>Sorry</html>",
  '{"error":{"code":"rate_limit_exceeded","message":"Too many requests, please retry later"}}',
  '{"message":"Too many requests"}'
]

const checkRetries = (context: OperationContext): void => {
  const submits = context.cases.filter(({ operation }) => operation === "submit")
  const documented = new Set(
    submits
      .filter((each) => openCase(context, each).decode(each.response)._tag === "Retryable")
      .map(({ response }) => response.status ?? 200)
  )
  for (const recorded of submits) {
    const { decode } = openCase(context, recorded)
    for (const status of [200, 400, 402, 403, 408, 409, 425, 429, 500, 503]) {
      if (documented.has(status)) continue
      const body = genericBodies.find((each) => decode({ status, body: each })._tag === "Retryable")
      if (body !== undefined) {
        fail(
          `HTTP ${status} with ${body === "" ? "an empty body" : body} is sent again. Return retryable only if the vendor documents that it created no task, and record that response.`
        )
      }
    }
  }
}

/** The checks of the responses of submits. */
export const submitResponseChecks = (context: OperationContext): ReadonlyArray<Check> => {
  if (context.spec.submit === undefined) return []
  const accepted = context.cases.filter(
    (each) => each.operation === "submit" && openCase(context, each).decode(each.response)._tag === "Accepted"
  )
  return [
    { name: "an undocumented error of a submit is not sent again", run: () => checkRetries(context) },
    ...accepted.flatMap((recorded) => [
      {
        name: `${recorded.name}: the accepted tasks can be queried`,
        run: () => checkQueries(context, recorded)
      },
      {
        name: `${recorded.name}: a task id is accepted with any HTTP status`,
        run: () => checkAnyStatus(context, recorded)
      }
    ])
  ]
}
