/**
 * Waits for many tasks of all providers and saves their results, while a seeded profile disturbs a share of all
 * exchanges, and while processes that save the same task are killed and suspended. Compares statuses with the scripts,
 * files with their digests and manifests, and requests with the rate limits.
 * `node --conditions=@gentask/source test/chaos.ts [tasks] [seed] [rate]` prints the counts.
 */
import { join } from "node:path"
import { mediaFormats, startEmulator } from "@gentask/emulator"
import type { Emulator, MediaFormat, TaskEnd } from "@gentask/emulator"
import { PollPolicy } from "@gentask/core"
import { createClient } from "@gentask/core/internal"
import type { Gentask, SavedFile, Settled } from "@gentask/core"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { printChaosReport } from "./ChaosReport.ts"
import type { ChaosReport } from "./ChaosReport.ts"
import { addChaosTask } from "./addChaosTask.ts"
import type { ChaosTask } from "./addChaosTask.ts"
import { checkSavedFolder } from "./checkSavedFolder.ts"
import { contendedSave } from "./contendedSave.ts"
import type { Interruption } from "./contendedSave.ts"
import { earlyRequests, makeRecordingTransport } from "./recordingTransport.ts"
import { accountsOn } from "./systems.ts"

/** Options of a run. */
export interface ChaosOptions {
  readonly tasks: number
  readonly seed: number
  /** The share of all exchanges that is disturbed. */
  readonly rate: number
  /** How many savers are killed, and how many are suspended. @default 1 */
  readonly interruptions?: number
  /** Whether a saver stays suspended for the half minute after which its lock is stale. @default false */
  readonly waitsUntilStale?: boolean
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

/** Returns a function that returns the digest of a file, which is the same for all tasks. */
const makeDigestOf = (emulator: Emulator) => {
  const references = new Map<number | undefined, string>()
  return (format: MediaFormat, mediaSize?: number): Promise<string> => {
    const id = references.get(mediaSize) ?? `reference-${mediaSize}`
    if (!references.has(mediaSize)) {
      emulator.addTask({ vendor: "aigptimage", id, media: mediaFormats, mediaSize })
      references.set(mediaSize, id)
    }
    return emulator.digest("aigptimage", id, mediaFormats.indexOf(format))
  }
}

/**
 * Saves the outputs of a task. A task with a list of outputs is queried and saved again, when the list may be in another
 * order or longer.
 */
const saveAll = async (
  gentask: Gentask,
  settled: Settled & { readonly ok: true },
  dir: string,
  { outputs }: ChaosTask
): Promise<ReadonlyArray<SavedFile>> => {
  const saved = await gentask.save(settled.snapshot, { dir })
  if (outputs === 1) return saved
  return [...saved, ...(await gentask.save(await gentask.wait(settled.ref), { dir }))]
}

/** Runs tasks while a share of all exchanges is disturbed. */
export const chaos = async (options: ChaosOptions): Promise<ChaosReport> => {
  const { tasks, seed, rate, interruptions = 1, waitsUntilStale = false } = options
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
  const digestOf = makeDigestOf(emulator)
  const incorrect: Array<string> = []
  const unsaved: Array<string> = []
  let [correct, saved, files] = [0, 0, 0]

  const save = async (settled: Settled & { readonly ok: true }, task: ChaosTask): Promise<void> => {
    try {
      const dir = join(folder.path, String(task.index))
      const outputs = await saveAll(gentask, settled, dir, task)
      const problems = await checkSavedFolder(dir, outputs, task.outputs, digestOf)
      unsaved.push(...problems)
      if (problems.length > 0) return
      saved += 1
      files += new Set(outputs.map(({ path }) => path)).size
    } catch (error) {
      unsaved.push(String(error))
    }
  }

  const interrupt = async (interruption: Interruption): Promise<number> => {
    let succeeded = 0
    for (let index = 0; index < interruptions; index += 1) {
      const id = `${interruption}-${index}`
      const dir = join(folder.path, id)
      const problems = await contendedSave({
        emulator,
        dir,
        interruption,
        id,
        waitsUntilStale,
        digestOf
      }).catch((error: unknown) => [`${id}: ${String(error)}`])
      unsaved.push(...problems)
      if (problems.length === 0) succeeded += 1
    }
    return succeeded
  }

  const waitForAll = async (): Promise<void> => {
    const expected = new Map<string, ChaosTask & { readonly end: TaskEnd }>()
    for (let index = 0; index < tasks; index += 1) {
      const task = addChaosTask(emulator, index)
      expected.set(task.ref, task)
    }
    const saving = new Set<Promise<void>>()
    for await (const settled of gentask.waitAll(expected.keys())) {
      const task = expected.get(settled.ref)
      const status = statusOf(settled)
      if (status === task?.end) correct += 1
      else incorrect.push(`${settled.ref}: ${status} instead of ${task?.end}`)
      if (!settled.ok || task === undefined) continue
      // At most 32 at a time, as a careful program would.
      if (saving.size >= 32) await Promise.race(saving)
      const job = save(settled, task).finally(() => saving.delete(job))
      saving.add(job)
    }
    await Promise.all(saving)
  }

  const [, killed, suspended] = await Promise.all([waitForAll(), interrupt("killed"), interrupt("suspended")])

  const rates = emulator.rates().filter(({ vendor }) => vendor === "aigptimage")
  const peaks = rates.map((each) => Math.max(each.peakPerSecond / 200, each.peakPerMinute / 12_000))
  return {
    tasks,
    correct,
    incorrect,
    saved,
    files,
    unsaved,
    interrupted: { killed, suspended },
    injected: emulator.faultStats(),
    observed: {
      queries: Object.fromEntries(transport.faults.queries),
      media: Object.fromEntries(transport.faults.media)
    },
    peakRate: Math.max(...peaks),
    earlyRequests: earlyRequests(transport.exchanges).length,
    seconds: (performance.now() - start) / 1000
  }
}

if (import.meta.main) {
  const [tasks = "10000", seed = "1", rate = "0.35"] = process.argv.slice(2)
  const options = { tasks: Number(tasks), seed: Number(seed), rate: Number(rate) }
  const report = await chaos({ ...options, interruptions: 4, waitsUntilStale: true })
  printChaosReport(report, options.seed)
  const isRight = report.correct === report.tasks && report.unsaved.length === 0 && report.earlyRequests === 0
  process.exitCode = isRight ? 0 : 1
}
