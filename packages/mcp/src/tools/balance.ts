import type { Balance } from "@gentask/core"
import * as z from "zod"
import { errorResult } from "../results/errorResult.ts"
import { toolResult } from "../results/toolResult.ts"
import { cleanText, quote } from "../results/vendorText.ts"
import { defineTool } from "./Tool.ts"

/** A word as it is. Other text of a vendor is quoted. */
const formatUnit = (unit: string): string => (/^[a-z]{1,20}$/i.test(unit) ? unit : quote(unit, 40))

const format = (amount: Balance["available"]): string =>
  amount === null ? "unknown" : `${amount.amount} ${formatUnit(amount.unit)}`

export const balanceTool = defineTool({
  name: "balance",
  title: "Query the credit",
  description: "Queries the credit of an account, where the vendor reports it.",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  inputSchema: z.strictObject({
    account: z.string().min(1).max(200).describe("Such as jimmy, or jimeng@deepwl")
  }),
  run: async ({ account }, { backend }, { signal }) => {
    try {
      const balance = await backend.tasks.balance(account, { signal })
      return toolResult(
        [
          `${cleanText(balance.account)}: ${format(balance.available)} available, ${format(balance.used)} used`
        ],
        { ...balance }
      )
    } catch (error) {
      return errorResult(`Cannot query the credit of ${cleanText(account, 200)}`, error, {
        account,
        available: null,
        used: null
      })
    }
  }
})
