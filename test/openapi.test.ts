/** Submits to a server that validates each request with an OpenAPI document. */
import { createGentask, memoryLedger } from "@gentask/core"
import type { SubmitInput } from "@gentask/core"
import type { CommonInputName } from "@gentask/core/provider"
import { aigptimage } from "@gentask/provider-aigptimage"
import { afterAll, afterEach, describe, expect, it } from "vitest"
import { kieDocument, readKieData } from "./openapi/kieDocument.ts"
import type { KieField, KieModel } from "./openapi/kieDocument.ts"
import { startMock } from "./openapi/startMock.ts"

const link = "https://example.com/file"
const settings = { vendor: "kie", tier: "free" }
const data = await readKieData()

/** Accounts of kie.ai, one for each model: the limit of submits is per account. */
const keys = data.models.map((_, index) => `sk-openapi-${index}`)

// Compiling the document takes longer than the requests.
const mock = await startMock(kieDocument(data), keys, (taskId) => ({
  code: 200,
  msg: "success",
  data: { taskId }
}))
afterEach(mock.reset)
afterAll(mock[Symbol.asyncDispose])

const accounts = keys.map((apiKey) =>
  aigptimage({ account: apiKey, endpoint: "kie", vendor: "kie", apiKey, baseUrl: mock.baseUrl })
)

const startClient = () => {
  const ledger = memoryLedger()
  const gentask = createGentask({ providers: accounts, ledger })
  return {
    ledger,
    submit: (index: number, request: Omit<SubmitInput, "account" | "model">, model?: string) =>
      gentask.submit({
        ...request,
        account: `aigptimage@${keys[index]}`,
        model: model ?? data.models[index]?.name ?? ""
      }),
    [Symbol.asyncDispose]: () => gentask.close()
  }
}

/** Returns a value that the document allows. */
const sampleOf = (field: KieField): unknown => {
  const { name, type, itemType = "string", itemEnum, min = 5, minLength = 1, minItems = 1 } = field
  if (field.enum !== undefined) return field.enum[0]
  if (type === "array") {
    const element = { string: itemEnum?.[0] ?? link, integer: 1, object: {}, array: [] }[itemType]
    return Array.from({ length: minItems }, () => element)
  }
  if (type === "boolean") return false
  if (type === "number" || type === "integer") return min
  return /url|image|video|audio/.test(name) ? link : "A fox".padEnd(minLength, ".")
}

/** Returns values of the required fields, without one. */
const requiredInput = ({ fields }: KieModel, without?: string): Record<string, unknown> =>
  Object.fromEntries(
    fields
      .filter(({ name, required }) => required === true && name !== without)
      .map((field) => [field.name, sampleOf(field)])
  )

const media = { images: [link], firstFrame: link, lastFrame: link, videos: [link], audios: [link] }

/** Returns a common input that the document allows in a field. */
const commonOf = (name: CommonInputName, field: KieField): unknown => {
  if (name in media) return media[name as keyof typeof media]
  const value = sampleOf(field)
  // The example of a seed may be a word.
  return ["duration", "count", "seed"].includes(name) ? Number(value) || 1 : value
}

describe("a server with kie.ai's document", () => {
  it("accepts a submit of every model with its required fields", async () => {
    await using client = startClient()
    const { ledger, submit } = client
    for (const [index, model] of data.models.entries()) {
      const { snapshot } = await submit(index, { input: requiredInput(model) })
      expect(snapshot).toMatchObject({ id: mock.taskIds.at(-1), model: model.name })
    }
    expect(mock.invalid).toEqual([])
    expect(mock.taskIds).toHaveLength(data.models.length)
    const intents = await ledger.intents()
    expect(intents.map(({ state }) => state)).toEqual(data.models.map(() => "accepted"))
  })

  it("accepts each common input of every model", async () => {
    await using client = startClient()
    const { submit } = client
    const operation = accounts[0]?.spec.submit
    let count = 0
    for (const [index, model] of data.models.entries()) {
      for (const name of operation?.models?.[model.name]?.supportedInputs ?? []) {
        // The field depends on the name only.
        const [target] = Object.keys(operation?.toInput({ [name]: "any" }, model.name, settings) ?? {})
        const field = model.fields.find((each) => each.name === target)
        if (field === undefined) throw new Error(`${model.name}: the document has no field for ${name}.`)
        const first = name === "lastFrame" ? { firstFrame: link } : {}
        await submit(index, {
          ...first,
          [name]: commonOf(name, field),
          input: requiredInput(model, target)
        })
        count += 1
      }
    }
    expect(mock.invalid).toEqual([])
    expect(count).toBeGreaterThan(data.models.length)
    expect(mock.taskIds).toHaveLength(count)
  })

  it("rejects what it does not name, and no task is created", async () => {
    await using client = startClient()
    const { ledger, submit } = client
    await expect(submit(0, { prompt: "A fox" }, "google/nano-banana-9")).rejects.toMatchObject({
      _tag: "SubmitRejected",
      reason: { _tag: "InvalidRequest", code: "422" }
    })
    expect(await ledger.intents()).toMatchObject([{ state: "rejected", attempts: 1 }])

    const valid = { model: "nano-banana-2", input: { prompt: "A fox" } }
    const post = async (body: object, apiKey = "sk-openapi-0") => {
      const response = await fetch(`${mock.baseUrl}/api/v1/jobs/createTask`, {
        method: "POST",
        headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
        body: JSON.stringify(body)
      })
      return response.status
    }
    expect(await post({ ...valid, input: {} })).toBe(422)
    expect(await post({ ...valid, input: { prompt: 1 } })).toBe(422)
    expect(await post({ ...valid, input: { prompt: "A fox", ratio: "1:1" } })).toBe(422)
    expect(await post({ ...valid, prompt: "A fox" })).toBe(422)
    expect(await post(valid, "sk-other")).toBe(401)
    expect(mock.taskIds).toEqual([])
    expect(await post(valid)).toBe(200)
    expect(mock.taskIds).toHaveLength(1)
  })
})
