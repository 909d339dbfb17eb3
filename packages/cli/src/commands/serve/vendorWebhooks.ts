import type { ProviderAccount } from "@gentask/core"
import { accountName, variableName } from "@gentask/core/internal"

/** Reads a variable. Blank values count as unset. */
export const readVariable = (name: string): string | undefined => {
  const value = process.env[name]?.trim()
  return value === "" ? undefined : value
}

const secretVariable = ({ spec, account }: ProviderAccount): string =>
  variableName(spec.id, account, "WEBHOOK_SECRET")

/** Returns the secrets that vendors sign their webhooks with, by account. Only the environment has them. */
export const webhookSecretsOf = (
  providers: ReadonlyArray<ProviderAccount>
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    providers.flatMap((provider) => {
      const secret = readVariable(secretVariable(provider))
      return secret === undefined ? [] : [[accountName(provider), secret]]
    })
  )
