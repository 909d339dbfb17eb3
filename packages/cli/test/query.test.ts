import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { InvalidTaskRef, TaskRef } from "@gentask/core"
import { assert, describe, it } from "vitest"
import { secretKey, useEmulator } from "./emulator.ts"
import { jsonLinesOf, linesOf, onlyJsonOf, run } from "./gentask.ts"

const fixture = useEmulator()

const invalidRefMessage = (text: string): string => {
  try {
    TaskRef.parse(text)
  } catch (error) {
    if (error instanceof InvalidTaskRef) return error.message
    throw error
  }
  throw new Error(`${text} is a valid ref`)
}

const isoOf = (milliseconds: number): string => new Date(milliseconds).toISOString()

describe("query --json", () => {
  it("prints one object per task in the order of the list, for every format", async () => {
    const image = fixture.emulator.addTask({ vendor: "jimmy" })
    const video = fixture.emulator.addTask({ vendor: "jimmy", kind: "video" })
    const sora = fixture.emulator.addTask({ vendor: "sora" })
    const link = fixture.emulator.addTask({ vendor: "jimeng" })
    const inline = fixture.emulator.addTask({ vendor: "jimeng", inline: true })
    const aigpt = fixture.emulator.addTask({ vendor: "aigptimage" })
    const refs = [
      `jimmy:${image.id}`,
      `jimmy:${video.id}?kind=video`,
      `sora:${sora.id}`,
      `jimeng@octopusx:${link.id}`,
      `jimeng@deepwl:${inline.id}`,
      `aigptimage:${aigpt.id}`
    ]
    const { status, stdout, stderr } = await run(["query", "--json", ...refs], { env: fixture.env })
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

  it("prints all members of a snapshot, and no others", async () => {
    const task = fixture.emulator.addTask({ vendor: "aigptimage" })
    const { stdout } = await run(["query", "--json", `aigptimage:${task.id}`], { env: fixture.env })
    const line = onlyJsonOf(stdout)
    const [output] = line["outputs"] as ReadonlyArray<{ url: string }>
    assert.match(output?.url ?? "", new RegExp(`^${fixture.emulator.url}/media/`))
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
      queuePosition: null,
      cost: null,
      warnings: []
    })
  })

  it("replaces inline media by its size", async () => {
    const task = fixture.emulator.addTask({ vendor: "jimeng", inline: true })
    const { stdout } = await run(["query", "--json", `jimeng@deepwl:${task.id}`], { env: fixture.env })
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

  it("adds the vendor's response with --raw", async () => {
    const task = fixture.emulator.addTask({ vendor: "aigptimage" })
    const { stdout } = await run(["query", "--raw", `aigptimage:${task.id}`], { env: fixture.env })
    const raw = onlyJsonOf(stdout)["raw"] as { readonly data: { readonly taskId: string } }
    assert.strictEqual(raw.data.taskId, task.id)
  })

  it("adds the vendor's response to an error with --raw, without the API key", async () => {
    const body = { code: "40401", msg: "No such task", echo: `Bearer ${secretKey}` }
    const json = fixture.emulator.addTask({ vendor: "jimmy", responses: [{ status: 404, body }] })
    const found = await run(["query", "--raw", `jimmy:${json.id}`], { env: fixture.env })
    assert.strictEqual(found.status, 5)
    const error = onlyJsonOf(found.stdout)["error"] as { readonly reason: string; readonly raw: unknown }
    assert.strictEqual(error.reason, "TaskNotFound")
    assert.deepStrictEqual(error.raw, { ...body, echo: "Bearer <secret>" })
  })

  it("adds a response that is not JSON as shortened text with --raw", async () => {
    const server = createServer((_, response) => {
      response.end(`<html>${secretKey} ${"x".repeat(20_000)}`)
    }).listen(0, "127.0.0.1")
    await once(server, "listening")
    const { port } = server.address() as AddressInfo
    const env = { ...fixture.env, JIMMY_BASE_URL: `http://127.0.0.1:${port}` }
    const page = await run(["query", "--raw", "jimmy:1"], { env })
    server.close()
    const error = onlyJsonOf(page.stdout)["error"] as { readonly raw: string }
    assert.strictEqual(error.raw, `<html><secret> ${"x".repeat(10_000)}`.slice(0, 10_000))
    assert.notInclude(page.stderr, "x".repeat(300))
  })

  it("adds no response to an error without --raw", async () => {
    const { stdout } = await run(["query", "--json", "jimmy:unknown"], { env: fixture.env })
    assert.doesNotHaveAnyKeys(onlyJsonOf(stdout)["error"], ["raw"])
  })

  it("continues after an invalid ref in a list on the standard input", async () => {
    const first = fixture.emulator.addTask({ vendor: "jimmy" })
    const last = fixture.emulator.addTask({ vendor: "sora" })
    const input = `# created today\njimmy:${first.id}\r\n\n  not a ref\nsora:${last.id}\n`
    const { status, stdout, stderr } = await run(["query", "--json", "-"], { env: fixture.env, input })
    assert.strictEqual(status, 2)
    const lines = jsonLinesOf(stdout)
    assert.deepStrictEqual(lines[1], {
      ref: "not a ref",
      error: {
        type: "InvalidTaskRef",
        message: invalidRefMessage("not a ref")
      }
    })
    assert.deepStrictEqual([lines[0]?.["ref"], lines[2]?.["ref"]], [`jimmy:${first.id}`, `sora:${last.id}`])
    assert.lengthOf(linesOf(stderr), 1)
  })
})

describe("query", () => {
  it("prints a line per task and a line per output", async () => {
    const task = fixture.emulator.addTask({ vendor: "jimmy" })
    const { status, stdout, stderr } = await run(["query", `jimmy:${task.id}`], { env: fixture.env })
    assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
    const [first, second, ...rest] = linesOf(stdout)
    assert.strictEqual(first, `jimmy:${task.id}  succeeded`)
    assert.match(second ?? "", /^ {2}image {2}http:\/\/127\.0\.0\.1:\S+ {2}expires in 2 d 23 h$/)
    assert.deepStrictEqual(rest, [])
  })

  it("succeeds for a failed task", async () => {
    const task = fixture.emulator.addTask({
      vendor: "aigptimage",
      end: "failed",
      failure: { code: "400", message: "It broke" }
    })
    const { status, stdout } = await run(["query", `aigptimage:${task.id}`], { env: fixture.env })
    assert.strictEqual(status, 0)
    assert.match(stdout, /^aigptimage:\S+ {2}failed {2}\S+: It broke\n$/)
  })

  it("prints no control characters of vendors", async () => {
    const message = "a\u001b[2Jb\u202ec\nd"
    const task = fixture.emulator.addTask({ vendor: "jimmy", end: "failed", failure: { message } })
    const plain = await run(["query", `jimmy:${task.id}`], { env: fixture.env })
    assert.include(plain.stdout, "a [2Jb c d")
    const json = await run(["query", "--json", `jimmy:${task.id}`], { env: fixture.env })
    assert.notMatch(json.stdout.trimEnd(), /[\p{Cc}\p{Cf}]/u)
    assert.strictEqual((onlyJsonOf(json.stdout)["failure"] as { message: string }).message, message)
  })

  it("uses colors if they are forced, and no colors with NO_COLOR or --no-color", async () => {
    const task = fixture.emulator.addTask({ vendor: "jimmy" })
    const args = ["query", `jimmy:${task.id}`]
    const colored = [
      await run(args, { env: { ...fixture.env, FORCE_COLOR: "1" } }),
      await run([...args, "--color"], { env: { ...fixture.env, NO_COLOR: "1" } })
    ]
    const plain = [
      await run(args, { env: { ...fixture.env, NO_COLOR: "1" } }),
      await run([...args, "--no-color"], { env: { ...fixture.env, FORCE_COLOR: "1" } }),
      await run(args, { env: fixture.env })
    ]
    for (const { stdout } of colored) assert.include(stdout, "\u001b[32msucceeded\u001b[39m")
    for (const { stdout } of plain) assert.notInclude(stdout, "\u001b")
  })
})
