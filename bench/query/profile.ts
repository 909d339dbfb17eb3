import { Session } from "node:inspector/promises"
import type { Profiler } from "node:inspector"

/** Shares of the CPU time, from 0 to 1, by owner of the code. */
export type Shares = Readonly<Record<string, number>>

const owners: ReadonlyArray<readonly [owner: string, code: RegExp]> = [
  ["zod", /\/zod\//],
  ["effect", /\/effect\/dist\//],
  ["undici", /\/undici\/|^wasm:/],
  ["gentask's providers", /\/provider-[a-z]+\//],
  ["gentask's core", /\/core\/(dist|src)\//],
  ["bench", /\/bench\//],
  ["Node's JavaScript", /^node:/]
]

const ownerOf = ({ functionName, url }: Profiler.ProfileNode["callFrame"]): string => {
  if (functionName === "(garbage collector)") return "garbage collection"
  if (functionName === "(idle)") return "idle"
  return owners.find(([, code]) => code.test(url))?.[0] ?? "native code: sockets, JSON, URLs, timers"
}

const sharesOf = ({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Shares => {
  const byId = new Map(nodes.map((node) => [node.id, ownerOf(node.callFrame)]))
  const times: Record<string, number> = {}
  let total = 0
  samples.forEach((sample, index) => {
    const owner = byId.get(sample) ?? "idle"
    if (owner === "idle") return
    const time = timeDeltas[index] ?? 0
    times[owner] = (times[owner] ?? 0) + time
    total += time
  })
  return Object.fromEntries(Object.entries(times).map(([owner, time]) => [owner, time / total]))
}

/** Profiles a function, and returns the shares of its CPU time. */
export const profile = async (run: () => Promise<unknown>): Promise<Shares> => {
  const session = new Session()
  session.connect()
  try {
    await session.post("Profiler.enable")
    await session.post("Profiler.setSamplingInterval", { interval: 250 })
    await session.post("Profiler.start")
    await run()
    const { profile } = await session.post("Profiler.stop")
    return sharesOf(profile)
  } finally {
    session.disconnect()
  }
}
