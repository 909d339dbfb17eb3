/** Checks that no operation sends the API key where others can see it. */
import { authHeaders, resolveRequest } from "@gentask/core/internal"
import type { RequestSpec } from "@gentask/core/provider"
import type { Check } from "../Check.ts"
import { ConformanceError, fail } from "../ConformanceError.ts"
import { toRecordedRequest } from "../operations/canonicalSpec.ts"
import { openCase } from "../operations/openCase.ts"
import type { OpenCase } from "../operations/openCase.ts"
import type { OperationCase, OperationContext } from "../operations/OperationContext.ts"
import { checkHeaders, containsKey } from "./apiKeyChecks.ts"

/** Signs the request, because a provider that stores the key leaks it in later calls. */
const sign = (
  { account }: OpenCase,
  { method, path, query, host }: RequestSpec,
  isRecover: boolean
): void => {
  const { request } = resolveRequest(account, { method, path, query, host })
  const own = isRecover ? account.spec.recover?.authorize : undefined
  try {
    const headers = authHeaders(account, request, new Date(0))
    checkHeaders(headers)
    if (own !== undefined) {
      checkHeaders(
        authHeaders(account, request, new Date(0), undefined, (...[signed, credentials]) =>
          own(signed, credentials, account.settings)
        )
      )
    }
  } catch (error) {
    if (error instanceof ConformanceError) throw error
    // The check of authorize reports it.
  }
}

const checkKey = (context: OperationContext, recorded: OperationCase): void => {
  const { apiKey } = context
  const opened = openCase(context, recorded)
  if (opened.spec !== undefined) sign(opened, opened.spec, recorded.operation === "recover")
  const { account, spec, decode } = openCase(context, recorded)
  if (spec !== undefined) {
    const { url, headers, ...body } = toRecordedRequest(account, spec)
    const place = Object.entries({ URL: decodeURI(url), headers, body }).find(([, value]) =>
      containsKey(JSON.stringify(value ?? ""), apiKey)
    )
    if (place !== undefined) {
      fail(
        `${recorded.name}: the request of ${recorded.operation} has the API key in its ${place[0]}, where proxies and logs can see it. Put it into the headers that authorize returns.`
      )
    }
  }
  if (containsKey(JSON.stringify(decode(recorded.response)), apiKey)) {
    fail(`The result of ${recorded.name} contains the API key. Do not store what authorize receives.`)
  }
}

/** The checks of the API key in operations. */
export const operationKeyChecks = (context: OperationContext): ReadonlyArray<Check> =>
  context.cases.length === 0
    ? []
    : [
        {
          name: "no request and no result of an operation contains the API key",
          run: () => {
            for (const recorded of context.cases) checkKey(context, recorded)
          }
        }
      ]
