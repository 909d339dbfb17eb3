/** The client over the HTTP API of a tracker, which uses the emulator. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { PollPolicy } from "@gentask/core"
import { startEmulator } from "@gentask/emulator"
import type { Emulator } from "@gentask/emulator"
import { jimmy } from "@gentask/provider-jimmy"
import { afterAll, beforeAll, expect, it } from "vitest"
import { createTrackerClient } from "../src/client/index.ts"
import type { EventJson, TrackerClient } from "../src/client/index.ts"
import { startTracker } from "../src/index.ts"
import type { Tracker } from "../src/index.ts"

const token = "token-of-the-tests"

let emulator: Emulator
let folder: string
let tracker: Tracker
let client: TrackerClient

beforeAll(async () => {
  emulator = await startEmulator()
  folder = await mkdtemp(join(tmpdir(), "gentask-remote-"))
  tracker = await startTracker({
    providers: [jimmy({ apiKey: emulator.apiKey, baseUrl: emulator.url })],
    database: { sqlite: join(folder, "ledger.db") },
    dir: join(folder, "files"),
    tokens: [{ token, scopes: ["read", "submit", "admin"] }],
    pollPolicy: PollPolicy.fixed(100)
  })
  client = createTrackerClient({ url: tracker.url, token })
})
afterAll(async () => {
  await tracker.close()
  await emulator.close()
  await rm(folder, { recursive: true, force: true })
})

it("creates, watches, saves and downloads a task", async () => {
  const input = join(folder, "input.png")
  await writeFile(
    input,
    Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
      "base64"
    )
  )
  const { refs } = await client.submit({
    account: "jimmy",
    model: "gpt-image-2",
    prompt: "A fox in the snow",
    images: [{ path: input }],
    idempotencyKey: "once"
  })
  const [ref = ""] = refs
  const types: Array<string> = []
  let last: EventJson | undefined
  for await (const event of client.events({ after: 0, ref })) {
    types.push(event.type)
    last = event
    if (event.type === "task.saved") break
  }
  expect(types).toContain("task.added")
  expect(types.slice(-2)).toEqual(["task.ended", "task.saved"])
  expect(last?.ref).toBe(ref)
  const task = await client.get(ref, { wait: 30 })
  expect(task).toMatchObject({ status: "succeeded", saveState: "saved", prompt: "A fox in the snow" })
  const [file] = task.files
  if (file === undefined) throw new Error("no file")
  await client.download(file, join(folder, "copy"))
  expect((await readFile(join(folder, "copy"))).equals(await readFile(file.path))).toBe(true)
  const again = client.submit({
    account: "jimmy",
    model: "gpt-image-2",
    prompt: "A fox in the snow",
    images: [{ path: input }],
    idempotencyKey: "once"
  })
  expect((await again).refs).toEqual(refs)
})

it("submits the recorded request of a task again", async () => {
  const first = await client.submit({ account: "jimmy", model: "gpt-image-2", prompt: "A dog" })
  const second = await client.retry(first.refs[0] ?? "")
  expect(second).toMatchObject({ state: "accepted", account: "jimmy" })
  expect(second.refs).not.toEqual(first.refs)
  const { tasks } = await client.list({ search: "A dog" })
  expect(tasks.map(({ ref }) => ref).toSorted()).toEqual([...first.refs, ...second.refs].toSorted())
})

it("reports what the vendor and the model reject", async () => {
  const invalid = client.submit({ account: "jimmy", model: "gpt-image-2", aspectRatio: "nonsense" })
  await expect(invalid).rejects.toMatchObject({
    reason: "InvalidInput",
    exitStatus: 2,
    error: { _tag: "ConfigurationError" }
  })
})

it("lists its account with a budget", async () => {
  expect(await client.accounts()).toMatchObject([{ account: "jimmy", budget: { pausedForMs: 0 } }])
})
