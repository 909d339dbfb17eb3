/** Submitting, waiting and saving, canceling and the balance, with the providers of all formats. */
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { ConfigurationError, memoryLedger } from "@gentask/core"
import { openLedger } from "@gentask/ledger"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { countPosts, requestOf, startSubmits, submitSystems } from "./submitSystems.ts"
import { png } from "./onePixelPng.ts"

const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error
  )

describe.each(submitSystems)("with $name", (system) => {
  it("submits, and records the intent and the task", async () => {
    await using running = await startSubmits()
    const { gentask, emulator, ledger } = running
    const submitted = await gentask.submit(requestOf(system))
    expect(submitted).toMatchObject({
      isReplay: false,
      warnings: [],
      snapshot: { prompt: "A fox in the snow" }
    })
    expect(submitted.ref.startsWith(`${system.account}:`)).toBe(true)
    expect(countPosts(emulator.posts())).toEqual({ posts: 1, tasks: 1 })
    expect(await ledger.intents()).toMatchObject([
      { state: "accepted", refs: [submitted.ref], attempts: 1, account: system.account, model: system.model }
    ])
    expect(await gentask.wait(submitted.ref)).toMatchObject({ status: "succeeded" })
    await gentask.close()
    expect(await ledger.countActive(system.account)).toBe(0)
  })

  it("generates: submits, waits and saves", async () => {
    await using folder = await temporaryFolder()
    await using ledger = await openLedger({ path: join(folder.path, "ledger.db") })
    await using durable = await startSubmits({}, { ledger })
    const refs: Array<string> = []
    const { files, snapshots, ref } = await durable.gentask.generate(requestOf(system), {
      dir: join(folder.path, "out"),
      timeout: "20 seconds",
      onSubmit: (submitted) => refs.push(submitted.ref)
    })
    expect(refs).toEqual([ref])
    expect(snapshots).toMatchObject([{ ref, status: "succeeded" }])
    expect(files).toHaveLength(1)
    expect((await readFile(files[0]?.path ?? "")).length).toBeGreaterThan(1000)
    await durable.gentask.close()
    expect(await ledger.show(ref)).toMatchObject({
      task: { status: "succeeded" },
      files: [{ path: files[0]?.path }]
    })
    expect(countPosts(durable.emulator.posts())).toEqual({ posts: 1, tasks: 1 })
  })

  it.runIf(system.cancels)("cancels a task that is queued", async () => {
    const task = { queuedFor: 60_000 }
    await using running = await startSubmits({ submits: { [system.service]: { task } } })
    const { ref } = await running.gentask.submit(requestOf(system))
    expect(["canceled", "requested"]).toContain((await running.gentask.cancel(ref)).result)
    const queried = running.gentask.query(ref)
    if (system.forgetsCanceled)
      await expect(queried).rejects.toMatchObject({ reason: { _tag: "TaskNotFound" } })
    else expect(await queried).toMatchObject({ status: "canceled" })
  })

  it.skipIf(system.cancels)("reports that the vendor cannot cancel", async () => {
    await using running = await startSubmits()
    const { ref } = await running.gentask.submit(requestOf(system))
    expect(await errorOf(running.gentask.cancel(ref))).toMatchObject({
      reason: { _tag: "UnsupportedOperation", operation: "cancel" }
    })
  })

  it("reconciles nothing while all outcomes are known", async () => {
    await using running = await startSubmits()
    const { intent } = await running.gentask.submit(requestOf(system))
    expect(await running.gentask.reconcile()).toEqual([])
    expect(await running.gentask.reconcile(intent ?? "")).toMatchObject([{ intent, result: "accepted" }])
  })
})

describe("the balance", () => {
  it.each([
    ["jimmy", { unit: "JimiCoin" }],
    ["sora", { unit: "quota" }],
    ["aigptimage@kie", { unit: "credits" }]
  ])("of %s is reported", async (account, available) => {
    await using running = await startSubmits()
    expect(await running.gentask.balance(account)).toMatchObject({ account, available })
  })

  it.each(["jimeng@octopusx", "aigptimage"])("of %s is not documented", async (account) => {
    await using running = await startSubmits()
    expect(await errorOf(running.gentask.balance(account))).toMatchObject({
      reason: { _tag: "UnsupportedOperation", operation: "balance" }
    })
  })
})

