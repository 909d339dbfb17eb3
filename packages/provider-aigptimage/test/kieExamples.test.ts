/** The requests of kie.ai's models compared with the examples of their pages. */
import { readFileSync } from "node:fs"
import { requestOfSubmit, validateSubmit } from "@gentask/testing"
import type { SampleSubmit } from "@gentask/testing"
import { describe, expect, it } from "vitest"
import spec from "../src/index.ts"

interface Example {
  readonly docs: string
  readonly body: {
    readonly model: string
    readonly input: Readonly<Record<string, unknown>>
    readonly callBackUrl?: string
  }
}

const { examples } = JSON.parse(readFileSync(new URL("documents/kie.json", import.meta.url), "utf8")) as {
  readonly examples: ReadonlyArray<Example>
}

const settings = { vendor: "kie" } as const

/** Examples that contradict the table of fields on the same page. The table wins, and this is what is wrong with them. */
const contradictions: Readonly<Record<string, RegExp>> = {
  "bytedance/seedance-2-mini": /Unrecognized key: "return_last_frame"/,
  "elevenlabs/text-to-speech-multilingual-v2": /^voice: Invalid option/,
  "elevenlabs/text-to-speech-turbo-2-5": /^voice: Invalid option/,
  "grok-imagine/extend": /^extend_times: Invalid input: expected number/,
  "grok-imagine/text-to-video": /^duration: Invalid input: expected number/,
  "happyhorse/video-edit": /Unrecognized key: "reference_image "/,
  "qwen/image-to-image": /^image_url: must be a URL or a file/,
  "wan/2-6-text-to-video": /Unrecognized key: "nsfw_checker"/
}

/** Models whose pages have no example, or one that is not valid JSON. Those of Veo are in the recordings. */
const withoutExample: ReadonlyArray<string> = [
  "veo3",
  "veo3_fast",
  "veo3_lite",
  "bytedance/seedance-2-5",
  "bytedance/seedream",
  "seedream/5-pro-layer-decomposition",
  "kling-3.0-omni/text-to-video",
  "kling-3.0-omni/transformation",
  "kling/v2-5-turbo-image-to-video-pro",
  "wan/2-7-image",
  "wan/2-7-image-pro",
  "minimax-h3/image-to-video",
  "minimax-h3/reference-to-video",
  "minimax-h3/text-to-video",
  "pixverse-v6/reference-to-video",
  "pixverse-v6/text-to-video",
  "pixverse-v6/transition"
]

const sampleOf = ({ model, input, callBackUrl: webhook }: Example["body"]): SampleSubmit => ({
  model,
  // The examples have empty texts for absent files.
  input: Object.fromEntries(
    Object.entries(input).filter(([name, value]) => !/_urls?$/.test(name) || ![value].flat().includes(""))
  ),
  settings,
  ...(webhook === undefined ? {} : { webhook })
})

describe("the example of kie.ai", () => {
  it.each(examples.filter(({ body }) => !Object.hasOwn(contradictions, body.model)))(
    "of $body.model is accepted and sent as it is",
    ({ body }) => {
      const sample = sampleOf(body)
      expect(validateSubmit(spec, sample)).toEqual({ input: sample.input })
      expect(requestOfSubmit(spec, sample)).toEqual({
        method: "POST",
        path: "/api/v1/jobs/createTask",
        body: { ...body, input: sample.input }
      })
    }
  )

  it.each(examples.filter(({ body }) => Object.hasOwn(contradictions, body.model)))(
    "of $body.model contradicts its table of fields",
    ({ body }) => {
      expect(validateSubmit(spec, sampleOf(body))).toEqual({
        problems: [expect.stringMatching(contradictions[body.model] ?? /^$/)]
      })
    }
  )

  it("exists for all models but those whose pages have none", () => {
    const withExample = new Set(examples.map(({ body }) => body.model))
    expect(Object.keys(spec.submit?.models ?? {}).filter((model) => !withExample.has(model))).toEqual(
      withoutExample
    )
  })
})
