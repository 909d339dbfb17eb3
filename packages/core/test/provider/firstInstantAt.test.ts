import { expect, it } from "vitest"
import { firstInstantAt } from "@gentask/core/provider"

const body = {
  zero: 0,
  zeroAsText: "0",
  blank: " ",
  none: null,
  other: { a: 1 },
  task: { created_at: 1_759_763_426, submit_time: "1759763427" }
}

it.each([
  [["task.created_at"], 1_759_763_426],
  [["task.submit_time", "task.created_at"], "1759763427"],
  [["zero", "zeroAsText", "blank", "none", "other", "absent", "task.created_at"], 1_759_763_426],
  [["zero", "task"], undefined],
  [[], undefined]
])("finds the first date at %j", (paths, date) => {
  expect(firstInstantAt(body, ...paths)).toBe(date)
})
