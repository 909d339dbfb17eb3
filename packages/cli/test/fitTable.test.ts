import { assert, describe, it } from "vitest"
import { fitTable } from "../src/output/fitTable.ts"

const rows = [
  ["REF", "STATUS", "FILE", "BYTES"],
  ["jimmy:1", "succeeded", "jimmy_1.png", "10"],
  ["jimmy:2", "succeeded", `${"long-".repeat(10)}name.png`, "12345"]
]

describe("fitTable", () => {
  it("shortens only the cells of one column, so that the table fits the terminal", () => {
    assert.deepStrictEqual(fitTable(rows, { columns: 48, shrinkColumns: [2] }), [
      "REF      STATUS     FILE                   BYTES",
      "jimmy:1  succeeded  jimmy_1.png            10",
      "jimmy:2  succeeded  long-long-…g-name.png  12345"
    ])
  })

  it("does not shorten a table that fits", () => {
    assert.include(fitTable(rows, { columns: Infinity, shrinkColumns: [2] })[2], rows[2]?.[2] ?? "")
  })
})
