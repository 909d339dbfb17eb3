import type { ProviderAccount } from "../provider/ProviderAccount.ts"

/** Returns the name of an account as in a task ref: `jimeng` for the default account, else `jimeng@deepwl`. */
export const accountName = (account: Pick<ProviderAccount, "spec" | "account">): string =>
  account.account === account.spec.id ? account.spec.id : `${account.spec.id}@${account.account}`
