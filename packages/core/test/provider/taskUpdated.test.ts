import { expect, it } from "vitest"
import { taskUpdated } from "@gentask/core/provider"

it("names the task", () => {
  expect(taskUpdated("1")).toEqual({ _tag: "TaskUpdated", task: { id: "1" } })
  expect(taskUpdated("1", { kind: "video" })).toEqual({
    _tag: "TaskUpdated",
    task: { id: "1", params: { kind: "video" } }
  })
})

it.each([[undefined], [null], [""], [" "]])("ignores a request with the id %j", (id) => {
  expect(taskUpdated(id)).toEqual({ _tag: "Ignored" })
})
