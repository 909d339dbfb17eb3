import { describe, expect, it } from "vitest"
import { coversSubmit, firstStringAt, listedTasks } from "@gentask/core/provider"

const toTask = (item: unknown) => ({ id: firstStringAt(item, "id"), model: "m" })

describe("listedTasks", () => {
  it("is complete if it has all items and each has an id", () => {
    expect(listedTasks([{ id: "1" }], toTask, true)).toEqual({
      _tag: "Tasks",
      tasks: [{ id: "1", model: "m" }],
      isComplete: true
    })
  })

  it("is not complete if an item has no id, or the vendor has further items", () => {
    expect(listedTasks([{ id: "1" }, {}], toTask, true)).toMatchObject({ isComplete: false })
    expect(listedTasks([{ id: "1" }], toTask, false)).toMatchObject({ isComplete: false })
  })
})

describe("coversSubmit", () => {
  const submit = {
    request: { model: "m", input: {}, idempotencyKey: "k" },
    submittedAt: new Date("2026-01-01T00:00:00Z"),
    endedAt: new Date("2026-01-01T00:00:05Z")
  }
  const hour = 60 * 60_000

  it.each([
    ["Thu, 01 Jan 2026 00:59:59 GMT", true],
    ["Thu, 01 Jan 2026 01:00:00 GMT", false],
    ["yesterday", false],
    [undefined, false]
  ])("compares the date %s with the time of the submit", (date, expected) => {
    const head = { status: 200, headers: date === undefined ? {} : { date } }
    expect(coversSubmit(head, submit, hour)).toBe(expected)
  })
})
