import type { TaskSnapshot } from "../task/TaskSnapshot.ts"

/** Returns the account of a task as in its ref: `jimmy` for a provider's default account, else `jimeng@deepwl`. */
export const taskAccount = ({ provider, account }: Pick<TaskSnapshot, "provider" | "account">): string =>
  account === provider ? provider : `${provider}@${account}`
