/**
 * Saves tasks to an S3 server with the built command line, whose processes are killed at random requests, and then saves
 * them to the end. Checks that every object is whole and that no unfinished upload is left.
 * `node --conditions=@gentask/source test/s3Kill.ts [uploads] [kills per process] [list|no-list]` prints the counts.
 */
import { spawn } from "node:child_process"
import type { ChildProcess } from "node:child_process"
import { createHash } from "node:crypto"
import { once } from "node:events"
import { readdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { startEmulator } from "@gentask/emulator"
import { bucket, startS3 } from "@gentask/tooling/s3/startS3"
import type { S3Server } from "@gentask/tooling/s3/startS3"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"

const main = fileURLToPath(new URL("../packages/cli/dist/main.js", import.meta.url))

/** The smallest part that the server accepts, in bytes. */
const partSize = 5 * 1024 ** 2

/** How many tasks a process saves. */
const batchSize = 10

/** Options of a run. */
export interface S3KillOptions {
  readonly uploads: number
  /** How often the process of each batch is killed. */
  readonly kills: number
  /** Whether the server lists unfinished uploads. */
  readonly listsUploads: boolean
}

/** The counts of a run. */
export interface S3KillReport {
  readonly uploads: number
  /** How many of them are uploaded in parts. */
  readonly inParts: number
  readonly kills: number
  /** How many processes have ended before the request at which they were to be killed. */
  readonly ended: number
  /** Objects without the digest of the file, or without its manifest. */
  readonly damaged: ReadonlyArray<string>
  /** Unfinished uploads after the last run. */
  readonly orphans: number
  /** Unfinished uploads after the kills. */
  readonly unfinished: number
  /** Files that are left in the folder of unfinished files. */
  readonly leftovers: ReadonlyArray<string>
  readonly requests: number
  readonly created: number
  readonly aborted: number
  /** The exit statuses of the last runs. */
  readonly statuses: ReadonlyArray<number | null>
}

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex")

/** Chooses the request at which the process of a batch is killed: before it is processed, after it, or after its response. */
class Killer {
  #child: ChildProcess | undefined
  #remaining = Infinity

  arm(child: ChildProcess, requests: number): void {
    this.#child = child
    this.#remaining = requests
  }

  /** Returns the process if it is to be killed at this request. By the time of the kill, another one may run. */
  next(): ChildProcess | undefined {
    this.#remaining -= 1
    return this.#remaining === 0 ? this.#child : undefined
  }
}

const damagedKeys = async (
  s3: S3Server,
  expected: ReadonlyMap<string, string>
): Promise<ReadonlyArray<string>> => {
  const damaged: Array<string> = []
  for (const [key, digest] of expected) {
    const object = await s3.get(key)
    const manifest = await s3.get(`${key}.json`)
    const json = (manifest.ok ? await manifest.json() : {}) as { readonly sha256?: unknown }
    const found = sha256(Buffer.from(await object.arrayBuffer()))
    if (!object.ok || found !== digest || json.sha256 !== digest) damaged.push(key)
  }
  return damaged
}

/** Runs the uploads and the kills. */
export const s3Kill = async ({ uploads, kills, listsUploads }: S3KillOptions): Promise<S3KillReport> => {
  await using s3 = await startS3()
  await using emulator = await startEmulator()
  await using folder = await temporaryFolder()
  s3.listsUploads = listsUploads
  const digests = new Map<string, string>()
  const batches = Array.from({ length: Math.ceil(uploads / batchSize) }, (_, batch) => ({
    prefix: `b${batch}`,
    ids: [] as Array<string>,
    killer: new Killer()
  }))
  let inParts = 0
  for (let index = 0; index < uploads; index += 1) {
    const batch = batches[Math.floor(index / batchSize)]
    const isLarge = index % 8 === 0
    if (isLarge) inParts += 1
    const mediaSize = isLarge ? partSize + 40_000 : index % 4 === 1 ? 200_000 : undefined
    const { id } = emulator.addTask({
      vendor: "jimmy",
      id: `k${index}`,
      ...(mediaSize === undefined ? {} : { mediaSize })
    })
    batch?.ids.push(id)
    digests.set(`${batch?.prefix}/jimmy_${id}.png`, await emulator.digest("jimmy", id))
  }

  s3.fault = async ({ url }, { forward }) => {
    const prefix = /\bb\d+(?=\/)/.exec(decodeURIComponent(url.pathname + url.search))?.[0]
    const child = batches.find((batch) => batch.prefix === prefix)?.killer.next()
    if (child === undefined) return undefined
    const kill = (): boolean => child.kill("SIGKILL")
    const moment = Math.random()
    if (moment < 0.3) kill()
    const reply = await forward()
    if (moment < 0.6) kill()
    else setImmediate(kill)
    return reply
  }

  const run = ({ prefix, ids }: (typeof batches)[number]): ChildProcess =>
    spawn(
      process.execPath,
      [main, "save", ...ids.map((id) => `jimmy:${id}`), "--to", prefix, "--no-ledger"],
      {
        cwd: folder.path,
        stdio: ["ignore", "ignore", "inherit"],
        env: {
          PATH: process.env["PATH"],
          HOME: folder.path,
          XDG_CACHE_HOME: join(folder.path, "cache"),
          XDG_STATE_HOME: join(folder.path, "state"),
          JIMMY_API_KEY: emulator.apiKey,
          JIMMY_BASE_URL: emulator.url,
          ...s3.env
        }
      }
    )
  const targets = Object.fromEntries(
    batches.map(({ prefix }) => [prefix, { url: `s3://${bucket}/${prefix}`, partSize }])
  )
  await writeFile(join(folder.path, "gentask.config.json"), JSON.stringify({ targets }))

  let killed = 0
  let ended = 0
  const exited = async (child: ChildProcess): Promise<number | null> =>
    ((await once(child, "exit")) as [number | null])[0]
  const lastOf = async (batch: (typeof batches)[number]): Promise<number | null> => {
    const child = run(batch)
    batch.killer.arm(child, Infinity)
    return exited(child)
  }
  await Promise.all(
    batches.map(async (batch) => {
      for (let round = 0; round < kills; round += 1) {
        const child = run(batch)
        batch.killer.arm(child, 1 + Math.floor(Math.random() * batchSize * 6))
        if ((await exited(child)) === null) killed += 1
        else ended += 1
      }
    })
  )
  const unfinished = s3.uploads.size
  const statuses = await Promise.all(batches.map(lastOf))
  const count = (operation: string): number =>
    s3.requests.filter((request) => request.operation === operation).length
  return {
    uploads,
    inParts,
    kills: killed,
    ended,
    damaged: await damagedKeys(s3, digests),
    orphans: s3.uploads.size,
    unfinished,
    leftovers: await readdir(join(folder.path, "cache", "gentask", "unfinished")),
    requests: s3.requests.length,
    created: count("create"),
    aborted: count("abort"),
    statuses
  }
}

if (import.meta.main) {
  const [uploads = "200", kills = "5", list = "list"] = process.argv.slice(2)
  console.table(
    await s3Kill({ uploads: Number(uploads), kills: Number(kills), listsUploads: list === "list" })
  )
}
