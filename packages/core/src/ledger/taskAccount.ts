import * as TaskRef from "../task/TaskRef.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"

/** Returns the account of a task as in its ref: `jimmy` for a provider's default account, else `jimeng@deepwl`. */
export const taskAccount = ({ provider, account }: Pick<TaskSnapshot, "provider" | "account">): string =>
  account === provider ? provider : `${provider}@${account}`

/**
 * Returns the account of a ref, in the form of {@link taskAccount}.
 *
 * @throws {InvalidTaskRef} If the text is not a task ref.
 */
export const refAccount = (ref: string): string => {
  const { provider, account = provider } = TaskRef.parse(ref)
  return taskAccount({ provider, account })
}
