import { accountName } from "./accountName.ts"
import type { ResolvedAccount } from "./ResolvedAccount.ts"

/** Returns the name of an account as in a task ref. */
export const nameOf = ({ spec, name }: ResolvedAccount): string => accountName({ spec, account: name })
