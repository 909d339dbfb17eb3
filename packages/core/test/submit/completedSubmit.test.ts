/** Tasks whose vendors return the result of a submit at once, and cannot be queried afterwards. */
import { readdir, readFile } from "node:fs/promises"
import { memoryLedger } from "@gentask/core"
import type { Ledger } from "@gentask/core"
import { Tasks } from "@gentask/core/effect"
import { accepted, configureAccount } from "@gentask/core/provider"
import type { ProviderSpec, SnapshotDraft } from "@gentask/core/provider"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import { tasksOver } from "../support/acme.ts"
import { submitTransport, submitVendor } from "../support/submitVendor.ts"

/** One pixel. */
const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
const image: SnapshotDraft = { status: "succeeded", outputs: [{ kind: "image", base64: png }] }
const link: SnapshotDraft = {
  status: "succeeded",
  outputs: [{ kind: "image", url: "https://cdn.acme.example/1.png" }]
}

const vendor = (draft: SnapshotDraft): ProviderSpec => {
  const { submit, ...spec } = submitVendor()
  if (submit === undefined) throw new Error("The vendor cannot submit.")
  return {
    ...spec,
    params: Schema.toStandardSchemaV1(Schema.Struct({ mode: Schema.optional(Schema.String) })),
    query: { ...spec.query, completesOnSubmit: (params: { mode?: string }) => params.mode === "sync" },
    resultLifetimeMs: { image: 60_000 },
    submit: {
      ...submit,
      decode: (_body, _head, { idempotencyKey }) =>
        accepted({ id: idempotencyKey, params: { mode: "sync" } }, draft)
    }
  }
}

const request = { account: "acme", model: "acme-1", prompt: "A fox", idempotencyKey: "order-7" }
const ref = "acme:order-7?mode=sync"

const use = <A, E>(
  draft: SnapshotDraft,
  ledger: Ledger | false,
  run: (tasks: Tasks["Service"]) => Effect.Effect<A, E>
) => {
  const { layer, requests } = submitTransport({ "/submit": [{ body: { id: "1" } }] })
  const providers = [configureAccount(vendor(draft), { apiKey: "sk-acme-secret" })]
  const program = Tasks.use(run).pipe(Effect.provide(tasksOver(layer, { providers, ledger })))
  return Effect.runPromise(program).then((result) => ({ result, requests }))
}

describe("a task that ended when it was submitted", () => {
  it("has its result at once, and is never queried at the vendor", async () => {
    const { result, requests } = await use(link, memoryLedger(), (tasks) =>
      Effect.gen(function* () {
        const { snapshot } = yield* tasks.submit(request)
        const queried = yield* tasks.query(ref)
        const waited = yield* tasks.wait(ref)
        const watched = yield* Stream.runCollect(tasks.watch(ref))
        return { snapshot, queried, waited, watched: [...watched] }
      })
    )
    expect(requests).toEqual(["/submit"])
    expect(result.snapshot).toMatchObject({ ref, status: "succeeded", prompt: "A fox", model: "acme-1" })
    const [output] = result.snapshot.outputs
    expect(output?.expiresAt?.getTime()).toBe((result.snapshot.completedAt?.getTime() ?? 0) + 60_000)
    expect(result.queried).toEqual(result.snapshot)
    expect(result.waited).toEqual(result.snapshot)
    expect(result.watched).toEqual([result.snapshot])
  })

  it("is generated with inline media", async () => {
    await using folder = await temporaryFolder()
    const { result, requests } = await use(image, memoryLedger(), (tasks) =>
      tasks.generate(request, { dir: folder.path })
    )
    expect(requests).toEqual(["/submit"])
    expect((await readdir(folder.path)).filter((name) => name.endsWith(".png"))).toHaveLength(1)
    const [file] = result.files
    expect((await readFile(file?.path ?? "")).toString("base64")).toBe(png)
  })

  it("is read from the ledger by another client", async () => {
    const ledger = memoryLedger()
    await use(link, ledger, (tasks) => tasks.submit(request))
    const { result, requests } = await use(link, ledger, (tasks) => tasks.wait(ref))
    expect(requests).toEqual([])
    expect(result.outputs.map(({ url }) => url)).toEqual(["https://cdn.acme.example/1.png"])
  })

  it("is returned again for the same idempotency key", async () => {
    const ledger = memoryLedger()
    await use(link, ledger, (tasks) => tasks.submit(request))
    const { result, requests } = await use(link, ledger, (tasks) => tasks.submit(request))
    expect(requests).toEqual([])
    expect(result).toMatchObject({ ref, isReplay: true, snapshot: { status: "succeeded" } })
  })

  it("can no longer be canceled", async () => {
    const { result, requests } = await use(link, memoryLedger(), (tasks) => tasks.cancel(ref))
    expect(requests).toEqual([])
    expect(result).toMatchObject({ ref, result: "too-late" })
  })

  it("is unavailable to a client that has no record of it", async () => {
    for (const ledger of [memoryLedger(), false] as const) {
      const { result } = await use(link, ledger, (tasks) => Effect.flip(tasks.query(ref)))
      expect(result).toMatchObject({
        _tag: "ConfigurationError",
        reason: { _tag: "UnsupportedOperation", operation: "query" },
        message: expect.stringContaining("Use the ledger of the program that submitted it.") as string
      })
    }
  })
})
