import { startEmulator } from "@gentask/emulator"
import type { Emulator } from "@gentask/emulator"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { jsonLinesOf, linesOf, onlyJsonOf, pointedAt, run, secretKey } from "./support.ts"

let emulator: Emulator
let env: Record<string, string>

beforeAll(async () => {
  emulator = await startEmulator({ apiKey: secretKey })
  env = pointedAt(emulator)
})
afterAll(() => emulator.close())

const isoOf = (milliseconds: number): string => new Date(milliseconds).toISOString()

describe("query --json prints one object for each task, in the order of the list", () => {
  it("knows every system", async () => {
    const image = emulator.addTask({ vendor: "jimmy" })
    const video = emulator.addTask({ vendor: "jimmy", kind: "video" })
    const sora = emulator.addTask({ vendor: "sora" })
    const link = emulator.addTask({ vendor: "jimeng" })
    const inline = emulator.addTask({ vendor: "jimeng", inline: true })
    const aigpt = emulator.addTask({ vendor: "aigptimage" })
    const refs = [
      `jimmy:${image.id}`,
      `jimmy:${video.id}?kind=video`,
      `sora:${sora.id}`,
      `jimeng@octopusx:${link.id}`,
      `jimeng@deepwl:${inline.id}`,
      `aigptimage:${aigpt.id}`
    ]
    const { status, stdout, stderr } = await run(["query", "--json", ...refs], { env })
    assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
    const lines = jsonLinesOf(stdout)
    assert.deepStrictEqual(
      lines.map(({ ref, provider, account, id, status: word }) => ({ ref, provider, account, id, word })),
      [
        { ref: refs[0], provider: "jimmy", account: "jimmy", id: image.id, word: "succeeded" },
        { ref: refs[1], provider: "jimmy", account: "jimmy", id: video.id, word: "succeeded" },
        { ref: refs[2], provider: "sora", account: "sora", id: sora.id, word: "succeeded" },
        { ref: refs[3], provider: "jimeng", account: "octopusx", id: link.id, word: "succeeded" },
        { ref: refs[4], provider: "jimeng", account: "deepwl", id: inline.id, word: "succeeded" },
        { ref: refs[5], provider: "aigptimage", account: "aigptimage", id: aigpt.id, word: "succeeded" }
      ]
    )
    const kinds = lines.map(({ outputs }) =>
      (outputs as ReadonlyArray<{ kind: string; role: string }>).map(({ kind, role }) => `${kind} ${role}`)
    )
    assert.deepStrictEqual(kinds, [
      ["image result"],
      ["video result"],
      ["video result", "image thumbnail", "animation preview"],
      ["image result"],
      ["image result"],
      ["image result"]
    ])
  })

  it("says everything that a snapshot says, and nothing else", async () => {
    const task = emulator.addTask({ vendor: "aigptimage" })
    const { stdout } = await run(["query", "--json", `aigptimage:${task.id}`], { env })
    const line = onlyJsonOf(stdout)
    const [output] = line["outputs"] as ReadonlyArray<{ url: string }>
    assert.match(output?.url ?? "", new RegExp(`^${emulator.url}/media/`))
    assert.deepStrictEqual(line, {
      ref: `aigptimage:${task.id}`,
      provider: "aigptimage",
      account: "aigptimage",
      id: task.id,
      status: "succeeded",
      rawStatus: "success",
      progress: null,
      model: "gpt-image-2-text-to-image",
      prompt: "A cinematic portrait of a robot painter",
      createdAt: isoOf(task.addedAt),
      updatedAt: null,
      completedAt: isoOf(task.addedAt),
      outputs: [
        {
          kind: "image",
          role: "result",
          url: output?.url,
          inline: null,
          mediaType: null,
          width: null,
          height: null,
          expiresAt: null
        }
      ],
      failure: null,
      warnings: []
    })
  })

  it("tells inline media by its size", async () => {
    const task = emulator.addTask({ vendor: "jimeng", inline: true })
    const { stdout } = await run(["query", "--json", `jimeng@deepwl:${task.id}`], { env })
    const outputs = onlyJsonOf(stdout)["outputs"]
    assert.deepStrictEqual(outputs, [
      {
        kind: "image",
        role: "result",
        url: null,
        inline: { bytes: 6333 },
        mediaType: null,
        width: null,
        height: null,
        expiresAt: null
      }
    ])
  })

  it("adds the vendor's own answer with --raw", async () => {
    const task = emulator.addTask({ vendor: "aigptimage" })
    const { stdout } = await run(["query", "--raw", `aigptimage:${task.id}`], { env })
    const raw = onlyJsonOf(stdout)["raw"] as { readonly data: { readonly taskId: string } }
    assert.strictEqual(raw.data.taskId, task.id)
  })

  it("goes on past a bad member of a list on the standard input", async () => {
    const first = emulator.addTask({ vendor: "jimmy" })
    const last = emulator.addTask({ vendor: "sora" })
    const input = `# what I made today\njimmy:${first.id}\r\n\n  not a ref\nsora:${last.id}\n`
    const { status, stdout, stderr } = await run(["query", "--json", "-"], { env, input })
    assert.strictEqual(status, 2)
    const lines = jsonLinesOf(stdout)
    assert.deepStrictEqual(lines[1], {
      ref: "not a ref",
      error: {
        type: "InvalidTaskRef",
        message:
          '"not a ref" is no task ref: it has no provider before a colon. A task ref is provider:taskId, such as jimmy:1234'
      }
    })
    assert.deepStrictEqual([lines[0]?.["ref"], lines[2]?.["ref"]], [`jimmy:${first.id}`, `sora:${last.id}`])
    assert.lengthOf(linesOf(stderr), 1)
  })
})

