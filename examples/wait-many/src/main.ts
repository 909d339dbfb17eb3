/**
 * Waits for the tasks of a list, and saves what each made as soon as it is done.
 *
 *     pnpm start refs.txt --minutes 30 --out out --left left.txt
 */
import { parseArgs } from "node:util"
import { createGentask } from "@gentask/core"
import type { Settled } from "@gentask/core"
import pMap from "p-map"
import { accounts } from "./accounts.ts"
import { readRefs, writeRefs } from "./refs.ts"

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: "string", default: "30" },
    out: { type: "string", default: "out" },
    left: { type: "string", default: "left.txt" }
  }
})
const refs = await readRefs(positionals[0] ?? "-")

/** What another run would go on with. */
const left = new Set(refs)
let failed = 0

const interrupted = new AbortController()
const { signal } = interrupted
process.once("SIGINT", () => interrupted.abort())

const gentask = createGentask({ providers: accounts })

/** Saves what a task made, and prints its line: the ref, how it went, and the file or the reason. */
const settle = async (settled: Settled): Promise<void> => {
  const { ref } = settled
  const tell = (how: string, what: string): void => console.log(`${ref}\t${how}\t${what}`)
  if (!settled.ok) {
    const { error } = settled
    if (error._tag === "StillRunning") return tell("still running", error.message)
    if (error._tag !== "TaskFailed" && error._tag !== "InvalidTaskRef")
      return tell("not asked", error.message)
    left.delete(ref)
    failed += 1
    return tell("failed", error.message)
  }
  try {
    const files = await gentask.save(settled.snapshot, { dir: options.out, signal })
    left.delete(ref)
    tell("saved", files.map(({ path }) => path).join(" "))
  } catch (error) {
    // The task is done, and its ref stays in the list: another run goes on with saving where this one was.
    tell("not saved", error instanceof Error ? error.message : String(error))
  }
}

try {
  const settled = gentask.waitAll(refs, {
    timeout: Number(options.minutes) * 60_000,
    signal,
    onPollError: ({ error, nextInMs: nextIn }) =>
      console.error(`${error.message} Asking again in ${Math.ceil(nextIn / 1000)} s.`)
  })
  // A few at a time: a long film keeps no short one waiting, and a hundred files do not share one line.
  await pMap(settled, settle, { concurrency: 4 })
} catch (error) {
  if (!signal.aborted) throw error
} finally {
  await writeRefs(options.left, left)
}
if (left.size > 0) console.error(`${left.size} left. To go on: pnpm start ${options.left}`)
process.exitCode = left.size > 0 ? 3 : failed > 0 ? 1 : 0
