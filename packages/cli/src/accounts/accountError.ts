import { ConfigurationError } from "@gentask/core"
import type { ProviderAccount } from "@gentask/core"
import { accountName, resolveAccount, variableName } from "@gentask/core/internal"
import type { ResolvedAccount } from "@gentask/core/internal"
import { Secret } from "@gentask/core/provider"
import { accountKey } from "../config/loadConfiguration.ts"
import type { Configuration } from "../config/loadConfiguration.ts"
import { firstLine } from "../output/sanitize.ts"

/** Returns the name of the variable that contains the API key of an account. */
export const keyVariable = (account: ProviderAccount, configuration: Configuration): string =>
  configuration.keyVariables.get(accountKey(account.spec.id, account.account)) ??
  variableName(account.spec.id, account.account, "API_KEY")

/** Whether an account cannot be used without an API key. */
const needsKey = ({ spec }: ProviderAccount): boolean => (spec.apiKey ?? "required") === "required"

/** Validates an account, with or without an API key. Returns the resolved account or the error. */
export const validateAccount = (account: ProviderAccount): ResolvedAccount | ConfigurationError => {
  try {
    return resolveAccount(
      account.apiKey === undefined && needsKey(account)
        ? { ...account, apiKey: new Secret("missing") }
        : account
    )
  } catch (error) {
    if (error instanceof ConfigurationError) return error
    // A provider's own functions run here, and they may throw.
    return new ConfigurationError(
      {
        reason: { _tag: "UnsupportedProvider", provider: account.spec.id, problems: [] },
        message: `The provider of ${accountName(account)} failed to read the account's settings: ${firstLine(error)}. Fix the provider, or report this to its author.`
      },
      { cause: error }
    )
  }
}

/**
 * Returns why an account cannot send requests, or undefined if it can.
 *
 * @param ref The ref that the message starts with, if there is one.
 */
export const accountError = (
  ref: string | undefined,
  account: ProviderAccount,
  configuration: Configuration
): ConfigurationError | undefined => {
  const prefix = ref === undefined ? "" : `${ref}: `
  const validated = validateAccount(account)
  if (validated instanceof ConfigurationError) {
    const { reason, message } = validated
    return new ConfigurationError({ reason, message: `${prefix}${message}` }, { cause: validated })
  }
  if (account.apiKey !== undefined || !needsKey(account)) return undefined
  const variable = keyVariable(account, configuration)
  return new ConfigurationError({
    reason: { _tag: "MissingApiKey", account: accountName(account), variable },
    message: `${prefix}${accountName(account)} has no API key. Set the environment variable ${variable}, or name another variable as apiKeyVariable in gentask.config.json.`
  })
}
