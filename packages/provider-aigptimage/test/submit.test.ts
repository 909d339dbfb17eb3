/** The inputs of models. The documented requests are recordings. */
import { resolveAccount } from "@gentask/core/internal"
import { describe, expect, expectTypeOf, it } from "vitest"
import { requestOfSubmit, sampleFile, validateSubmit } from "@gentask/testing"
import type { SampleSubmit } from "@gentask/testing"
import spec, { aigptimage } from "../src/index.ts"

const image = "https://files.example.com/1.png"
const free = { tier: "free", vendor: "aigptimage" } as const
const atKie = { tier: "free", vendor: "kie" } as const
const prompt = "A fox"

describe("a submit in the jobs format", () => {
  it("has an idempotency key at aigptimage.com only", () => {
    expect(spec.submit?.idempotency?.(free)).toEqual({
      header: "x-request-id",
      kind: "replay",
      docs: "https://aigptimage.com/docs/tasks/create-task"
    })
    expect(spec.submit?.idempotency?.(atKie)).toBeUndefined()
  })

  it.each([
    ["free", 1, 10, 1],
    ["basic", 5, 180, 5],
    ["standard", 10, 600, 15],
    ["pro", 20, 1200, 30],
    ["ultra", 50, 3000, 80],
    ["enterprise", 100, 6000, 300]
  ] as const)("has the limits of the tier %s", (tier, second, minute, activeTasks) => {
    const settings = { tier, vendor: "aigptimage" } as const
    expect(spec.submit?.rateLimits?.(settings)).toEqual([
      { requests: second, windowMs: 1000 },
      { requests: minute, windowMs: 60_000 }
    ])
    expect(spec.submit?.maxActiveTasks?.(settings)).toBe(activeTasks)
  })

  it("has the limits of kie.ai", () => {
    expect(spec.submit?.rateLimits?.(atKie)).toEqual([{ requests: 20, windowMs: 10_000 }])
    expect(spec.submit?.maxActiveTasks?.(atKie)).toBeUndefined()
    expect(spec.rateLimits?.(atKie)).toEqual([{ requests: 10, windowMs: 1000 }])
  })

  it("follows the rules of kie.ai at its endpoint", () => {
    expect(resolveAccount(aigptimage({ endpoint: "kie", apiKey: "key" })).settings).toEqual(atKie)
    expect(resolveAccount(aigptimage({ apiKey: "key" })).settings).toEqual(free)
    expect(spec.endpoints.kie.hosts).toEqual(["kieai.redpandaai.co"])
  })

  it("rejects a webhook that aigptimage.com does not document", () => {
    expect(() =>
      requestOfSubmit(spec, {
        model: "gpt-image-2-text-to-image",
        common: { prompt },
        webhook: "https://hooks.example.com"
      })
    ).toThrow("Unsupported webhook: aigptimage.com documents none.")
  })

  it.each<SampleSubmit>([
    { model: "gpt-image-2-text-to-image", input: {} },
    { model: "gpt-image-2-text-to-image", input: { prompt: "x".repeat(20_001) } },
    { model: "gpt-image-2-text-to-image", input: { prompt, resolution: "2K" } },
    { model: "gpt-image-2-text-to-image", input: { prompt, resolution: "4K", aspect_ratio: "1:1" } },
    { model: "gpt-image-2-text-to-image", input: { prompt, resolution: "2K", aspect_ratio: "5:4" } },
    { model: "gpt-image-2-image-to-image", input: { prompt } },
    { model: "gpt-image-2-image-to-image", input: { prompt, input_urls: ["data:image/png;base64,AA=="] } },
    { model: "google/nano-banana-edit", common: { prompt } },
    {
      model: "nano-banana-2",
      common: { prompt, images: [sampleFile("big.png", "image/png", 31 * 1024 * 1024)] }
    },
    { model: "nano-banana-2", input: { prompt, image_urls: [image] } },
    { model: "nano-banana-2", common: { prompt, duration: 5 } },
    { model: "kling-2.6/text-to-video", input: { prompt, duration: 5, sound: true, aspect_ratio: "1:1" } },
    { model: "bytedance/seedance-2", common: { prompt, duration: 16 } },
    { model: "bytedance/seedance-2-5", common: { prompt, lastFrame: image } },
    { model: "bytedance/seedance-2-5", common: { prompt, firstFrame: image, images: [image] } },
    {
      model: "hailuo/2-3-image-to-video-pro",
      common: { prompt, firstFrame: image, duration: 10, resolution: "1080P" }
    }
  ])("rejects the input of %j", (sample) => {
    expect(validateSubmit(spec, sample)).toHaveProperty("problems")
  })

  it("has types for the inputs of each model", () => {
    const { models } = aigptimage
    expect(models["nano-banana-2"]({ prompt, images: [{ path: "a.png" }] }, { account: "kie" })).toEqual({
      account: "aigptimage@kie",
      model: "nano-banana-2",
      prompt,
      images: [{ path: "a.png" }]
    })
    expectTypeOf(models["kling-3.0/video"]).toBeCallableWith({ prompt, duration: 5, input: { mode: "pro" } })
    // @ts-expect-error -- the model has no duration
    models["nano-banana-2"]({ prompt, duration: 5 })
    // @ts-expect-error -- the model has no such resolution
    models["nano-banana-2"]({ prompt, input: { resolution: "8K" } })
    // @ts-expect-error -- the vendor's duration is text
    models["kling-3.0/video"]({ prompt, input: { duration: 5 } })
  })

  it("has a JSON Schema of each model", () => {
    const models = Object.values(spec.submit?.models ?? {})
    expect(models.length).toBeGreaterThan(120)
    for (const { input } of models) {
      const { jsonSchema } = input["~standard"] as unknown as {
        readonly jsonSchema: { readonly input: (options: { readonly target: string }) => object }
      }
      expect(jsonSchema.input({ target: "draft-2020-12" })).toMatchObject({ type: "object" })
    }
  })

  it("translates common inputs to fields that the model has", () => {
    for (const [name, model] of Object.entries(spec.submit?.models ?? {})) {
      const { names } = model as unknown as { readonly names: Readonly<Record<string, unknown>> }
      const { jsonSchema } = model.input["~standard"] as unknown as {
        readonly jsonSchema: { readonly input: (options: { readonly target: string }) => unknown }
      }
      const schema = jsonSchema.input({ target: "draft-2020-12" }) as { readonly properties: object }
      const targets = Object.values(names).map((each) =>
        typeof each === "string" ? each : (each as { readonly name: string }).name
      )
      expect([name, ...Object.keys(schema.properties)]).toEqual(expect.arrayContaining(targets))
    }
  })
})
