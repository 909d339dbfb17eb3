/** The points at which trackers are killed. They are reached from outside, and trackers have no code for tests. */
import { existsSync, readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { createTrackerClient } from "@gentask/tracker/client"
import { waitFor } from "../support/waitFor.ts"
import type { CutPoint } from "./faultyPostgres.ts"
import type { Runner, startTrackers } from "./startTrackers.ts"

const wait = { timeout: 60_000, interval: 25 }

/** How long a response or a file is held back, in milliseconds. Trackers that are not killed continue then. */
const heldMs = 3000

type Trackers = Awaited<ReturnType<typeof startTrackers>>

/** What reaching a point needs. */
export interface Scene {
  readonly trackers: Trackers
  /** The owner of the account. */
  readonly owner: Runner
  /** Cuts a connection of the owner to its database. */
  readonly cutAt: (point: CutPoint, pattern: RegExp) => Promise<void>
  /** Resolves when the receiver has a message that it has not confirmed. */
  readonly unconfirmed: Promise<void>
  /** A file that a preloaded module creates when it holds a file back. */
  readonly marker: string
}

/** A point at which something could be lost or repeated. */
export interface KillPoint {
  readonly name: string
  /** Resolves when the point is reached. */
  readonly reach: (scene: Scene) => Promise<unknown>
  /** Whether the webhook's receiver confirms nothing until the kill. */
  readonly isWebhook?: boolean
  /** The step at which files are held back: see heldFile.mjs. */
  readonly heldAt?: "manifest" | "name" | "part"
}

const until = (isReached: () => boolean): Promise<void> =>
  waitFor(() => {
    if (!isReached()) throw new Error("The point was not reached.")
  }, wait)

const cutPoint = (name: string, point: CutPoint, kind: string): KillPoint => ({
  name,
  reach: async ({ trackers, cutAt }) => {
    const reached = cutAt(point, new RegExp(`"${kind}"`))
    await trackers.addTasks(1, () => ({ runningFor: 500 }))
    await reached
  }
})

const filePoint = (name: string, heldAt: NonNullable<KillPoint["heldAt"]>): KillPoint => ({
  name,
  heldAt,
  reach: async ({ trackers, marker }) => {
    await trackers.addTasks(1, () => ({}))
    await until(() => existsSync(marker))
  }
})

const hasPart = (dir: string): boolean =>
  existsSync(dir) &&
  readdirSync(dir).some((name) => name.endsWith(".part") && statSync(join(dir, name)).size > 0)

/** All points, in the order in which a task reaches them. */
export const killPoints: ReadonlyArray<KillPoint> = [
  {
    name: "a task was added, and the client has no response",
    reach: async ({ trackers, owner, cutAt }) => {
      const reached = cutAt("after", /select seq, 'task\.added'/)
      const { id } = trackers.emulator.addTask({ vendor: "jimmy", media: ["webp"] })
      trackers.refs.push(`jimmy:${id}`)
      const client = createTrackerClient({ url: await owner.ready(), token: "token-of-the-tests" })
      void client.track([`jimmy:${id}`]).catch(() => undefined)
      await reached
    }
  },
  {
    name: "a poll was sent, and has no response",
    reach: async ({ trackers }) => {
      const [ref] = await trackers.addTasks(1, () => ({
        faults: [{ fault: "hang", when: "headers", for: heldMs }]
      }))
      await until(() => trackers.emulator.requests.some(({ taskId }) => `jimmy:${taskId}` === ref))
    }
  },
  cutPoint("the vendor has responded, and nothing was recorded", "before", "task.status"),
  cutPoint("the end of a task was committed, and no process was notified", "after", "task.status"),
  {
    name: "a webhook was sent, and its delivery is not recorded",
    isWebhook: true,
    reach: async ({ trackers, unconfirmed }) => {
      await trackers.addTasks(1, () => ({}))
      await unconfirmed
    }
  },
  {
    name: "a part of a file was downloaded",
    reach: async ({ trackers }) => {
      await trackers.addTasks(1, () => ({
        mediaSize: 400_000,
        mediaFaults: [{ fault: "hang", when: "body", after: 100_000, for: heldMs }]
      }))
      await until(() => hasPart(trackers.dir))
    }
  },
  filePoint("a file was downloaded, and has no manifest", "manifest"),
  filePoint("a manifest was written, and the file has no name", "name"),
  filePoint("a file has its name, and its part file remains", "part"),
  cutPoint("a file was saved, and is not recorded", "before", "task.all-saved"),
  cutPoint("a saved file was recorded, and the process does not know it", "after", "task.all-saved")
]
