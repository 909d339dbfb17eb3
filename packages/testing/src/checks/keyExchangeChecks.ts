/** Checks of key exchanges: a token of the account, or the keys of webhooks. */
import { decodeOperation, toReceivedResponse } from "@gentask/core/internal"
import type { KeyExchange, KeyExchangeOutcome } from "@gentask/core/provider"
import type { Check } from "../Check.ts"
import { fail } from "../ConformanceError.ts"
import { urlOf } from "../operations/canonicalSpec.ts"
import { firstAccount } from "../operations/firstAccount.ts"
import type { OperationContext } from "../operations/OperationContext.ts"
import { instrumentSpec, purityAdvice } from "../sandbox/instrumentSpec.ts"

type AnyExchange = KeyExchange<unknown, unknown, unknown>

const garbage: ReadonlyArray<string> = ["null", "[]", '"x"', "3", "{}", '{"data":null}', "<html>", ""]

const checkExchange = (
  context: OperationContext,
  name: string,
  exchangeOf: (spec: OperationContext["spec"]) => AnyExchange | undefined
): void => {
  const { spec, violations } = instrumentSpec(context.spec)
  const exchange = exchangeOf(spec)
  const account = firstAccount(context)
  if (exchange === undefined || account === undefined) return
  const credentials = { apiKey: context.apiKey, endpoint: account.endpoint, now: new Date(0) }
  urlOf(account, exchange.request(credentials, account.settings))
  for (const body of garbage) {
    const response = { ...toReceivedResponse({ body }), secrets: "" }
    const decoded = decodeOperation<unknown, KeyExchangeOutcome<unknown>>(exchange, response)
    if (decoded._tag === "Decoded" && decoded.outcome._tag === "Exchanged") {
      fail(
        `${name}.decode returns a value for the response ${body === "" ? "without a body" : body}. Return an error if the value is missing.`
      )
    }
  }
  const violation = violations[0]
  if (violation !== undefined) {
    fail(
      violation.kind === "throws"
        ? `${violation.functionName} throws: ${violation.detail}. Check values before use.`
        : `${violation.functionName} ${violation.detail}. ${purityAdvice}`
    )
  }
}

/** The checks of key exchanges. */
export const keyExchangeChecks = (context: OperationContext): ReadonlyArray<Check> => {
  const { keyExchange, webhook } = context.spec
  return [
    ...(keyExchange === undefined
      ? []
      : [
          {
            name: "the key exchange is pure and decodes an invalid response to an error",
            run: () => checkExchange(context, "keyExchange", (spec) => spec.keyExchange)
          }
        ]),
    ...(webhook?.keys === undefined
      ? []
      : [
          {
            name: "the exchange of webhook keys is pure and decodes an invalid response to an error",
            run: () => checkExchange(context, "webhook.keys", (spec) => spec.webhook?.keys)
          }
        ])
  ]
}
