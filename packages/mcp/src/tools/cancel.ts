import type { CancelResult } from "@gentask/core"
import * as z from "zod"
import { errorResult } from "../results/errorResult.ts"
import { toolResult } from "../results/toolResult.ts"
import { cleanText, quote } from "../results/vendorText.ts"
import { canonical } from "./settle.ts"
import { defineTool, refSchema } from "./Tool.ts"

const descriptions: Readonly<Record<CancelResult["result"], string>> = {
  canceled: "canceled",
  requested: "cancel requested. Query the task to see when the vendor has canceled it",
  "too-late": "not canceled. It has ended, or can no longer be canceled"
}

export const cancelTool = defineTool({
  name: "cancel",
  title: "Cancel a task",
  description:
    "Cancels a task at its vendor, where the vendor can. What was charged may be lost. Only if the user wants it.",
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  inputSchema: z.strictObject({ ref: refSchema }),
  run: async ({ ref: text }, { backend }, { signal }) => {
    const ref = canonical(text)
    try {
      const { result, message } = await backend.tasks.cancel(ref, { signal })
      const details = message === null ? "" : ` Message of the vendor: ${quote(message, 300)}`
      return toolResult([`${cleanText(ref)}: ${descriptions[result]}.${details}`], { ref, result, message })
    } catch (error) {
      return errorResult(`${cleanText(ref)} was not canceled`, error, { ref })
    }
  }
})