describe("query for people", () => {
  it("prints a line for the task and one for each output", async () => {
    const task = emulator.addTask({ vendor: "jimmy" })
    const { status, stdout, stderr } = await run(["query", `jimmy:${task.id}`], { env })
    assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
    const [first, second, ...rest] = linesOf(stdout)
    assert.strictEqual(first, `jimmy:${task.id}  succeeded`)
    assert.match(second ?? "", /^ {2}image {2}http:\/\/127\.0\.0\.1:\S+ {2}expires in 2 d 23 h$/)
    assert.deepStrictEqual(rest, [])
  })

  it("answers 0 for a task that failed, since it was answered", async () => {
    const task = emulator.addTask({
      vendor: "aigptimage",
      end: "failed",
      failure: { code: "400", message: "It broke" }
    })
    const { status, stdout } = await run(["query", `aigptimage:${task.id}`], { env })
    assert.strictEqual(status, 0)
    assert.match(stdout, /^aigptimage:\S+ {2}failed {2}\S+: It broke\n$/)
  })

  it("lets no vendor's word drive the terminal", async () => {
    const message = "a\u001b[2Jb\u202ec\nd"
    const task = emulator.addTask({ vendor: "jimmy", end: "failed", failure: { message } })
    const plain = await run(["query", `jimmy:${task.id}`], { env })
    assert.include(plain.stdout, "a [2Jb c d")
    const json = await run(["query", "--json", `jimmy:${task.id}`], { env })
    assert.notMatch(json.stdout.trimEnd(), /[\p{Cc}\p{Cf}]/u)
    assert.strictEqual((onlyJsonOf(json.stdout)["failure"] as { message: string }).message, message)
  })

  it("uses colours where they are forced, and none under NO_COLOR", async () => {
    const task = emulator.addTask({ vendor: "jimmy" })
    const words = ["query", `jimmy:${task.id}`]
    const colourful = [
      await run(words, { env: { ...env, FORCE_COLOR: "1" } }),
      await run([...words, "--color"], { env: { ...env, NO_COLOR: "1" } })
    ]
    const plain = [
      await run(words, { env: { ...env, NO_COLOR: "1" } }),
      await run([...words, "--no-color"], { env: { ...env, FORCE_COLOR: "1" } }),
      await run(words, { env })
    ]
    for (const { stdout } of colourful) assert.include(stdout, "\u001b[32msucceeded\u001b[39m")
    for (const { stdout } of plain) assert.notInclude(stdout, "\u001b")
  })
})