describe("a local file", () => {
  const start = async () => {
    const running = await startSubmits()
    const folder = await temporaryFolder()
    const path = join(folder.path, "fox.png")
    await writeFile(path, png)
    return {
      ...running,
      path,
      [Symbol.asyncDispose]: async () => {
        await running[Symbol.asyncDispose]()
        await folder[Symbol.asyncDispose]()
      }
    }
  }

  it.each(["jimmy", "kie"])("is uploaded to %s before the task is created", async (name) => {
    await using running = await start()
    const system = submitSystems.find((each) => each.name === name)
    if (system === undefined) throw new Error(name)
    const { account, imageModel: model } = system
    await running.gentask.submit({ account, model, prompt: "A fox", images: [{ path: running.path }] })
    const [upload] = running.emulator.uploads()
    expect(upload).toMatchObject({ size: png.length })
    const [post] = running.emulator.posts()
    expect(post?.body).toContain(JSON.stringify(upload?.url))
    const [intent] = await running.ledger.intents()
    expect(intent?.files).toMatchObject([{ name: "fox.png", size: png.length, mediaType: "image/png" }])
    expect(JSON.stringify(intent)).not.toContain(running.path)
  })

  it.each(["jimeng@octopusx", "jimeng@volcengine"])("is sent to %s inside the body", async (account) => {
    await using running = await start()
    const images = [{ path: running.path }]
    await running.gentask.submit({ account, model: "jimeng_i2i_v30", prompt: "A fox", images })
    const [post] = running.emulator.posts()
    expect(JSON.parse(post?.body ?? "")).toMatchObject({ binary_data_base64: [png.toString("base64")] })
    const [intent] = await running.ledger.intents()
    expect(JSON.stringify(intent)).not.toContain(png.toString("base64"))
  })

  it.each([
    ["sora", "sora-2"],
    ["aigptimage", "gpt-image-2-image-to-image"]
  ])("is refused by %s, which accepts links only", async (account, model) => {
    await using running = await start()
    const images = [{ path: running.path }]
    const error = await errorOf(running.gentask.submit({ account, model, prompt: "A fox", images }))
    expect(error).toBeInstanceOf(ConfigurationError)
    expect(error).toMatchObject({ reason: { _tag: "InvalidInput" } })
    expect(running.emulator.requests).toEqual([])
    expect(await running.ledger.intents()).toEqual([])
  })

  it("that is missing is reported before anything is sent", async () => {
    await using running = await start()
    const images = [{ path: `${running.path}.missing` }]
    const request = { account: "jimmy", model: "gpt-image-2", prompt: "A fox", images }
    expect(String(await errorOf(running.gentask.submit(request)))).toContain("images.0: there is no file")
    expect(running.emulator.requests).toEqual([])
  })
})

describe("a request", () => {
  it("is not affected by later changes of the caller", async () => {
    await using running = await startSubmits()
    const request = {
      account: "jimmy",
      model: "gpt-image-2",
      prompt: "A fox",
      images: ["https://a.example/1.png"]
    }
    const submitted = running.gentask.submit(request)
    request.prompt = "A cat"
    request.images.push("https://a.example/2.png")
    await submitted
    expect(JSON.parse(running.emulator.posts()[0]?.body ?? "")).toMatchObject({
      prompt: "A fox",
      images: ["https://a.example/1.png"]
    })
  })

  it.each([{ dir: "out", timeout: "soon" }, { dir: "out", attempts: -1 }, { dir: 1 }, undefined])(
    "of generate with the options %j creates no task",
    async (options) => {
      await using running = await startSubmits()
      const error = await errorOf(
        running.gentask.generate(
          { account: "jimmy", model: "gpt-image-2", prompt: "A fox" },
          options as never
        )
      )
      expect(error).toMatchObject({ _tag: "ConfigurationError", reason: { _tag: "InvalidOption" } })
      expect(running.emulator.posts()).toEqual([])
    }
  )

  it.each(["", "a b", "ключ", "x".repeat(256), 7])("with the idempotency key %j is invalid", async (key) => {
    await using running = await startSubmits()
    const request = { account: "jimmy", model: "gpt-image-2", prompt: "A fox", idempotencyKey: key as string }
    expect(await errorOf(running.gentask.submit(request))).toMatchObject({
      reason: { _tag: "InvalidOption", option: "idempotencyKey" }
    })
    expect(running.emulator.posts()).toEqual([])
  })
})

describe("the ledger", () => {
  const request = { account: "jimmy", model: "gpt-image-2", prompt: "A fox" }
  const failing = (method: "begin" | "settle" | "intentByKey") => ({
    ...memoryLedger(),
    [method]: () => Promise.reject(new Error("the disk is full"))
  })

  it("must be given or switched off", async () => {
    await using running = await startSubmits({}, { ledger: undefined as never, accounts: () => [] })
    const { createGentask } = await import("@gentask/core")
    await using gentask = createGentask({ providers: [] })
    expect(await errorOf(gentask.submit(request))).toMatchObject({ reason: { _tag: "MissingLedger" } })
    expect(running.emulator.posts()).toEqual([])
  })

  it("can be switched off", async () => {
    await using running = await startSubmits({}, { ledger: false })
    expect(await running.gentask.submit(request)).toMatchObject({ intent: null })
  })

  it.each(["begin", "intentByKey"] as const)(
    "that fails in %s before the request lets nothing be sent",
    async (method) => {
      await using running = await startSubmits({}, { ledger: failing(method) })
      expect(await errorOf(running.gentask.submit(request))).toMatchObject({ _tag: "LedgerFailed" })
      expect(running.emulator.posts()).toEqual([])
    }
  )

  it("that fails after the request does not lose the ref", async () => {
    const ledger = failing("settle")
    await using running = await startSubmits({}, { ledger })
    const { ref, warnings } = await running.gentask.submit(request)
    expect(await running.gentask.wait(ref)).toMatchObject({ status: "succeeded" })
    expect(warnings).toEqual(["The ledger could not record the outcome: the disk is full"])
    expect(await ledger.intents()).toMatchObject([{ state: "pending" }])
  })

  it("that failed after the request does not let a later submit with the key wait forever", async () => {
    await using running = await startSubmits({}, { ledger: failing("settle") })
    const keyed = { ...request, idempotencyKey: "k" }
    await running.gentask.submit(keyed)
    expect(await errorOf(running.gentask.submit(keyed))).toMatchObject({ _tag: "LedgerFailed" })
    expect(running.emulator.posts()).toHaveLength(1)
  })

  it("that fails after an ambiguous request does not hide that the outcome is unknown", async () => {
    await using running = await startSubmits({}, { ledger: failing("settle") })
    running.emulator.scriptSubmits("jimmy", { faults: [{ fault: "reset-after-task" }] })
    expect(await errorOf(running.gentask.submit(request))).toMatchObject({ _tag: "SubmitOutcomeUnknown" })
  })
})
