import { mkdir } from "node:fs/promises"
import { startEmulator } from "@gentask/emulator"
import { assert, describe, it, vi } from "vitest"
import { secretKey } from "./emulator.ts"
import { onlyJsonOf } from "./gentask.ts"
import { image, useSubmits } from "./submits.ts"

const { fixture, submit, startSubmit, ledgerPath, openState } = useSubmits()

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
      { path: "qualty", message: "Unknown field. Did you mean quality?", code: "invalid" }
    ])
  })

  it("ends with status 4 without an API key", async () => {
    const { status, stderr } = await submit(image, { JIMMY_API_KEY: "" })
    assert.strictEqual(status, 4)
    assert.include(stderr, "jimmy has no API key. Set the environment variable JIMMY_API_KEY")
  })

  it("is refused if the ledger cannot be opened", async () => {
    await mkdir(ledgerPath(), { recursive: true })
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

  it("ends with status 4 if the account has no credit", async () => {
    await using poor = await startEmulator({ apiKey: secretKey, submits: { jimmy: { credit: 0 } } })
    const { status, stderr } = await submit(image, { JIMMY_BASE_URL: poor.url })
    assert.strictEqual(status, 4, stderr)
    assert.deepStrictEqual(
      poor.submitCounts().map(({ tasks }) => tasks),
      [0]
    )
  })

  it("ends with status 4 if the key is refused", async () => {
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
    const { child, result } = startSubmit(image)
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
