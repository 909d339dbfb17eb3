import { createHash } from "node:crypto"
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { linesOf, onlyJsonOf, run } from "./gentask.ts"
import { newFolder } from "./project.ts"
import { image, picture, useSubmits } from "./submits.ts"

const { fixture, submit, bodies, openState } = useSubmits()

describe("submit", () => {
  it("prints the ref, which can be queried, and records the submit", async () => {
    const { status, stdout, stderr } = await submit([...image, "--aspect-ratio", "16:9"])
    assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
    const [ref = ""] = linesOf(stdout)
    assert.match(stdout, /^jimmy:\S+\?kind=image\n$/)
    assert.deepStrictEqual(bodies(), [{ model: "gpt-image-2", prompt: "A fox in the snow", ratio: "16:9" }])
    await using ledger = await openState()
    const [task] = (await ledger.list()).tasks
    assert.deepStrictEqual(
      { ref: task?.ref, model: task?.model, prompt: task?.prompt },
      { ref, model: "gpt-image-2", prompt: "A fox in the snow" }
    )
    assert.strictEqual((await ledger.intent(ref))?.state, "accepted")
    assert.strictEqual((await run(["query", ref], { env: fixture.env })).status, 0)
  })

  it("prints one object with --json", async () => {
    const { stdout } = await submit([...image, "--json", "--idempotency-key", "key-1"])
    const { ref, refs, provider, prompt, idempotencyKey, isReplay, intent } = onlyJsonOf(stdout)
    assert.deepStrictEqual(
      { refs, provider, prompt, idempotencyKey, isReplay },
      {
        refs: [ref],
        provider: "jimmy",
        prompt: "A fox in the snow",
        idempotencyKey: "key-1",
        isReplay: false
      }
    )
    assert.match(String(intent), /^[\da-f-]{36}$/)
  })

  it("returns the same task for the same key, and rejects another request with it", async () => {
    const first = await submit([...image, "--idempotency-key", "key-2"])
    const second = await submit([...image, "--idempotency-key", "key-2"])
    assert.strictEqual(second.stdout, first.stdout)
    assert.include(second.stderr, "the key was used before: no new task")
    const other = await submit(["jimmy", "gpt-image-2", "-p", "A cat", "--idempotency-key", "key-2"])
    assert.strictEqual(other.status, 2)
    assert.include(other.stderr, "the idempotency key key-2 was used for another request")
    assert.lengthOf(fixture.emulator.posts(), 1)
  })

  it("uploads local files, and passes URLs on", async () => {
    const args = [...image, "--image", picture, "--image", "https://example.com/cat.png"]
    const { status, stderr } = await submit(args)
    assert.strictEqual(status, 0, stderr)
    const [upload] = fixture.emulator.uploads()
    const [body] = bodies() as ReadonlyArray<{ readonly images: ReadonlyArray<string> }>
    assert.lengthOf(body?.images ?? [], 2)
    assert.strictEqual(body?.images[1], "https://example.com/cat.png")
    assert.isDefined(upload)
  })

  it("reads values by the model's schema", async () => {
    const input = ["-i", "quality=high", "-i", `images=${picture}`, "-i", "images=https://example.com/a.png"]
    assert.strictEqual((await submit([...image, ...input])).status, 0)
    const video = ["-i", "prompt=123", "-i", "duration=10", "-i", "aspect_ratio=16:9"]
    assert.strictEqual((await submit(["jimmy", "flux-3-draft", ...video])).status, 0)
    const [first, second] = bodies() as ReadonlyArray<Record<string, unknown>>
    assert.strictEqual(first?.["quality"], "high")
    assert.lengthOf(first?.["images"] as ReadonlyArray<unknown>, 2)
    assert.deepStrictEqual(second, {
      model: "flux-3-draft",
      prompt: "123",
      duration: 10,
      aspect_ratio: "16:9"
    })
  })

  it("reads the prompt and the input from files and from the standard input", async () => {
    const file = join(newFolder(), "input.json")
    await writeFile(file, JSON.stringify({ quality: "low", ratio: "1:1" }))
    const args = ["jimmy", "gpt-image-2", "--prompt-file", "-", "--input-json", file, "-i", "quality=high"]
    const { status, stderr } = await submit(args, {}, "A fox\n")
    assert.strictEqual(status, 0, stderr)
    assert.deepStrictEqual(bodies(), [
      { model: "gpt-image-2", prompt: "A fox", quality: "high", ratio: "1:1" }
    ])
  })
})

describe("submit --dry-run", () => {
  it("prints the request without the key, and sends nothing", async () => {
    const { status, stdout, stderr } = await submit([...image, "--image", picture, "--dry-run", "--json"])
    assert.strictEqual(status, 0, stderr)
    const { method, url, headers, body, files } = onlyJsonOf(stdout)
    const bytes = await readFile(picture)
    const sha256 = createHash("sha256").update(bytes).digest("hex")
    const file = { name: "sample.png", mediaType: "image/png", size: bytes.length, sha256 }
    assert.deepStrictEqual(
      { method, url, headers, body, files },
      {
        method: "POST",
        url: `${fixture.emulator.url}/api/open-api/v1/images`,
        headers: { "content-type": "application/json" },
        body: { model: "gpt-image-2", prompt: "A fox in the snow", images: [file] },
        files: [{ path: "images.0", ...file }]
      }
    )
    assert.lengthOf(fixture.emulator.requests, 0)
  })

  it("needs no API key, and prints text", async () => {
    const { status, stdout } = await submit([...image, "--dry-run"], { JIMMY_API_KEY: "" })
    assert.strictEqual(status, 0)
    assert.strictEqual(linesOf(stdout)[0], `POST ${fixture.emulator.url}/api/open-api/v1/images`)
    assert.include(stdout, '  "prompt": "A fox in the snow"')
  })
})
