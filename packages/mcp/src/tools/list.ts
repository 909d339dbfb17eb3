import type { LedgerTask } from "@gentask/ledger"
import * as z from "zod"
import { CallError } from "../results/errorResult.ts"
import { toolResult } from "../results/toolResult.ts"
import { cleanText, quote } from "../results/vendorText.ts"
import { defineTool } from "./Tool.ts"

const statuses = ["queued", "running", "succeeded", "failed", "canceled", "expired", "unknown"] as const

const describe = ({ ref, status, model, prompt, failure, fileCount }: LedgerTask): string =>
  [
    `${cleanText(ref)}: ${status}`,
    model === null ? "" : `model ${quote(model, 80)}`,
    prompt === null ? "" : `prompt ${quote(prompt, 80)}`,
    failure === null ? "" : `reason ${failure.reason}`,
    fileCount === 0 ? "" : `${fileCount} saved`
  ]
    .filter(Boolean)
    .join(", ")

const parseSince = (text: string): Date => {
  const date = new Date(text)
  if (Number.isNaN(date.getTime()))
    throw new CallError(`Invalid since ${JSON.stringify(text)}: expected a date such as 2026-01-31.`)
  return date
}

export const listTool = defineTool({
  name: "list",
  title: "List recorded tasks",
  description:
    "Lists the tasks that were submitted or followed on this machine, the newest first. Sends no request to vendors. Use it to find a ref, also after an unknown outcome.",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  inputSchema: z.strictObject({
    search: z.string().max(500).optional().describe("Words of the prompt, the model, the ref or the failure"),
    status: z.array(z.enum(statuses)).max(statuses.length).optional(),
    account: z.string().max(200).optional().describe("Such as jimmy"),
    since: z.string().max(40).optional().describe("A date such as 2026-01-31, or a time in ISO 8601"),
    limit: z.number().int().min(1).max(100).default(20)
  }),
  run: async ({ search, status, account, since, limit }, { backend }) => {
    const tasks = await backend.list({
      search,
      status: status === undefined || status.length === 0 ? undefined : status,
      account,
      since: since === undefined ? undefined : parseSince(since),
      limit
    })
    const records = tasks.map(({ intentId: intent, ...task }) => ({ ...task, intent }))
    return toolResult(
      tasks.length === 0
        ? [
            "No task was found. Submits whose outcome is unknown are not listed: only gentask reconcile, run by the user, finds out whether they have created a task."
          ]
        : tasks.map(describe),
      { tasks: records }
    )
  }
})
