import { createHash } from "node:crypto"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { openLedger } from "@gentask/ledger"
import { assert, beforeEach, describe, it, vi } from "vitest"
import { secretKey, useEmulator } from "./emulator.ts"
import { linesOf, onlyJsonOf, run, start } from "./gentask.ts"
import type { RunResult } from "./gentask.ts"
import { newFolder } from "./project.ts"

const fixture = useEmulator()
const picture = fileURLToPath(new URL("../../emulator/media/sample.png", import.meta.url))

let state = ""
beforeEach(() => {
  state = newFolder()
  fixture.emulator.clearRequests()
})

const submit = (
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>> = {},
  input?: string
): Promise<RunResult> =>
  run(["submit", ...args], {
    env: { ...fixture.env, XDG_STATE_HOME: state, ...env },
    ...(input === undefined ? {} : { input })
  })

const image = ["jimmy", "gpt-image-2", "-p", "A fox in the snow"]

const bodies = (): ReadonlyArray<unknown> =>
  fixture.emulator.posts().map(({ body }) => JSON.parse(body) as unknown)

const openState = () => openLedger({ path: join(state, "gentask", "ledger.db") })

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

describe("an invalid submit", () => {
  it.each<[string, ReadonlyArray<string>, ReadonlyArray<string>]>([
    [
      "reports all problems at once",
      [...image, "-i", "qualty=high", "-i", "nonsense", "--image", "missing.png", "--duration", "5"],
      [
        "Invalid input for jimmy gpt-image-2. Nothing was sent.",
        "  nonsense: Expected key=value, key:=json or key=@file.",
        "  images.0: there is no file missing.png.",
        "  duration: This model does not support it. It supports prompt, images, aspectRatio, resolution."
      ]
    ],
    [
      "names the nearest field",
      [...image, "-i", "qualty=high"],
      ["Invalid input for jimmy gpt-image-2. Nothing was sent. qualty: Unknown field. Did you mean quality?"]
    ],
    [
      "names the provider that was meant",
      ["jimy", "gpt-image-2", "-p", "x"],
      ['Invalid account: unknown provider "jimy". Did you mean jimmy?']
    ],
    [
      "explains the form of an account",
      ["jimmy:1", "gpt-image-2", "-p", "x"],
      ['Invalid account "jimmy:1": expected a provider such as jimmy']
    ],
    ["needs a model", ["jimmy"], ["Missing required argument: model. See gentask submit --help."]],
    [
      "needs a prompt that is not empty",
      ["jimmy", "gpt-image-2", "-p", ""],
      ["prompt: The prompt is empty."]
    ],
    [
      "needs a valid key",
      [...image, "--idempotency-key", "a b"],
      ["Invalid idempotencyKey: use 1 to 255 visible ASCII characters"]
    ]
  ])("%s, with status 2", async (_, args, lines) => {
    const { status, stdout, stderr } = await submit(args)
    assert.deepStrictEqual({ status, stdout }, { status: 2, stdout: "" }, stderr)
    for (const line of lines) assert.include(stderr, line)
    assert.lengthOf(fixture.emulator.requests, 0)
  })

  it("has all problems in --json", async () => {
    const { status, stdout } = await submit([...image, "-i", "qualty=high", "--json"])
    assert.strictEqual(status, 2)
    const { error } = onlyJsonOf(stdout) as { readonly error: Record<string, unknown> }
    assert.strictEqual(error["problem"], "InvalidInput")
    assert.deepStrictEqual(error["problems"], [
      { path: "qualty", message: "Unknown field. Did you mean quality?" }
    ])
  })

  it("ends with status 4 without an API key", async () => {
    const { status, stderr } = await submit(image, { JIMMY_API_KEY: "" })
    assert.strictEqual(status, 4)
    assert.include(stderr, "jimmy has no API key. Set the environment variable JIMMY_API_KEY")
  })

  it("is refused if the ledger cannot be opened", async () => {
    await mkdir(join(state, "gentask", "ledger.db"), { recursive: true })
    const { status, stdout, stderr } = await submit(image)
    assert.deepStrictEqual({ status, stdout }, { status: 2, stdout: "" })
    assert.include(stderr, "A submit must be recorded, so nothing was sent.")
    assert.lengthOf(fixture.emulator.requests, 0)
  })
})

describe("a submit that fails", () => {
  const fail = (fault: Parameters<typeof fixture.emulator.scriptSubmits>[1]["faults"]) =>
    fixture.emulator.scriptSubmits("jimmy", { faults: fault })

  it("ends with status 1 if the vendor rejects it", async () => {
    fail([{ fault: "rejected", status: 400 }])
    const { status, stdout, stderr } = await submit([...image, "--json"])
    assert.strictEqual(status, 1, stderr)
    const { error, intent } = onlyJsonOf(stdout) as {
      readonly error: Record<string, unknown>
      intent: string
    }
    assert.strictEqual(error["type"], "SubmitRejected")
    assert.isString(intent)
    assert.include(stderr, "no task was created")
  })

  it("ends with status 4 if the key is refused or the credit is used up", async () => {
    const { status } = await submit(image, { JIMMY_API_KEY: `${secretKey.slice(0, 5)}-wrong` })
    assert.strictEqual(status, 4)
  })

  it("ends with status 5 if the vendor cannot be reached", async () => {
    const { status, stderr } = await submit(image, { JIMMY_BASE_URL: "http://127.0.0.1:1" })
    assert.strictEqual(status, 5, stderr)
  })

  it("ends with status 7 if its outcome is unknown, and says what to do", async () => {
    fail([{ fault: "reset-after-task" }])
    const { status, stdout, stderr } = await submit([...image, "--json", "--idempotency-key", "key-7"])
    assert.strictEqual(status, 7, stderr)
    const { idempotencyKey, intent, error } = onlyJsonOf(stdout)
    assert.strictEqual(idempotencyKey, "key-7")
    assert.deepInclude(error, { type: "SubmitOutcomeUnknown" })
    assert.include(stderr, `To check: gentask reconcile ${String(intent)}`)
    assert.lengthOf(fixture.emulator.posts(), 1)
  })

  it("is recorded as unknown if it is interrupted while the vendor has not responded", async () => {
    const tasks = fixture.emulator.tasks().length
    fail([{ fault: "late", ms: 60_000 }])
    const env = { ...fixture.env, XDG_STATE_HOME: state }
    const { child, result } = start(["submit", ...image], { env })
    await vi.waitFor(() => assert.lengthOf(fixture.emulator.tasks(), tasks + 1), { timeout: 10_000 })
    child.kill("SIGINT")
    const { status, stdout, stderr } = await result
    assert.deepStrictEqual({ status, stdout }, { status: 130, stdout: "" })
    assert.include(stderr, "the vendor may have created its task. To find out: gentask reconcile")
    await using ledger = await openState()
    const [intent] = await ledger.intents()
    assert.strictEqual(intent?.state, "unknown")
  })
})
