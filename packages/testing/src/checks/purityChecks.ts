/** Checks that a provider's functions are pure. */
import { buildRequest, resolveAccount, signRequest } from "@gentask/core/internal"
import { configureAccount } from "@gentask/core/provider"
import type { Check } from "../Check.ts"
import { fail } from "../ConformanceError.ts"
import { buildQuery, replayCase } from "../replay/replay.ts"
import type { QueryTarget, TestContext } from "../replay/TestContext.ts"
import { instrumentSpec, purityAdvice } from "../sandbox/instrumentSpec.ts"

const ignoreErrors = (run: () => unknown): void => {
  try {
    run()
  } catch {
    // Other checks report rejected input.
  }
}

const failIfImpure = (context: TestContext, run: (instrumented: TestContext) => void): void => {
  const { spec, violations } = instrumentSpec(context.spec)
  ignoreErrors(() => run({ ...context, spec }))
  const impure = violations.find(({ kind }) => kind === "impure")
  if (impure !== undefined) fail(`${impure.functionName} ${impure.detail}. ${purityAdvice}`)
}

const buildSignedRequest = (context: TestContext, target: QueryTarget): void => {
  const { spec, apiKey } = context
  // The account is resolved even if the ref is invalid.
  ignoreErrors(() => resolveAccount(configureAccount(spec, { ...target.account, apiKey })))
  const query = buildQuery(context, target)
  signRequest(query, buildRequest(query, spec.query), new Date(0))
}

/** The checks of purity. */
export const purityChecks = (context: TestContext): ReadonlyArray<Check> => [
  {
    name: "building a request is pure",
    run: () => {
      for (const target of [...context.examples, ...context.targets]) {
        failIfImpure(context, (instrumented) => buildSignedRequest(instrumented, target))
      }
    }
  },
  ...context.cases.map((recorded) => ({
    name: `${recorded.name}: decoding the response is pure`,
    run: () => {
      for (const status of [undefined, 400, 500]) {
        const responses = recorded.responses.map((response) => ({
          ...response,
          status: status ?? response.status
        }))
        failIfImpure(context, (instrumented) => replayCase(instrumented, recorded, responses))
      }
    }
  }))
]
