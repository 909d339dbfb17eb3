import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { openLedger } from "@gentask/ledger"
import { assert, beforeEach, describe, it, vi } from "vitest"
import { useEmulator } from "./emulator.ts"
import { connect2025, connectStdio } from "./mcpClients.ts"
import type { ClientOptions, TestClient, ToolResult } from "./mcpClients.ts"
import { newFolder } from "./project.ts"

const fixture = useEmulator()
const request = { account: "jimmy", model: "gpt-image-2", prompt: "A fox in the snow" }

const optionsFor = (more: Partial<ClientOptions> = {}): ClientOptions => {
  const state = newFolder()
  return { env: { ...fixture.env, XDG_STATE_HOME: state }, cwd: newFolder(), ...more }
}

const refsOf = ({ record }: ToolResult): ReadonlyArray<string> => record["refs"] as ReadonlyArray<string>

const posts = () => fixture.emulator.posts().length

/** Submits, waits in pieces, saves and lists. */
const runJob = async (call: TestClient["call"], submitted: ToolResult): Promise<void> => {
  assert.isFalse(submitted.isError, submitted.text)
  const refs = refsOf(submitted)
  assert.include(submitted.text, `call wait with {"refs":["${refs[0]}"]}`)
  let waited = await call("wait", { refs, maxSeconds: 1 })
  assert.deepStrictEqual(waited.record["stillRunning"], refs)
  assert.include(waited.text, "Still running, which is normal")
  assert.isFalse(waited.isError)
  assert.isAbove(waited.record["nextPollInMs"] as number, 0)
  while ((waited.record["stillRunning"] as ReadonlyArray<string>).length > 0) {
    const { tool, arguments: args } = waited.record["next"] as {
      readonly tool: string
      readonly arguments: Record<string, unknown>
    }
    waited = await call(tool, { ...args, maxSeconds: 20 })
  }
  const [task] = waited.record["tasks"] as ReadonlyArray<Readonly<Record<string, unknown>>>
  assert.strictEqual(task?.["status"], "succeeded", waited.text)
  const saved = await call("save", { refs, dir: "media" })
  const [{ files } = { files: [] }] = saved.record["tasks"] as ReadonlyArray<{
    readonly files: ReadonlyArray<{ readonly path: string; readonly sha256: string }>
  }>
  assert.lengthOf(files, 1, saved.text)
  assert.include(saved.text, JSON.stringify(files[0]?.path))
  assert.isAbove((await readFile(files[0]?.path ?? "")).length, 1000)
  const listed = await call("list", { search: "fox" })
  assert.deepInclude(listed.record["tasks"] as ReadonlyArray<object>, {
    ...(listed.record["tasks"] as ReadonlyArray<object>)[0],
    ref: refs[0],
    status: "succeeded",
    fileCount: 1
  })
}

beforeEach(() => {
  fixture.emulator.clearRequests()
  fixture.emulator.scriptSubmits("jimmy", { faults: [], task: { runningFor: 2000 } })
})

