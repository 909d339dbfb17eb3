/** Checks that the functions of operations are pure. */
import { authHeaders, resolveRequest } from "@gentask/core/internal"
import type { ResolvedAccount } from "@gentask/core/internal"
import type { Check } from "../Check.ts"
import { fail } from "../ConformanceError.ts"
import { openCase } from "../operations/openCase.ts"
import type { OpenCase } from "../operations/openCase.ts"
import type { OperationCase, OperationContext } from "../operations/OperationContext.ts"
import { verifyCase } from "../operations/verifyCase.ts"
import { instrumentSpec, purityAdvice } from "../sandbox/instrumentSpec.ts"

const ignoreErrors = (run: () => unknown): void => {
  try {
    run()
  } catch {
    // Other checks report rejected input.
  }
}

/** Calls the authorize function of a recover, which other requests do not use. */
const authorizeRecover = (account: ResolvedAccount, { spec }: OpenCase): void => {
  const authorize = account.spec.recover?.authorize
  if (authorize === undefined || spec === undefined) return
  const { method, path, query, host } = spec
  const { request } = resolveRequest(account, { method, path, query, host })
  authHeaders(account, request, new Date(0), undefined, (...[signed, credentials]) =>
    authorize(signed, credentials, account.settings)
  )
}

const checkPurity = (context: OperationContext, recorded: OperationCase): void => {
  const { spec, violations } = instrumentSpec(context.spec)
  const instrumented = { ...context, spec }
  ignoreErrors(() => {
    const opened = openCase(instrumented, recorded)
    const { account, decode } = opened
    for (const status of [recorded.response.status, 400, 500]) decode({ ...recorded.response, status })
    if (recorded.operation === "recover") authorizeRecover(account, opened)
    if (recorded.operation === "webhook") verifyCase(spec, recorded)
    spec.submit?.rateLimits?.(account.settings)
    spec.submit?.maxActiveTasks?.(account.settings)
  })
  const impure = violations.find(({ kind }) => kind === "impure")
  if (impure !== undefined) fail(`${impure.functionName} ${impure.detail}. ${purityAdvice}`)
}

/** The checks of purity. */
export const operationPurityChecks = (context: OperationContext): ReadonlyArray<Check> =>
  context.cases.map((recorded) => ({
    name: `${recorded.name}: the functions of ${recorded.operation} are pure`,
    run: () => checkPurity(context, recorded)
  }))
