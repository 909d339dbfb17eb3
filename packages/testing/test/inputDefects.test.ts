import { isInputFile } from "@gentask/core/provider"
import type { ModelTable } from "@gentask/core/provider"
import * as z from "zod"
import * as check from "./support/checkNames.ts"
import { brokenSubmit } from "./support/brokenSubmit.ts"
import type { Submit } from "./support/brokenSubmit.ts"
import { testOperationDefects } from "./support/OperationDefect.ts"
import { describeSubmit, models, submit } from "./support/studio.ts"

const withModel = (model: string, members: Partial<ModelTable[string]>): Partial<Submit> => ({
  models: { ...models, [model]: { ...(models[model] as ModelTable[string]), ...members } }
})

testOperationDefects("the checks of inputs", [
  brokenSubmit(
    "a supported input that toInput ignores",
    withModel("comet-1", { supportedInputs: ["prompt", "images", "aspectRatio", "seed", "count"] }),
    { [check.effects]: /^toInput ignores count for the model comet-1, although supportedInputs has it\./ }
  ),
  brokenSubmit(
    "an input that is translated but not supported",
    withModel("comet-1", { supportedInputs: ["prompt", "images", "aspectRatio"] }),
    { [check.effects]: /^toInput uses seed for the model comet-1, but supportedInputs does not have it/ }
  ),
  brokenSubmit(
    "an unknown common input",
    withModel("comet-1", { supportedInputs: ["prompt", "images", "aspectRatio", "seed", "size" as "seed"] }),
    { [check.effects]: /^supportedInputs of the model comet-1 has "size", which is not a common input\./ }
  ),
  brokenSubmit(
    "a schema with another name for an input",
    withModel("comet-video", {
      input: z.strictObject({
        prompt: z.string(),
        first_frame: z.any().optional(),
        length: z.int().optional()
      })
    }),
    { [check.modelSchema]: /^The schema of the model comet-video rejects what toInput makes of duration/ },
    /^accepted-video\.json: the request can be built|^nothing$/
  ),
  brokenSubmit(
    "a model that accepts unknown members",
    withModel("comet-video", { input: z.looseObject({ prompt: z.string() }) as never }),
    { [check.modelSchema]: /^The schema of the model comet-video accepts unknown members/ }
  ),
  brokenSubmit(
    "a schema that throws",
    withModel("comet-video", {
      input: {
        "~standard": {
          version: 1,
          vendor: "test",
          validate: (value) => {
            if ("seconds" in (value as object)) return { value: value as Readonly<Record<string, unknown>> }
            throw new Error("not yet")
          }
        }
      }
    }),
    { [check.modelSchema]: /^The schema of the model comet-video throws \(not yet\)\./ }
  ),
  brokenSubmit(
    "a file that becomes text in toInput",
    {
      toInput: (input, model, settings) => ({
        ...submit.toInput(input, model, settings),
        ...(isInputFile(input.firstFrame) ? { first_frame: `[${typeof input.firstFrame}]` } : {})
      })
    },
    { [check.files]: /^toInput loses the file in firstFrame of the model comet-video\./ }
  ),
  brokenSubmit(
    "a file that is missing in the request",
    {
      request: (request) => {
        const { first_frame: frame, ...input } = request.input
        const isUpload = String(frame).startsWith("https://uploads.example.com/")
        return describeSubmit(isUpload ? { ...request, input } : request)
      }
    },
    { [check.files]: /^submit\.request loses the file in firstFrame of the model comet-video\./ }
  )
])
