import type { TaskQuery } from "../exchange/TaskQuery.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"

/** Limits the part of a key that comes from the vendor or the user. */
const maxModelLength = 100

/**
 * Returns the key under which a task's duration is recorded: its account, host and model. Tasks with the same key are
 * expected to have similar durations. While the model is unknown, the params of the ref take its place, such as
 * `?kind=video`.
 */
export const durationKey = ({ account, ref }: TaskQuery, snapshot: TaskSnapshot | undefined): string => {
  const paramsIndex = ref.indexOf("?")
  const model = snapshot?.model ?? (paramsIndex === -1 ? "" : ref.slice(paramsIndex))
  return `${account.spec.id}@${account.name} ${account.baseUrl.host} ${model.slice(0, maxModelLength)}`
}
