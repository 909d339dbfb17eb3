/**
 * Waits for the tasks of a list, and saves the outputs of each one as soon as it has succeeded.
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

/** The tasks that are not done. The next run can resume with them. */
const left = new Set(refs)
let failed = 0

const interrupted = new AbortController()
const { signal } = interrupted
process.once("SIGINT", () => interrupted.abort())

const gentask = createGentask({ providers: accounts })

/** Saves the outputs of a task, and prints one line: the ref, the outcome, and the files or the reason. */
const saveResult = async (settled: Settled): Promise<void> => {
  const { ref } = settled
  const print = (outcome: string, detail: string): void => console.log(`${ref}\t${outcome}\t${detail}`)
  if (!settled.ok) {
    const { error } = settled
    if (error._tag === "StillRunning") return print("still running", error.message)
    if (error._tag !== "TaskFailed" && error._tag !== "InvalidTaskRef")
      return print("query failed", error.message)
    left.delete(ref)
    failed += 1
    return print("failed", error.message)
  }
  try {
    const files = await gentask.save(settled.snapshot, { dir: options.out, signal })
    left.delete(ref)
    print("saved", files.map(({ path }) => path).join(" "))
  } catch (error) {
    // The ref stays in the list, so the next run resumes the download.
    print("not saved", error instanceof Error ? error.message : String(error))
  }
}

try {
  const results = gentask.waitAll(refs, {
    timeout: `${options.minutes} minutes`,
    signal,
    onPollError: ({ error, nextInMs }) =>
      console.error(`${error.message} Next poll in ${Math.ceil(nextInMs / 1000)} s.`)
  })
  // A few at a time, so that a large video does not delay the small files, and downloads do not slow each other down.
  await pMap(results, saveResult, { concurrency: 4 })
} catch (error) {
  if (!signal.aborted) throw error
} finally {
  await writeRefs(options.left, left)
}
if (left.size > 0) console.error(`${left.size} left. To resume: pnpm start ${options.left}`)
process.exitCode = left.size > 0 ? 3 : failed > 0 ? 1 : 0
