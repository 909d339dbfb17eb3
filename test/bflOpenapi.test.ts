/** Submits to a server that validates each request with the OpenAPI document of Black Forest Labs. */
import { createGentask, memoryLedger } from "@gentask/core"
import type { SubmitInput } from "@gentask/core"
import type { CommonInputName, LazySchema, ModelSpec } from "@gentask/core/provider"
import spec, { bfl } from "@gentask/provider-bfl"
import { afterAll, afterEach, describe, expect, it } from "vitest"
import { readBflDocument } from "./openapi/bflDocument.ts"
import { startMock } from "./openapi/startMock.ts"

const link = "https://example.com/fox.png"
const file = new Blob([Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ", "base64")])

const { document, models } = await readBflDocument()
const mock = await startMock(document, ["key-1"], (id) => ({
  id,
  polling_url: `https://api.us.bfl.ai/v1/get_result?id=${id}`,
  cost: 3
}))
afterEach(mock.reset)
afterAll(mock[Symbol.asyncDispose])

/** Accounts for each model: the limit of active tasks is per account. */
const startClient = () =>
  createGentask({
    providers: models.map((_, index) =>
      bfl({ account: `m${index}`, apiKey: "key-1", baseUrl: mock.baseUrl })
    ),
    ledger: memoryLedger()
  })

const samples: Readonly<Partial<Record<CommonInputName, unknown>>> = {
  prompt: "A fox",
  images: [link],
  aspectRatio: "16:9",
  seed: 42
}

const known = spec.submit?.models as Readonly<Record<string, ModelSpec>>

/** The fields that the provider's package knows for a model. */
const fieldsOf = (model: string): ReadonlyArray<string> => {
  const input = known[model]?.input as LazySchema<unknown, unknown> | undefined
  const { properties } = input?.["~standard"].jsonSchema.input({ target: "draft-2020-12" }) ?? {}
  return Object.keys(properties ?? {})
}

/** The inputs that a model needs. */
const requiredOf = (model: string): Omit<SubmitInput, "account" | "model"> =>
  /fill|expand/.test(model) ? { images: [link] } : { prompt: "A fox" }

describe("a server with the document of Black Forest Labs", () => {
  it("accepts a submit of every model in it, with each common input, and with a file and a webhook", async () => {
    await using gentask = startClient()
    let count = 0
    for (const [index, { name: model }] of models.entries()) {
      const inputs = known[model]?.supportedInputs ?? []
      const variants = [
        ...inputs.map((name) => ({ ...requiredOf(model), [name]: samples[name] })),
        { ...requiredOf(model), images: [file] },
        { ...requiredOf(model), webhook: { url: "https://example.com/webhook", secret: "made-up" } }
      ]
      for (const variant of variants) {
        await gentask.submit({ account: `bfl@m${index}`, model, ...variant })
        count += 1
      }
    }
    expect(mock.invalid).toEqual([])
    expect(mock.taskIds).toHaveLength(count)
    expect(count).toBeGreaterThan(models.length * 3)
  })

  it("has the same fields for each model as the provider", () => {
    const notOfInput = new Set(["webhook_url", "webhook_secret", "input_image_blob_path"])
    for (const { name, fields } of models) {
      expect(fieldsOf(name).toSorted()).toEqual(fields.filter((field) => !notOfInput.has(field)).toSorted())
    }
  })

  it("rejects what it does not name, and no task is created", async () => {
    await using gentask = startClient()
    await expect(
      gentask.submit({ account: "bfl@m0", model: "flux-9-pro", prompt: "A fox" })
    ).rejects.toMatchObject({ _tag: "SubmitRejected", reason: { _tag: "InvalidRequest" } })
    const post = async (body: object, key = "key-1") => {
      const response = await fetch(`${mock.baseUrl}/v1/flux-2-pro`, {
        method: "POST",
        headers: { "x-key": key, "content-type": "application/json" },
        body: JSON.stringify(body)
      })
      return response.status
    }
    expect(await post({})).toBe(422)
    expect(await post({ prompt: "A fox", ratio: "1:1" })).toBe(422)
    expect(await post({ prompt: "A fox" }, "key-2")).toBe(401)
    expect(mock.taskIds).toEqual([])
    expect(await post({ prompt: "A fox" })).toBe(200)
  })
})
