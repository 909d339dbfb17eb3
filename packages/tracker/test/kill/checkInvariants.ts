/** Checks what must be true after any number of kills. */
import { createHash } from "node:crypto"
import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import type { Emulator } from "@gentask/emulator"
import { messageId } from "../../src/webhooks/signMessage.ts"
import type { openDatabase } from "../support/openDatabase.ts"
import type { ReceivedMessage } from "../support/webhookReceiver.ts"

/** How often each guarantee was broken. */
export interface Violations {
  /** Tasks that have not ended, or were not saved. */
  readonly lost: number
  /** Tasks that ended otherwise than at the vendor. */
  readonly wrongVerdicts: number
  /** Tasks with more than one final event. */
  readonly endedTwice: number
  /** Requests that the vendor rejected because of its rate limit. */
  readonly budgetBreaches: number
  /** Events that no webhook delivered. */
  readonly missingEvents: number
  /** Events that were delivered with different bodies. */
  readonly changedEvents: number
  /** Files of tasks that have more than one. */
  readonly duplicateFiles: number
  /** Files that are incomplete, or differ from the vendor's. */
  readonly brokenFiles: number
}

/** The violations of a run in which nothing was broken. */
export const noViolations: Violations = {
  lost: 0,
  wrongVerdicts: 0,
  endedTwice: 0,
  budgetBreaches: 0,
  missingEvents: 0,
  changedEvents: 0,
  duplicateFiles: 0,
  brokenFiles: 0
}

interface Checked {
  readonly emulator: Emulator
  readonly database: Awaited<ReturnType<typeof openDatabase>>
  readonly refs: ReadonlyArray<string>
  readonly dir: string
  readonly messages: ReadonlyArray<ReceivedMessage>
  /** The highest number of requests in one second. Chaos injects responses of 429 that are no breach. */
  readonly maxPerSecond: number
}

const duplicates = (values: ReadonlyArray<string>): number => values.length - new Set(values).size

const countChanged = (messages: ReadonlyArray<ReceivedMessage>): number => {
  const bodies = new Map<string, Set<string>>()
  for (const { headers, body } of messages) {
    const id = String(headers["webhook-id"])
    bodies.set(id, (bodies.get(id) ?? new Set()).add(body))
  }
  return [...bodies.values()].filter(({ size }) => size > 1).length
}

/** Compares the database, the files and the webhooks with the vendor. */
export const checkInvariants = async ({
  emulator,
  database,
  refs,
  dir,
  messages,
  maxPerSecond
}: Checked): Promise<Violations> => {
  const tasks = new Map((await database.tasks()).map((task) => [task.ref, task]))
  const events = await database.events()
  const verdict = (ref: string) =>
    emulator.task("jimmy", ref.slice(ref.indexOf(":") + 1))?.end === "failed" ? "failed" : "succeeded"
  const isDone = (ref: string): boolean => {
    const task = tasks.get(ref)
    if (task === undefined || task.endedAt === null) return false
    return task.status !== "succeeded" || task.saveState === "saved"
  }
  const files = [...tasks.values()].flatMap((task) => task.files.map((file) => ({ file, ref: task.ref })))
  const media = (await readdir(dir, { recursive: true }).catch(() => [])).filter((name) =>
    /\.(?:webp|part)$/.test(name)
  )
  let brokenFiles = 0
  for (const { file, ref } of files) {
    const content = await readFile(file.path).catch(() => Buffer.alloc(0))
    const digest = createHash("sha256").update(content).digest("hex")
    const expected = await emulator.digest("jimmy", ref.slice(ref.indexOf(":") + 1))
    if (digest !== expected || file.sha256 !== expected) brokenFiles += 1
  }
  const known = new Set(files.map(({ file }) => file.path))
  const received = new Set(messages.map(({ headers }) => headers["webhook-id"]))
  const ended = events.filter(({ type }) => type === "task.ended").map(({ ref }) => ref)
  const breaches = emulator.rates().filter(({ peakPerSecond }) => peakPerSecond > maxPerSecond)
  return {
    lost: refs.filter((ref) => !isDone(ref)).length,
    wrongVerdicts: refs.filter((ref) => isDone(ref) && tasks.get(ref)?.status !== verdict(ref)).length,
    endedTwice: duplicates(ended),
    budgetBreaches:
      breaches.length +
      emulator.requests.filter(({ status, fault }) => status === 429 && fault === null).length,
    missingEvents: events.filter(({ id }) => !received.has(messageId(id))).length,
    changedEvents: countChanged(messages),
    duplicateFiles: media.filter((name) => !known.has(join(dir, name))).length,
    brokenFiles
  }
}
