import { configureAccount } from "../provider/ProviderAccount.ts"
import type { ProviderAccount } from "../provider/ProviderAccount.ts"
import type { ProviderSpec } from "../provider/ProviderSpec.ts"
import { variableName } from "./variableName.ts"

/** Environment variables by name, such as `process.env`. Blank values count as unset. */
export type Variables = Readonly<Record<string, string | undefined>>

/** The suffixes of an account's variables. */
export const variableSuffixes = ["API_KEY", "ENDPOINT", "BASE_URL", "USER_AGENT"] as const

const readVariable = (variables: Variables, name: string): string | undefined => {
  const value = variables[name]?.trim()
  return value === "" ? undefined : value
}

const accountFromVariables = (spec: ProviderSpec, name: string, variables: Variables): ProviderAccount => {
  const value = (suffix: (typeof variableSuffixes)[number]): string | undefined =>
    readVariable(variables, variableName(spec.id, name, suffix))
  return configureAccount(spec, {
    account: name,
    apiKey: value("API_KEY"),
    endpoint: value("ENDPOINT") ?? (Object.hasOwn(spec.endpoints, name) ? name : undefined),
    baseUrl: value("BASE_URL"),
    userAgent: value("USER_AGENT")
  })
}

/** Returns the names of the accounts that have a variable, besides the default account. */
const findAccountNames = (spec: ProviderSpec, variables: Variables): ReadonlyArray<string> => {
  const prefix = variableName(spec.id, spec.id, "")
  const names = new Set<string>()
  for (const variable of Object.keys(variables)) {
    if (!variable.startsWith(prefix) || readVariable(variables, variable) === undefined) continue
    const suffix = variableSuffixes.find((each) => variable.endsWith(`_${each}`))
    if (suffix === undefined || variable.length <= prefix.length + suffix.length) continue
    names.add(
      variable
        .slice(prefix.length, -suffix.length - 1)
        .toLowerCase()
        .replaceAll("_", "-")
    )
  }
  names.delete(spec.id)
  return [...names].toSorted()
}

/**
 * Returns the accounts of a provider that environment variables configure: always the default account, so that its
 * missing variables are reported when it is used, and one for each other name. `JIMENG_DEEPWL_API_KEY` belongs to the
 * account `deepwl`. If the provider has an endpoint of that name, the account uses it.
 *
 * ```ts
 * const gentask = createGentask({ providers: accountsFromVariables(spec, process.env) })
 * ```
 *
 * @param spec The provider.
 * @param variables The environment variables.
 */
export const accountsFromVariables = (
  spec: ProviderSpec,
  variables: Variables
): ReadonlyArray<ProviderAccount> =>
  [spec.id, ...findAccountNames(spec, variables)].map((name) => accountFromVariables(spec, name, variables))
