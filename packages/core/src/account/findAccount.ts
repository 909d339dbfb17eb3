import type { ProviderAccount } from "../provider/ProviderAccount.ts"
import type { TaskRef } from "../task/TaskRef.ts"

/**
 * Finds the account of a task ref: the account with the ref's account name, or else the only account at an endpoint
 * with that name.
 *
 * @returns The account, or undefined if none or several match.
 */
export const findAccount = (
  accounts: ReadonlyArray<ProviderAccount>,
  ref: Pick<TaskRef, "provider" | "account">
): ProviderAccount | undefined => {
  const candidates = accounts.filter((account) => account.spec.id === ref.provider)
  const name = ref.account ?? ref.provider
  const named = candidates.find((account) => account.account === name)
  if (named !== undefined) return named
  const atEndpoint = candidates.filter(({ endpoint, baseUrl }) => endpoint === name && baseUrl === undefined)
  return atEndpoint.length === 1 ? atEndpoint[0] : undefined
}
