/**
 * Chaos: many tasks over the four providers, while a seeded profile disturbs a share of all exchanges. Counts what came
 * of it: verdicts against the script, files against their digests, requests against the budgets, waits that were cut
 * short. `node --conditions=@gentask/source test/chaos.ts [tasks] [seed] [rate]` prints the counts.
 */
import { createHash } from "node:crypto"
import { readFile } from "node:fs/promises"
import { startEmulator } from "@gentask/emulator"
import type { TaskEnd, Vendor } from "@gentask/emulator"
import { PollPolicy, TaskRef } from "@gentask/core"
import { createClient } from "@gentask/core/internal"
import type { Settled } from "@gentask/core"
import { temporaryFolder } from "./folder.ts"
import { noteTransport, undercuts } from "./notedTransport.ts"
import { accountsOn } from "./systems.ts"

/** What a run did. */
export interface ChaosReport {
  readonly tasks: number
  readonly right: number
  readonly wrong: ReadonlyArray<string>
  readonly saved: number
  readonly unsaved: ReadonlyArray<string>
  readonly exchanges: number
  readonly disturbed: number
  /** The largest share of any documented window that the emulator counted: 1 is the limit itself. */
  readonly fullestWindow: number
  /** Requests that the client started while a 429 that it had read still asked to wait. */
  readonly undercuts: number
  readonly seconds: number
}

const vendors: ReadonlyArray<Vendor> = ["jimmy", "sora", "jimeng", "aigptimage"]
const bad: Readonly<Partial<Record<Vendor, ReadonlyArray<TaskEnd>>>> = { sora: ["failed", "canceled"] }
const media = ["png", "jpeg", "webp", "gif", "mp4"] as const

/** The account of the vendor's tasks. */
const refOf = (vendor: Vendor, id: string): string =>
  vendor === "jimeng" ? `jimeng@octopusx:${id}` : `${vendor}:${id}`

/** What the script says will become of a task. */
const endOf = (vendor: Vendor, index: number): TaskEnd => {
  if (index % 5 !== 0) return "succeeded"
  const ends = bad[vendor] ?? ["failed"]
  return ends[index % ends.length] ?? "failed"
}

const verdictOf = (settled: Settled): string =>
  settled.ok
    ? "succeeded"
    : settled.error._tag === "TaskFailed"
      ? settled.error.snapshot.status
      : settled.error.message

const limits = [
  { limit: 200, windowSeconds: 1 },
  { limit: 12_000, windowSeconds: 60 }
]

/** Runs it. */
export const chaos = async (tasks: number, seed: number, rate: number): Promise<ChaosReport> => {
  const began = performance.now()
  await using folder = await temporaryFolder()
  await using emulator = await startEmulator({
    limits: { aigptimage: limits },
    chaos: { seed, rate, hangFor: 300, retryAfter: 1 },
    requestLogSize: 0
  })
  const noted = noteTransport()
  await using gentask = createClient(
    {
      providers: accountsOn(emulator.url, emulator.apiKey),
      pollPolicy: PollPolicy.growing({ min: 200, max: 2000 }),
      notFound: { times: 4, grace: 3000 },
      requestTimeout: 1000
    },
    noted.layer
  )
  const expected = new Map<string, { readonly end: TaskEnd; readonly vendor: Vendor; readonly id: string }>()
  for (let index = 0; index < tasks; index += 1) {
    const vendor = vendors[index % vendors.length] ?? "jimmy"
    const end = endOf(vendor, index)
    const medium = vendor === "sora" ? "mp4" : (media[Math.floor(index / 4) % 4] ?? "png")
    const { id } = emulator.addTask({
      vendor,
      // Which exchanges are disturbed follows from the seed and from the ids.
      id: vendor === "sora" ? `sora-2:task_${index}` : `task-${index}`,
      end,
      queuedFor: (index * 13) % 400,
      runningFor: (index * 37) % 4000,
      kind: vendor === "sora" ? "video" : "image",
      media: [medium]
    })
    expected.set(refOf(vendor, id), { end, vendor, id })
  }

  const wrong: Array<string> = []
  const unsaved: Array<string> = []
  let right = 0
  let saved = 0
  const saving = new Set<Promise<void>>()
  const keep = async (settled: Settled & { readonly ok: true }): Promise<void> => {
    try {
      const [file] = await gentask.save(settled.snapshot, { dir: folder.path })
      const bytes = await readFile(file?.path ?? "")
      const { id, provider } = TaskRef.parse(settled.ref)
      const digest = await emulator.digest(provider as Vendor, id)
      const isWhole = createHash("sha256").update(bytes).digest("hex") === digest && file?.sha256 === digest
      if (isWhole) saved += 1
      else unsaved.push(`${settled.ref}: other bytes`)
    } catch (error) {
      unsaved.push(String(error))
    }
  }
  for await (const settled of gentask.waitAll(expected.keys())) {
    const { end } = expected.get(settled.ref) ?? { end: "never" }
    const verdict = verdictOf(settled)
    if (verdict === end) right += 1
    else wrong.push(`${settled.ref}: ${verdict} instead of ${end}`)
    if (!settled.ok) continue
    // Some at a time, as a careful program would.
    if (saving.size >= 32) await Promise.race(saving)
    const job = keep(settled).finally(() => saving.delete(job))
    saving.add(job)
  }
  await Promise.all(saving)

  const rates = emulator.rates().filter(({ vendor }) => vendor === "aigptimage")
  const { requests, faulted } = emulator.faultStats()
  return {
    tasks,
    right,
    wrong,
    saved,
    unsaved,
    exchanges: requests,
    disturbed: faulted,
    fullestWindow: Math.max(
      ...rates.map((each) => Math.max(each.peakPerSecond / 200, each.peakPerMinute / 12_000))
    ),
    undercuts: undercuts(noted.exchanges).length,
    seconds: (performance.now() - began) / 1000
  }
}

if (import.meta.main) {
  const [tasks = "10000", seed = "1", rate = "0.35"] = process.argv.slice(2)
  const report = await chaos(Number(tasks), Number(seed), Number(rate))
  const share = ((100 * report.disturbed) / report.exchanges).toFixed(1)
  console.log(`tasks              ${report.tasks}, seed ${seed}`)
  console.log(
    `exchanges          ${report.exchanges}, of which ${report.disturbed} were disturbed (${share} %)`
  )
  console.log(`right verdicts     ${report.right} of ${report.tasks}`)
  console.log(`files saved whole  ${report.saved}, not saved ${report.unsaved.length}`)
  console.log(`fullest window     ${(100 * report.fullestWindow).toFixed(0)} % of the documented limit`)
  console.log(`undercut waits     ${report.undercuts}`)
  console.log(`seconds            ${report.seconds.toFixed(1)}`)
  for (const line of [...report.wrong, ...report.unsaved].slice(0, 20)) console.log(`  ${line}`)
  process.exitCode =
    report.right === report.tasks && report.unsaved.length === 0 && report.undercuts === 0 ? 0 : 1
}
