/** The checks of all operations besides the query. */
import { knownCheck } from "../Check.ts"
import type { Check } from "../Check.ts"
import { errorMessage } from "../errorMessage.ts"
import { openCase } from "../operations/openCase.ts"
import type { OperationContext } from "../operations/OperationContext.ts"
import { cancelChecks } from "./cancelChecks.ts"
import { hostChecks } from "./hostChecks.ts"
import { idempotencyChecks } from "./idempotencyChecks.ts"
import { keyExchangeChecks } from "./keyExchangeChecks.ts"
import { modelInputChecks } from "./modelInputChecks.ts"
import { operationKeyChecks } from "./operationKeyChecks.ts"
import { operationPurityChecks } from "./operationPurityChecks.ts"
import { operationRecordingChecks } from "./operationRecordingChecks.ts"
import { operationResponseChecks } from "./operationResponseChecks.ts"
import { submitRequestChecks } from "./submitRequestChecks.ts"
import { submitResponseChecks } from "./submitResponseChecks.ts"
import { uploadChecks } from "./uploadChecks.ts"
import { webhookChecks } from "./webhookChecks.ts"

const groups: ReadonlyArray<(context: OperationContext) => ReadonlyArray<Check>> = [
  operationRecordingChecks,
  operationResponseChecks,
  operationPurityChecks,
  operationKeyChecks,
  modelInputChecks,
  submitRequestChecks,
  idempotencyChecks,
  submitResponseChecks,
  cancelChecks,
  uploadChecks,
  webhookChecks,
  keyExchangeChecks
]

/** Returns why the request of a recording cannot be built, or undefined. */
const problemOf = (context: OperationContext, recorded: OperationContext["cases"][number]) => {
  try {
    openCase(context, recorded)
    return undefined
  } catch (error) {
    return `${errorMessage(error)}. Correct the recording, or the provider.`
  }
}

/** The checks of all operations besides the query. A recording whose request cannot be built fails one check only. */
export const operationChecks = (context: OperationContext): ReadonlyArray<Check> => {
  const problems = new Map(context.cases.map((each) => [each, problemOf(context, each)]))
  const usable = { ...context, cases: context.cases.filter((each) => problems.get(each) === undefined) }
  return [
    ...hostChecks(context.spec),
    ...[...problems].map(([{ name }, problem]) => knownCheck(`${name}: the request can be built`, problem)),
    ...groups.flatMap((checksOf) => checksOf(usable))
  ]
}
