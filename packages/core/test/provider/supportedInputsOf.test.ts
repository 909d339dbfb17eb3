import { expect, it } from "vitest"
import { pickInputs, supportedInputsOf } from "@gentask/core/provider"

it("lists the common inputs that have a name", () => {
  expect(supportedInputsOf({ aspectRatio: "ratio", prompt: "text" })).toEqual(["prompt", "aspectRatio"])
})

it("leaves out what a model does not support", () => {
  expect(pickInputs({ prompt: "A fox", seed: 1 }, ["prompt", "duration"])).toEqual({ prompt: "A fox" })
})
