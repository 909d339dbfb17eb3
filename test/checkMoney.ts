/** Compares the tasks and requests of an emulator with the intents of a ledger. */
import type { Emulator, ReceivedSubmit } from "@gentask/emulator"
import type { Intent } from "@gentask/core"
import type { MoneyReport } from "./MoneyReport.ts"

/** Returns the number of a submit, which its prompt contains, or undefined. */
export const indexIn = (text: string | null | undefined): string | undefined =>
  /Fox number (\d+),/.exec(text ?? "")?.[1]

/** Faults after which the client cannot know whether there is a task. */
const ambiguous: ReadonlySet<string> = new Set([
  "reset-before-task",
  "reset-unread",
  "proxy-error",
  "reset-after-task",
  "truncated-after-task",
  "error-after-task",
  "without-id",
  "html"
])

/** Whether another request could create a second task: there is a task, or there may be one. */
const forbidsAnother = ({ fault, created, taskId }: ReceivedSubmit): boolean =>
  created || taskId !== null || ambiguous.has(fault ?? "")

/** Describes what is wrong with the requests of one submit. */
const requestProblems = (index: string, posts: ReadonlyArray<ReceivedSubmit>): ReadonlyArray<string> => {
  const tasks = posts.filter(({ created }) => created).length
  const problems = tasks > 1 ? [`submit ${index} made ${tasks} tasks`] : []
  const first = posts.findIndex(forbidsAnother)
  const later = first === -1 ? [] : posts.slice(first + 1)
  const [original] = posts
  const isReplay = ({ idempotencyKey, body }: ReceivedSubmit): boolean =>
    idempotencyKey !== null && idempotencyKey === original?.idempotencyKey && body === original.body
  if (!later.every(isReplay)) problems.push(`submit ${index} was sent again after an ambiguous request`)
  return problems
}

/** Describes what is wrong with the record of a task. */
const recordProblems = (
  id: string,
  index: string | undefined,
  intents: ReadonlyMap<string | undefined, Intent>
): ReadonlyArray<string> => {
  const intent = intents.get(index)
  if (intent === undefined) return [`task ${id} of submit ${index} is not in the ledger`]
  if (intent.state === "accepted")
    return intent.refs.some((ref) => ref.includes(id))
      ? []
      : [`task ${id} is not among ${intent.refs.join()}`]
  // The model, the prompt and the time are there in every intent.
  return intent.state === "unknown" ? [] : [`task ${id} exists, and its intent is ${intent.state}`]
}

const countBy = <A>(
  values: ReadonlyArray<A>,
  nameOf: (value: A) => string
): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(values, nameOf)).map(([name, group]) => [name, group?.length ?? 0])
  )

/**
 * Compares an emulator with a ledger.
 *
 * @param submitted The number of requests before the intents were reconciled.
 */
export const checkMoney = (
  emulator: Emulator,
  intents: ReadonlyArray<Intent>,
  submitted: number
): Pick<
  MoneyReport,
  "posts" | "faults" | "outcomes" | "byFault" | "tasks" | "named" | "unknown" | "problems"
> => {
  const posts = emulator.posts()
  const byIndex = new Map(intents.map((intent) => [indexIn(intent.prompt), intent]))
  const bySubmit = Object.groupBy(posts, ({ body }) => indexIn(body) ?? "none")
  const problems = Object.entries(bySubmit).flatMap(([index, group = []]) => requestProblems(index, group))
  const unkeyed = posts.slice(submitted).some(({ idempotencyKey }) => idempotencyKey === null)
  if (unkeyed) problems.push("reconcile sent a request again without an idempotency key")
  let [named, unknown] = [0, 0]
  for (const { id, submit } of emulator.tasks()) {
    const index = indexIn(JSON.stringify(submit?.body))
    const found = recordProblems(id, index, byIndex)
    problems.push(...found)
    if (found.length > 0) continue
    if (byIndex.get(index)?.state === "accepted") named += 1
    else unknown += 1
  }
  for (const { id, state, refs } of intents) {
    if (state === "pending") problems.push(`intent ${id} is pending, but no process submits`)
    if (state === "accepted" && refs.length === 0) problems.push(`intent ${id} was accepted without a task`)
  }
  return {
    posts: posts.length,
    faults: posts.filter(({ fault }) => fault !== null).length,
    outcomes: countBy(intents, ({ state }) => state),
    byFault: countBy(
      posts.filter(({ fault }) => fault !== null),
      ({ fault, body }) => `${fault} → ${byIndex.get(indexIn(body))?.state}`
    ),
    tasks: emulator.tasks().length,
    named,
    unknown,
    problems
  }
}
