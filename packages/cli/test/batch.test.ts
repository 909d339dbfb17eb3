import { rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { assert, describe, it, vi } from "vitest"
import { linesOf } from "./gentask.ts"
import { newFolder } from "./project.ts"
import { image, useSubmits } from "./submits.ts"

const { fixture, submit, startSubmit, bodies, ledgerPath } = useSubmits()

const write = async (content: string): Promise<string> => {
  const file = join(newFolder(), "batch.jsonl")
  await writeFile(file, content)
  return file
}

const argsOf = (file: string, model = "gpt-image-2") => ["jimmy", model, "--batch", file, "--yes"]

describe("a batch", () => {
  it("may have a byte order mark, CRLF, empty lines and no final newline", async () => {
    const file = await write('\uFEFF{"prompt":"A"}\r\n\r\n  \r\n{"prompt":"B"}')
    const { status, stdout, stderr } = await submit(argsOf(file))
    assert.strictEqual(status, 0, stderr)
    assert.lengthOf(linesOf(stdout), 2)
    assert.lengthOf(bodies(), 2)
  })

  it("must have a request", async () => {
    const file = await write("\n\n")
    const { status, stdout, stderr } = await submit(argsOf(file))
    assert.deepStrictEqual({ status, stdout }, { status: 2, stdout: "" })
    assert.include(stderr, `${file} has no requests. Write one JSON object per line. Nothing was sent.`)
  })

  it("sends nothing if two lines have one key for different requests", async () => {
    const file = await write(
      ["A", "A", "B"].map((prompt) => JSON.stringify({ prompt, idempotencyKey: "k" })).join("\n")
    )
    const { status, stderr } = await submit(argsOf(file))
    assert.strictEqual(status, 2)
    assert.include(stderr, "Line 3: The idempotency key k is also that of line 1, which is another request.")
    assert.notInclude(stderr, "Line 2")
    assert.lengthOf(bodies(), 0)
  })

  it("names the nearest member, and empty prompts", async () => {
    const { stderr } = await submit(argsOf(await write('{"promt":"A"}\n{"prompt":"  "}')))
    assert.include(stderr, 'Line 1: Unknown member "promt". Did you mean prompt?')
    assert.include(stderr, "Line 2: prompt: The prompt is empty.")
  })

  it("reports at most 20 lines", async () => {
    const { stderr } = await submit(argsOf(await write("x\n".repeat(25))))
    assert.lengthOf(linesOf(stderr), 22)
    assert.include(stderr, "5 more lines are invalid.")
  })

  it("creates tasks of another model", async () => {
    const file = await write('{"prompt":"A"}\n')
    await submit(argsOf(file))
    const { status, stderr } = await submit(argsOf(file, "nano-banana"))
    assert.strictEqual(status, 0, stderr)
    assert.lengthOf(bodies(), 2)
  })

  it("sends no further requests when the reader of the refs has closed the output", async () => {
    const lines = Array.from({ length: 200 }, (_, index) => JSON.stringify({ prompt: `Fox ${index}` }))
    const file = await write(lines.join("\n"))
    const { child, stderr, result } = startSubmit(argsOf(file))
    child.stdout?.once("data", () => child.stdout?.destroy())
    assert.strictEqual((await result).status, 141)
    assert.match(stderr(), /closed, and \d+ of 200 requests were not sent\. Run the same command again/)
    assert.isBelow(bodies().length, 200)
    assert.strictEqual((await submit(argsOf(file))).status, 0)
    assert.lengthOf(bodies(), 200)
  })
})

describe("a task that the ledger cannot record", () => {
  it("is printed, with a warning", async () => {
    const tasks = fixture.emulator.tasks().length
    fixture.emulator.scriptSubmits("jimmy", { faults: [{ fault: "late", ms: 2000 }] })
    const { result } = startSubmit(image)
    await vi.waitFor(() => assert.lengthOf(fixture.emulator.tasks(), tasks + 1), { timeout: 10_000 })
    await rm(ledgerPath())
    const { status, stdout, stderr } = await result
    const id = fixture.emulator.tasks().at(-1)?.id
    assert.deepStrictEqual({ status, stdout }, { status: 0, stdout: `jimmy:${id}?kind=image\n` })
    assert.include(stderr, "gentask: warning: The ledger could not record the outcome: Ledger ")
  })
})
