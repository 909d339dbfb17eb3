import { StillRunning, toJson } from "@gentask/core"
import type { TaskSnapshot } from "@gentask/core"
import { errorToJson } from "@gentask/core/internal"
import type { CallToolResult } from "@modelcontextprotocol/server"
import * as z from "zod"
import { describeTask } from "../results/describeTask.ts"
import { errorLines, errorRecord } from "../results/errorResult.ts"
import { toolResult } from "../results/toolResult.ts"
import type { JsonRecord } from "../results/toolResult.ts"
import { cleanText, jsonLine } from "../results/vendorText.ts"
import { canonical, settle } from "./settle.ts"
import type { SettledTask } from "./settle.ts"
import { defineTool, maxSecondsSchema, refsSchema } from "./Tool.ts"

/** When to ask for a running task next, in milliseconds: soon for a new task, later for an old one. */
export const nextPollMs = (snapshots: ReadonlyArray<TaskSnapshot | null>, now: number): number => {
  const ages = snapshots.map((snapshot) =>
    snapshot?.createdAt == null ? 0 : now - snapshot.createdAt.getTime()
  )
  return Math.round(Math.min(30_000, Math.max(2000, Math.min(...ages, Infinity) / 4)))
}

const isRunning = ({ error }: SettledTask): boolean => error?._tag === "StillRunning"

const recordOf = ({ ref, snapshot, error }: SettledTask): JsonRecord => {
  const known = snapshot === null ? { ref } : { ...toJson(snapshot) }
  if (error === undefined) return known
  // A record of the command line has the error of a wait that timed out, too.
  return { ...known, ...(error instanceof StillRunning ? { error: errorToJson(error) } : errorRecord(error)) }
}

const linesOf = ({ ref, snapshot, error }: SettledTask): ReadonlyArray<string> => {
  if (error === undefined || isRunning({ ref, snapshot, error }))
    return [snapshot === null ? `${cleanText(ref)}: no report of the vendor yet` : describeTask(snapshot)]
  return errorLines(cleanText(ref), error)
}

/** The call that follows. */
const nextOf = (
  running: ReadonlyArray<SettledTask>,
  succeeded: ReadonlyArray<string>,
  maxSeconds: number
): { readonly line: ReadonlyArray<string>; readonly record: JsonRecord } => {
  if (running.length > 0) {
    const args = { refs: running.map(({ ref }) => ref), maxSeconds }
    const nextPollInMs = nextPollMs(
      running.map(({ snapshot }) => snapshot),
      Date.now()
    )
    return {
      line: [
        `Still running, which is normal. Nothing is lost. To continue, call wait with ${jsonLine(args)}`
      ],
      record: { next: { tool: "wait", arguments: args }, nextPollInMs }
    }
  }
  if (succeeded.length === 0) return { line: [], record: {} }
  const args = { refs: succeeded }
  return {
    line: [`To save the results, call save with ${jsonLine(args)}`],
    record: { next: { tool: "save", arguments: args } }
  }
}

/** Describes settled tasks. Tasks that still run are no error. */
export const waitResult = (tasks: ReadonlyArray<SettledTask>, seconds: number): CallToolResult => {
  const running = tasks.filter(isRunning)
  const succeeded = tasks.filter(({ error }) => error === undefined).map(({ ref }) => ref)
  const { line, record } = nextOf(running, succeeded, seconds)
  return toolResult(
    [...tasks.flatMap(linesOf), ...line],
    { tasks: tasks.map(recordOf), stillRunning: running.map(({ ref }) => ref), ...record },
    { isError: running.length === 0 && succeeded.length === 0 }
  )
}

export const waitTool = defineTool({
  name: "wait",
  title: "Wait for tasks",
  description:
    "Waits until tasks have ended, for a limited time. Returns their status. If tasks still run, call it again with the refs it returns: images take seconds to minutes, videos minutes to hours.",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  inputSchema: z.strictObject({ refs: refsSchema, maxSeconds: maxSecondsSchema }),
  run: async ({ refs, maxSeconds }, context, call) => {
    if (call.acceptsTasks) {
      // A short wait, so that tasks that have ended or cannot be queried need no handle.
      const settled = await settle(refs, 1, context, call)
      return settled.some(isRunning) ? { handleOf: refs.map(canonical) } : waitResult(settled, maxSeconds)
    }
    return waitResult(await settle(refs, maxSeconds, context, call), maxSeconds)
  }
})
