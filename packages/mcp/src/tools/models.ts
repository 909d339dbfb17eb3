import * as z from "zod"
import { toolResult } from "../results/toolResult.ts"
import { cleanText } from "../results/vendorText.ts"
import type { McpModel } from "../McpBackend.ts"
import { defineTool } from "./Tool.ts"

/** How many models are described in text. JSON has as many as the record allows. */
const maxLines = 100

const describe = ({ account, model, mediaKind, supportedInputs }: McpModel): string =>
  `${cleanText(account)} ${cleanText(model, 120)}: ${mediaKind}, inputs ${supportedInputs.join(" ")}`

export const modelsTool = defineTool({
  name: "models",
  title: "List models",
  description:
    "Lists the models that submit accepts, with their account and inputs. With account and model, also the JSON Schema of the model's own input.",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  inputSchema: z.strictObject({
    account: z.string().max(200).optional().describe("Such as jimmy. Lists all accounts without it"),
    model: z.string().max(200).optional().describe("The vendor's name of one model. Needs account")
  }),
  run: async ({ account, model }, { backend }) => {
    const models = await backend.models(account, model)
    const lines = models.slice(0, maxLines).map(describe)
    const more = models.length - lines.length
    const [only] = models
    const schema =
      model === undefined || only?.input === undefined
        ? []
        : [`Input as JSON Schema: ${JSON.stringify(only.input)}`]
    return toolResult(
      [
        ...(lines.length === 0
          ? ["No model is listed. Pass the vendor's name of a model to submit."]
          : lines),
        ...(more > 0 ? [`${more} more. Name an account.`] : []),
        ...schema
      ],
      { models: models.slice(0, maxLines).map((each) => ({ ...each })), total: models.length },
      { isOwn: true }
    )
  }
})
