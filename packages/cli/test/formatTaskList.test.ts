import type { LedgerTask } from "@gentask/ledger"
import stringWidth from "fast-string-width"
import { assert, describe, it } from "vitest"
import { formatTaskList } from "../src/output/formatTaskList.ts"

const now = Date.parse("2026-01-02T00:00:00Z")

const task = (members: Partial<LedgerTask>): LedgerTask => ({
  ref: "jimmy:1",
  account: "jimmy",
  status: "succeeded",
  addedAt: new Date(now - 7_200_000),
  since: new Date(now),
  endedAt: null,
  intentId: null,
  model: "gpt-image-2",
  prompt: "A fox in the snow",
  cost: { amount: 10, unit: "JimiCoin" },
  failure: null,
  traceId: null,
  fileCount: 1,
  ...members
})

const format = (tasks: ReadonlyArray<LedgerTask>, columns: number) =>
  formatTaskList(tasks, { columns, now, paint: (_, text) => text })

describe("a list of tasks", () => {
  it("is a table", () => {
    assert.deepStrictEqual(format([task({})], Infinity), [
      "REF      STATUS     AGE  MODEL        COST         FILES  PROMPT",
      "jimmy:1  succeeded  2h   gpt-image-2  10 JimiCoin  1      A fox in the snow"
    ])
  })

  it("has shortened prompts and models in 80 columns, but whole refs", () => {
    const prompt = "雪地里的狐狸 ".repeat(20)
    const short = task({ prompt, model: "bytedance/seedance-2-mini" })
    const lines = format([short], 80)
    assert.isTrue(lines.every((line) => stringWidth(line) <= 80))
    assert.isTrue(lines[1]?.startsWith("jimmy:1  succeeded  2h   "))
    assert.isTrue(lines[1]?.endsWith("…"))
  })

  it("has refs on lines of their own in 80 columns, if they are long", () => {
    const ref = "jimeng@octopusx:35ed2e50-3357-4bc4-b3a7-7b6fe89754dd?req_key=jimeng_t2i_v40"
    assert.deepStrictEqual(format([task({ ref })], 80), [
      "  STATUS     AGE  MODEL        COST         FILES  PROMPT",
      ref,
      "  succeeded  2h   gpt-image-2  10 JimiCoin  1      A fox in the snow"
    ])
  })
})
