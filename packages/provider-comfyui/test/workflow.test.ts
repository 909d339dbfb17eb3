/** How the graph of a submit is found and filled. The documented requests are recordings. */
import { requestOfSubmit } from "@gentask/testing"
import type { SampleSubmit } from "@gentask/testing"
import { describe, expect, it } from "vitest"
import spec, { comfyui } from "../src/index.ts"

const save = { class_type: "SaveImage", inputs: { images: ["6", 0] } }
const text = (value: string) => ({ class_type: "CLIPTextEncode", inputs: { text: value } })
const workflows = { portrait: { "6": text("{{prompt}}"), "9": save } }

const graphOf = (sample: SampleSubmit): unknown =>
  (requestOfSubmit(spec, sample).body as { readonly prompt: unknown }).prompt

describe("the workflow of a submit", () => {
  it("is that of the settings with the name of the model", () => {
    expect(graphOf({ model: "portrait", common: { prompt: "A fox" }, settings: { workflows } })).toEqual({
      "6": text("A fox"),
      "9": save
    })
  })

  it("replaces nodes of the workflow by nodes of the input with the same id", () => {
    const input = { "6": text("a painting of {{ prompt }}, {{style}}"), style: "oil" }
    expect(
      graphOf({ model: "portrait", common: { prompt: "A fox" }, input, settings: { workflows } })
    ).toEqual({ "6": text("a painting of A fox, oil"), "9": save })
  })

  it("gets numbers and lists where a placeholder is the whole value", () => {
    const latent = { class_type: "EmptyLatentImage", inputs: { batch_size: "{{count}}", sizes: "{{sizes}}" } }
    const input = { "5": latent, "9": save, sizes: [512, 768] }
    expect(graphOf({ model: "any", common: { count: 2 }, input })).toEqual({
      "5": { ...latent, inputs: { batch_size: 2, sizes: [512, 768] } },
      "9": save
    })
  })

  it("does not fill placeholders in the values themselves", () => {
    expect(
      graphOf({ model: "portrait", common: { prompt: "{{prompt}} {{seed}}" }, settings: { workflows } })
    ).toMatchObject({ "6": text("{{prompt}} {{seed}}") })
  })

  it("names further images by number", () => {
    const load = (image: string) => ({ class_type: "LoadImage", inputs: { image } })
    const input = { "1": load("{{image}}"), "2": load("{{image2}}"), "9": save }
    expect(graphOf({ model: "any", common: { images: ["a.png", "b.png"] }, input })).toMatchObject({
      "1": load("a.png"),
      "2": load("b.png")
    })
  })

  it.each<readonly [string, SampleSubmit, string]>([
    [
      "the account has no workflow with that name",
      { model: "landscape", common: { prompt: "A fox" } },
      'There is no workflow "landscape".'
    ],
    [
      "the input is the body of a request",
      { model: "any", input: { prompt: { "9": save }, client_id: "1" } },
      "The input is the body of a request. Pass its member prompt"
    ],
    ["its name is that of a method", { model: "toString" }, 'There is no workflow "toString".'],
    [
      "it has no place for the prompt",
      { model: "any", common: { prompt: "A fox" }, input: { "9": save } },
      "The workflow has no {{prompt}}."
    ],
    [
      "a value is missing",
      { model: "any", input: { "6": text("{{prompt}}, {{style}}"), "9": save } },
      "The workflow has {{prompt}}, {{style}}, but no value"
    ],
    [
      "it is in the format of the editor",
      { model: "any", input: { nodes: [], links: [], version: 0.4 } },
      "Export it in ComfyUI with Workflow > Export (API)"
    ]
  ])("is rejected if %s", (_case, sample, message) => {
    expect(() => requestOfSubmit(spec, sample)).toThrow(message)
  })

  it("is rejected in settings if it is in the format of the editor", () => {
    const portrait = { nodes: [], links: [] } as never
    expect(() => requestOfSubmit(spec, { model: "portrait", settings: { workflows: { portrait } } })).toThrow(
      "must be a node in the API format"
    )
  })

  it("cannot notify a webhook", () => {
    const webhook = "https://hooks.example.com/1"
    const sample = { model: "portrait", common: { prompt: "A fox" }, settings: { workflows }, webhook }
    expect(() => requestOfSubmit(spec, sample)).toThrow("Unsupported webhook")
  })

  it("is sent without an id of the caller if that is not a UUID", () => {
    const sample = { model: "portrait", common: { prompt: "A fox" }, settings: { workflows } }
    expect(Object.keys(requestOfSubmit(spec, sample).body ?? {})).toEqual(["prompt"])
  })

  it("can be configured without further options", () => {
    expect(comfyui({}).account).toBe("comfyui")
  })
})
