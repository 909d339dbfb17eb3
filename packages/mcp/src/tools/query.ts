import { toJson } from "@gentask/core"
import * as z from "zod"
import { describeTask } from "../results/describeTask.ts"
import { errorLines, errorRecord } from "../results/errorResult.ts"
import { toolResult } from "../results/toolResult.ts"
import { cleanText } from "../results/vendorText.ts"
import { canonical } from "./settle.ts"
import { defineTool, refsSchema } from "./Tool.ts"

export const queryTool = defineTool({
  name: "query",
  title: "Query tasks",
  description: "Queries the status of tasks once. To wait for a result, use wait.",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  inputSchema: z.strictObject({ refs: refsSchema }),
  run: async ({ refs }, { backend }, { signal }) => {
    const results = await Promise.all(
      [...new Set(refs.map(canonical))].map(async (ref) => {
        try {
          const snapshot = await backend.tasks.query(ref, { signal })
          return { ok: true, lines: [describeTask(snapshot)], record: { ...toJson(snapshot) } }
        } catch (error) {
          return {
            ok: false,
            lines: errorLines(cleanText(ref), error),
            record: { ref, ...errorRecord(error) }
          }
        }
      })
    )
    return toolResult(
      results.flatMap(({ lines }) => lines),
      { tasks: results.map(({ record }) => record) },
      { isError: results.every(({ ok }) => !ok) }
    )
  }
})
