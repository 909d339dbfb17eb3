/**
 * Waits for many tasks of all providers and saves their results, while a seeded profile disturbs a share of all
 * exchanges. Compares statuses with the scripts, files with their digests, and requests with the rate limits.
 * `node --conditions=@gentask/source test/chaos.ts [tasks] [seed] [rate]` prints the counts.
 */
import { createHash } from "node:crypto"
import { readFile } from "node:fs/promises"
import { startEmulator } from "@gentask/emulator"
import type { TaskEnd, Vendor } from "@gentask/emulator"
import { PollPolicy, TaskRef } from "@gentask/core"
import { createClient } from "@gentask/core/internal"
import type { Settled } from "@gentask/core"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { earlyRequests, makeRecordingTransport } from "./recordingTransport.ts"
import { accountsOn } from "./systems.ts"

/** The counts of a run. */
export interface ChaosReport {
  readonly tasks: number
  /** Tasks whose status was that of the script. */
  readonly correct: number
  /** A description of every other task. */
  readonly incorrect: ReadonlyArray<string>
  /** Files whose digest was that of the emulator. */
  readonly saved: number
  /** A description of every other file. */
  readonly unsaved: ReadonlyArray<string>
  readonly exchanges: number
  readonly disturbed: number
  /** The largest share of a rate limit that the emulator counted. 1 is the limit. */
  readonly peakRate: number
  /** Requests that the client started before the delay of a received 429 had passed. */
  readonly earlyRequests: number
  readonly seconds: number
}

const vendors: ReadonlyArray<Vendor> = ["jimmy", "sora", "jimeng", "aigptimage"]
const failures: Readonly<Partial<Record<Vendor, ReadonlyArray<TaskEnd>>>> = { sora: ["failed", "canceled"] }
const media = ["png", "jpeg", "webp", "gif", "mp4"] as const

const refOf = (vendor: Vendor, id: string): string =>
  vendor === "jimeng" ? `jimeng@octopusx:${id}` : `${vendor}:${id}`

/** Returns the scripted end of a task. Every fifth task does not succeed. */
const endOf = (vendor: Vendor, index: number): TaskEnd => {
  if (index % 5 !== 0) return "succeeded"
  const ends = failures[vendor] ?? ["failed"]
  return ends[index % ends.length] ?? "failed"
}

const statusOf = (settled: Settled): string =>
  settled.ok
    ? "succeeded"
    : settled.error._tag === "TaskFailed"
      ? settled.error.snapshot.status
      : settled.error.message

const limits = [
  { limit: 200, windowSeconds: 1 },
  { limit: 12_000, windowSeconds: 60 }
]

/** Runs `tasks` tasks, while the given share of all exchanges is disturbed. */
export const chaos = async (tasks: number, seed: number, rate: number): Promise<ChaosReport> => {
  const start = performance.now()
  await using folder = await temporaryFolder()
  await using emulator = await startEmulator({
    limits: { aigptimage: limits },
    chaos: { seed, rate, hangFor: 300, retryAfter: 1 },
    requestLogSize: 0
  })
  const transport = makeRecordingTransport()
  await using gentask = createClient(
    {
      providers: accountsOn(emulator.url, emulator.apiKey),
      pollPolicy: PollPolicy.growing({ min: 200, max: 2000 }),
      notFound: { times: 4, grace: 3000 },
      requestTimeout: 1000
    },
    transport.layer
  )
  const expected = new Map<string, { readonly end: TaskEnd; readonly vendor: Vendor; readonly id: string }>()
  for (let index = 0; index < tasks; index += 1) {
    const vendor = vendors[index % vendors.length] ?? "jimmy"
    const end = endOf(vendor, index)
    const medium = vendor === "sora" ? "mp4" : (media[Math.floor(index / 4) % 4] ?? "png")
    const { id } = emulator.addTask({
      vendor,
      // Fixed ids: the seed and the ids decide which exchanges are disturbed.
      id: vendor === "sora" ? `sora-2:task_${index}` : `task-${index}`,
      end,
      queuedFor: (index * 13) % 400,
      runningFor: (index * 37) % 4000,
      kind: vendor === "sora" ? "video" : "image",
      media: [medium]
    })
    expected.set(refOf(vendor, id), { end, vendor, id })
  }

  const incorrect: Array<string> = []
  const unsaved: Array<string> = []
  let correct = 0
  let saved = 0
  const saving = new Set<Promise<void>>()
  const save = async (settled: Settled & { readonly ok: true }): Promise<void> => {
    try {
      const [file] = await gentask.save(settled.snapshot, { dir: folder.path })
      const bytes = await readFile(file?.path ?? "")
      const { id, provider } = TaskRef.parse(settled.ref)
      const digest = await emulator.digest(provider as Vendor, id)
      const isWhole = createHash("sha256").update(bytes).digest("hex") === digest && file?.sha256 === digest
      if (isWhole) saved += 1
      else unsaved.push(`${settled.ref}: the digest differs`)
    } catch (error) {
      unsaved.push(String(error))
    }
  }
  for await (const settled of gentask.waitAll(expected.keys())) {
    const { end } = expected.get(settled.ref) ?? { end: "never" }
    const status = statusOf(settled)
    if (status === end) correct += 1
    else incorrect.push(`${settled.ref}: ${status} instead of ${end}`)
    if (!settled.ok) continue
    // At most 32 at a time, as a careful program would.
    if (saving.size >= 32) await Promise.race(saving)
    const job = save(settled).finally(() => saving.delete(job))
    saving.add(job)
  }
  await Promise.all(saving)

  const rates = emulator.rates().filter(({ vendor }) => vendor === "aigptimage")
  const { requests, faulted } = emulator.faultStats()
  return {
    tasks,
    correct,
    incorrect,
    saved,
    unsaved,
    exchanges: requests,
    disturbed: faulted,
    peakRate: Math.max(
      ...rates.map((each) => Math.max(each.peakPerSecond / 200, each.peakPerMinute / 12_000))
    ),
    earlyRequests: earlyRequests(transport.exchanges).length,
    seconds: (performance.now() - start) / 1000
  }
}

if (import.meta.main) {
  const [tasks = "10000", seed = "1", rate = "0.35"] = process.argv.slice(2)
  const report = await chaos(Number(tasks), Number(seed), Number(rate))
  const share = ((100 * report.disturbed) / report.exchanges).toFixed(1)
  console.log(`tasks              ${report.tasks}, seed ${seed}`)
  console.log(`exchanges          ${report.exchanges}, ${report.disturbed} of them disturbed (${share} %)`)
  console.log(`correct statuses   ${report.correct} of ${report.tasks}`)
  console.log(`saved files        ${report.saved}, ${report.unsaved.length} not saved`)
  console.log(`peak rate          ${(100 * report.peakRate).toFixed(0)} % of the limit`)
  console.log(`early requests     ${report.earlyRequests}`)
  console.log(`seconds            ${report.seconds.toFixed(1)}`)
  for (const line of [...report.incorrect, ...report.unsaved].slice(0, 20)) console.log(`  ${line}`)
  process.exitCode =
    report.correct === report.tasks && report.unsaved.length === 0 && report.earlyRequests === 0 ? 0 : 1
}