describe("a client of the current revision", () => {
  it("submits with the user's confirmation, waits in pieces, saves and lists", async () => {
    const questions: Array<string> = []
    const confirm = (message: string): boolean => questions.push(message) > 0
    await using connection = await connectStdio(optionsFor({ confirm }))
    assert.strictEqual(connection.client.getNegotiatedProtocolVersion(), "2026-07-28")
    await runJob(connection.call, await connection.call("submit", request))
    assert.deepStrictEqual(questions, [
      'Submit jimmy gpt-image-2, prompt "A fox in the snow"? The vendor may charge for it.'
    ])
    assert.strictEqual(posts(), 1)
  })

  it("sends nothing if the user declines", async () => {
    await using connection = await connectStdio(optionsFor({ confirm: () => false }))
    const declined = await connection.call("submit", request)
    assert.include(declined.text, "The user did not confirm. Nothing was sent")
    assert.strictEqual(declined.record["submitted"], false)
    assert.strictEqual(posts(), 0)
  })

  it("lists the tools in a stable order with annotations, and completes refs", async () => {
    await using connection = await connectStdio(optionsFor())
    const { tools } = await connection.client.listTools()
    assert.deepStrictEqual(
      tools.map(({ name, annotations }) => [name, annotations?.readOnlyHint, annotations?.destructiveHint]),
      [
        ["models", true, false],
        ["submit", false, false],
        ["wait", true, false],
        ["query", true, false],
        ["save", false, false],
        ["list", true, false],
        ["cancel", false, true],
        ["balance", true, false]
      ]
    )
    const submitted = await connection.call("submit", { ...request, confirm: true, idempotencyKey: "k" })
    const [ref = ""] = refsOf(submitted)
    const { completion } = await connection.client.complete({
      ref: { type: "ref/resource", uri: "gentask://task/{ref}" },
      argument: { name: "ref", value: "jimmy:" }
    })
    assert.deepStrictEqual(completion.values, [ref])
    const { contents } = await connection.client.readResource({
      uri: `gentask://task/${encodeURIComponent(ref)}`
    })
    const text = contents[0] !== undefined && "text" in contents[0] ? contents[0].text : ""
    const { task, untrusted } = JSON.parse(text) as {
      readonly task: { readonly ref: string }
      readonly untrusted: { readonly fields: ReadonlyArray<string> }
    }
    assert.strictEqual(task.ref, ref)
    assert.include(untrusted.fields, "task.prompt")
  })

  it("sends progress while it waits, and loses nothing if the wait is aborted", async () => {
    await using connection = await connectStdio(optionsFor())
    const refs = refsOf(await connection.call("submit", { ...request, confirm: true, idempotencyKey: "k" }))
    const abort = new AbortController()
    let progress = 0
    const waiting = connection.call(
      "wait",
      { refs },
      {
        signal: abort.signal,
        onprogress: () => {
          progress += 1
          abort.abort()
        }
      }
    )
    await waiting.then(
      () => assert.fail("The wait was not aborted"),
      () => undefined
    )
    assert.isAbove(progress, 0)
    const again = await connection.call("wait", { refs })
    assert.include(again.text, "succeeded")
  })
})

describe("a client of 2025", () => {
  it("submits with the user's confirmation, waits in pieces, saves and lists", async () => {
    await using connection = await connect2025(optionsFor({ confirm: () => true }))
    await runJob(connection.call, await connection.call("submit", request))
    assert.strictEqual(posts(), 1)
  })

  it("confirms with an argument if it cannot ask the user, and a repeated call pays once", async () => {
    await using connection = await connect2025(optionsFor())
    const first = await connection.call("submit", request)
    assert.include(first.text, "Nothing was sent yet.")
    assert.strictEqual(posts(), 0)
    const { tool, arguments: args } = first.record["next"] as {
      readonly tool: string
      readonly arguments: Record<string, unknown>
    }
    const [second, third] = [await connection.call(tool, args), await connection.call(tool, args)]
    assert.deepStrictEqual(refsOf(second), refsOf(third))
    assert.include(third.text, "nothing new was paid")
    assert.strictEqual(posts(), 1)
  })
})

describe("a server that is killed", () => {
  it("pays once for a call that is repeated", async () => {
    const options = optionsFor()
    fixture.emulator.scriptSubmits("jimmy", {
      faults: [{ fault: "late", ms: 1500 }],
      task: { runningFor: 1000 }
    })
    const args = { ...request, confirm: true, idempotencyKey: "once" }
    const first = await connectStdio(options)
    const lost = first.call("submit", args).catch(() => undefined)
    await vi.waitFor(() => assert.strictEqual(posts(), 1), 10_000)
    process.kill(first.pid ?? 0, "SIGKILL")
    await lost
    await using second = await connectStdio(options)
    const repeated = await second.call("submit", args)
    // The first process may have received the task. Otherwise the outcome is unknown, and nothing is sent again.
    assert.strictEqual(posts(), 1, repeated.text)
    if (repeated.isError) {
      assert.include(repeated.text, "Do not submit again")
      assert.notMatch(repeated.text, /(?<!not )submit again|try again|retry/i)
    }
    await using ledger = await openLedger({
      path: join(options.env["XDG_STATE_HOME"] ?? "", "gentask", "ledger.db")
    })
    assert.lengthOf(await ledger.intents(), 1)
  })

  it("waits for a task that the killed process has submitted", async () => {
    const own = optionsFor()
    const first = await connectStdio(own)
    const refs = refsOf(await first.call("submit", { ...request, confirm: true, idempotencyKey: "k" }))
    process.kill(first.pid ?? 0, "SIGKILL")
    await using second = await connectStdio(own)
    const found = await second.call("list")
    assert.include(found.text, refs[0] ?? "no ref")
    assert.include((await second.call("wait", { refs })).text, "succeeded")
    assert.strictEqual(posts(), 1)
  })
})
