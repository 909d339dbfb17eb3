import { describe, expect, it } from "vitest"
import type { Intent } from "../../src/ledger/Ledger.ts"
import type { ListedTask } from "../../src/provider/RecoverOperation.ts"
import { matchTasks } from "../../src/submit/matchTasks.ts"
import { makeIntent } from "../support/intent.ts"

const at = (time: string): number => Date.parse(`2026-01-01T${time}Z`)

const intent: Intent = makeIntent({
  model: "acme-1",
  prompt: "A fox",
  createdAt: new Date(at("12:00:00")),
  settledAt: new Date(at("12:01:00"))
})

const task = (fields: Partial<ListedTask> = {}): ListedTask => ({
  id: "1",
  model: "acme-1",
  prompt: "A fox",
  createdAt: at("12:00:05"),
  ...fields
})

const compare = (fields: Partial<ListedTask>): string => {
  const { matches, possible } = matchTasks(intent, [task(fields)])
  if (matches.length > 0) return "match"
  return possible.length > 0 ? "possible" : "other"
}

describe("matchTasks", () => {
  it("counts a task that is listed twice once", () => {
    expect(matchTasks(intent, [task(), task()]).matches).toEqual([task()])
    expect(matchTasks(intent, [task(), task({ id: "2" })]).matches).toHaveLength(2)
    expect(matchTasks(intent, [task(), task({ params: { kind: "image" } })]).matches).toHaveLength(2)
  })

  it("compares only the idempotency keys if the vendor lists them", () => {
    const other = { prompt: undefined, model: undefined, createdAt: undefined }
    expect(compare({ ...other, idempotencyKey: intent.idempotencyKey })).toBe("match")
    expect(compare({ idempotencyKey: "another" })).toBe("other")
  })

  it.each<[string, Partial<ListedTask>]>([
    ["model, prompt and time", {}],
    ["model and time, without a listed prompt", { prompt: null }],
    ["prompt and time, without a listed model", { model: undefined }],
    ["a prompt with other white space", { prompt: "  A\n fox " }],
    ["a clock that is a minute behind", { createdAt: at("11:59:00") }],
    ["a task that is created ten minutes after the last request", { createdAt: at("12:11:00") }],
    ["a time in seconds", { createdAt: at("12:00:05") / 1000 }]
  ])("matches %s", (_, fields) => {
    expect(compare(fields)).toBe("match")
  })

  it.each<[string, Partial<ListedTask>]>([
    ["another prompt", { prompt: "A cat" }],
    ["another model", { model: "acme-2" }],
    ["a task that is older", { createdAt: at("11:58:59") }],
    ["a task that is younger", { createdAt: at("12:11:01") }]
  ])("excludes %s", (_, fields) => {
    expect(compare(fields)).toBe("other")
  })

  it.each<[string, Partial<ListedTask>]>([
    ["no time", { createdAt: null }],
    ["a time that cannot be read", { createdAt: "soon" }],
    ["neither a model nor a prompt", { model: null, prompt: null }]
  ])("does not exclude a task with %s", (_, fields) => {
    expect(compare(fields)).toBe("possible")
  })
})
