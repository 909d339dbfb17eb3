/** The process of one contestant. It queries on request, and returns the cost. */
import { handleRequests } from "../measure/Worker.ts"
import { profile } from "./profile.ts"
import type { Round } from "./QueryContestant.ts"

/** A request to this process. */
export interface RoundRequest {
  readonly concurrency: number
  readonly milliseconds: number
  /** Also returns the shares of the CPU time. Profiling distorts the cost of such a round. */
  readonly isProfiled?: boolean
}

const [name = "", baseUrl = ""] = process.argv.slice(2)
// A process loads only the packages of its contestant's group.
const list = name.startsWith("gentask")
  ? (await import("./gentaskContestants.ts")).gentaskContestants
  : (await import("./peerContestants.ts")).peerContestants
const contestant = list.find((each) => each.name === name)
if (contestant === undefined)
  throw new Error(`Unknown contestant ${name}: expected one of ${list.map((each) => each.name).join("; ")}.`)
const load = await contestant.prepare(baseUrl)

const measure = async ({ concurrency, milliseconds }: RoundRequest): Promise<Round> => {
  const before = process.cpuUsage()
  const start = performance.now()
  const queries = await load(concurrency, milliseconds)
  const wall = performance.now() - start
  const { user, system } = process.cpuUsage(before)
  return { queries, wall, cpu: (user + system) / 1000 }
}

handleRequests<RoundRequest, Round>(async (request) => {
  if (request.isProfiled !== true) return measure(request)
  let round: Round | undefined
  const shares = await profile(async () => {
    round = await measure(request)
  })
  return { queries: 0, wall: 0, cpu: 0, ...round, shares }
})
