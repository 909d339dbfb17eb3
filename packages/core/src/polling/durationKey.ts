/** Which tasks a task is likely to be like. */
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import type { TaskQuery } from "../exchange/TaskQuery.ts"

/** Models are named by vendors, who may say anything. */
const longest = 100

/**
 * The account, its host, and the model: tasks of one group are expected to take alike long. Where the vendor tells no
 * model, the ref's hints stand in for it, such as `kind=video`.
 */
export const durationKey = ({ account, ref }: TaskQuery, snapshot: TaskSnapshot | undefined): string => {
  const question = ref.indexOf("?")
  const what = snapshot?.model ?? (question === -1 ? "" : ref.slice(question))
  return `${account.spec.id}@${account.name} ${account.baseUrl.host} ${what.slice(0, longest)}`
}
