/** The process of one contestant: asks when it is told to, and says what that took. */
import { answerWith } from "../measure/Worker.ts"
import type { Round } from "./Contestant.ts"
import { profile } from "./profile.ts"

/** What the process is told to do. */
export interface Task {
  readonly concurrency: number
  readonly milliseconds: number
  /** Tells where the time went, too; what it took is then of no use. */
  readonly isProfiled?: boolean
}

const [name = "", baseUrl = ""] = process.argv.slice(2)
// Nobody has the packages of the others in the same process.
const list = name.startsWith("gentask")
  ? (await import("./ours.ts")).ours
  : (await import("./peers.ts")).peers
const contestant = list.find((each) => each.name === name)
if (contestant === undefined) throw new Error(`There is no contestant ${name}`)
const askFor = await contestant.prepare(baseUrl)

const ask = async ({ concurrency, milliseconds }: Task): Promise<Round> => {
  const before = process.cpuUsage()
  const from = performance.now()
  const questions = await askFor(concurrency, milliseconds)
  const wall = performance.now() - from
  const { user, system } = process.cpuUsage(before)
  return { questions, wall, cpu: (user + system) / 1000 }
}

answerWith<Task, Round>(async (task) => {
  if (task.isProfiled !== true) return ask(task)
  let round: Round | undefined
  const shares = await profile(async () => {
    round = await ask(task)
  })
  return { questions: 0, wall: 0, cpu: 0, ...round, shares }
})
