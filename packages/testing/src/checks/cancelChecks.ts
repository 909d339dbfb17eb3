/** Checks that a cancel is about exactly one task. */
import { TaskRef } from "@gentask/core"
import { makeTaskQuery } from "@gentask/core/internal"
import type { Check } from "../Check.ts"
import { fail } from "../ConformanceError.ts"
import { openAccount } from "../operations/openCase.ts"
import type { OperationContext } from "../operations/OperationContext.ts"
import { toBuiltRequest } from "./toBuiltRequest.ts"
import type { RequestBuilder } from "./unusualIds.ts"
import { checkDistinct, checkForm, unusualIds } from "./unusualIds.ts"

/** The recorded cancels: the id, and the request for another id. */
const cancels = (
  context: OperationContext
): ReadonlyArray<{ readonly id: string; readonly build: RequestBuilder }> => {
  const { cancel } = context.spec
  if (cancel === undefined) return []
  return context.cases.flatMap(({ recording, account: options }) => {
    if (recording.cancel === undefined) return []
    const ref = TaskRef.parse(recording.cancel)
    const account = openAccount(context, options, ref.account)
    const build: RequestBuilder = (id) =>
      toBuiltRequest(account, () =>
        cancel.request(makeTaskQuery({ ...ref, id }, account).task, account.settings)
      )
    return [{ id: ref.id, build }]
  })
}

/** The checks of cancels. */
export const cancelChecks = (context: OperationContext): ReadonlyArray<Check> =>
  context.spec.cancel === undefined
    ? []
    : [
        {
          name: "every id of a canceled task is encoded or rejected",
          run: () => {
            for (const { id, build } of cancels(context)) {
              const original = build(id)
              if (original === undefined) fail(`The request that cancels ${id} cannot be built.`)
              else checkForm(build, original, unusualIds, { name: "id" })
            }
          }
        },
        {
          name: "cancels of different tasks are different requests",
          run: () => {
            for (const { id, build } of cancels(context)) checkDistinct(build, id)
          }
        }
      ]
