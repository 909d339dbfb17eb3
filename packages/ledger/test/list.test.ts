import { join } from "node:path"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openLedger } from "@gentask/ledger"
import type { ListOptions, SqliteLedger } from "@gentask/ledger"
import { checkIntegrity } from "./support/checkIntegrity.ts"
import { newFolder, removeFolders } from "./support/folders.ts"
import { makeSnapshot } from "./support/records.ts"

const prompts = [
  "A red panda on a tree",
  "一只猫在草地上，看着月亮",
  "Quotes: \"panda\" and 'tree', 100% * (a OR b) NOT c NEAR d ^e {f} g:h -i +j",
  "Ein KÄFER auf ÖL, 😀😀😀",
  "before\0after the NUL"
]

let ledger: SqliteLedger

beforeAll(async () => {
  ledger = await openLedger({ path: join(newFolder(), "ledger.db") })
  for (const [index, prompt] of prompts.entries())
    await ledger.record(
      makeSnapshot(`task-${index}`, {
        prompt,
        model: `model-${index}`,
        status: index === 0 ? "running" : "queued"
      })
    )
  const failure = {
    reason: "upstream",
    code: null,
    message: "GPU exploded",
    requestId: null,
    canResubmit: null
  } as const
  await ledger.record(
    makeSnapshot("failed", { status: "failed", failure, account: "other", ref: "acme@other:failed" })
  )
})
afterAll(async () => {
  await ledger.close()
  removeFolders()
})

/** The indexes of the prompts that a search finds, or the whole ref of another task. */
const find = async (search: string, options: ListOptions = {}): Promise<ReadonlyArray<string>> =>
  (await ledger.list({ ...options, search })).tasks.map(({ ref }) => ref.replace("acme:task-", "")).toSorted()

describe("search", () => {
  it.each<[search: string, found: ReadonlyArray<string>]>([
    ["panda", ["0", "2"]],
    ["PANDA tree", ["0", "2"]],
    ["panda on", ["0"]],
    ["panda a tree red", ["0"]],
    ["草地上", ["1"]],
    ["草地", ["1"]],
    ["猫", ["1"]],
    ["月亮 猫", ["1"]],
    ['"panda"', ["2"]],
    ["'tree'", ["2"]],
    ["*", ["2"]],
    ["100%", ["2"]],
    ["%", ["2"]],
    ["_", []],
    ["(a OR", ["2"]],
    ["g:h", ["2"]],
    ["^e", ["2"]],
    ["NOT", ["2"]],
    ["käfer", ["3"]],
    ["öl", ["3"]],
    ["😀", ["3"]],
    ["😀😀😀", ["3"]],
    ["after", ["4"]],
    ["before\0after", ["4"]],
    ["model-3", ["3"]],
    ["task-1", ["1"]],
    ["exploded", ["acme@other:failed"]],
    ["acme@other", ["acme@other:failed"]],
    ['"', ["2"]],
    ['"""', []],
    ["prompt:panda", []],
    ["pandapanda", []]
  ])("finds %s in the tasks that contain it", async (search, found) => {
    expect(await find(search)).toEqual(found)
  })

  it.each(["", " ", "\0", "\t\n"])("finds every task for the blank search %j", async (search) => {
    expect(await find(search)).toHaveLength(prompts.length + 1)
  })

  it("uses the first words of a long search, and the beginning of a long word", async () => {
    expect(await find("panda ".repeat(10_000))).toEqual(["0", "2"])
    expect(await find("x".repeat(100_000))).toEqual([])
    expect(await find(Array.from({ length: 1000 }, (_, index) => `word${index}`).join(" "))).toEqual([])
    expect(await find(prompts[2] ?? "")).toEqual(["2"])
  })

  it("accepts any text, and finds every prompt by its own words", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 40 }), async (text) => {
        await ledger.list({ search: text })
      })
    )
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: prompts.length - 1 }),
        fc.nat(60),
        fc.nat(10),
        async (index, from, length) => {
          const characters = Array.from(prompts[index] ?? "")
          const part = characters.slice(from, from + length + 1).join("")
          expect(await find(part)).toContain(String(index))
        }
      )
    )
  })
})

describe("filters", () => {
  it("selects tasks by status and account, together with a search", async () => {
    expect(await find("", { status: "running" })).toEqual(["0"])
    expect(await find("", { status: ["running", "failed"] })).toEqual(["0", "acme@other:failed"])
    expect(await find("", { status: [] })).toEqual([])
    expect(await find("", { account: "acme@other" })).toEqual(["acme@other:failed"])
    expect(await find("panda", { status: "queued" })).toEqual(["2"])
    expect(await find("猫", { status: "running" })).toEqual([])
  })

  it("selects tasks by the time at which they were added", async () => {
    const times = (await ledger.list()).tasks.map(({ addedAt }) => addedAt.getTime())
    const [first, last] = [Math.min(...times), Math.max(...times)]
    const all = prompts.length + 1
    expect(await find("", { since: new Date(first), until: new Date(last + 1) })).toHaveLength(all)
    expect(await find("", { since: new Date(last + 1) })).toEqual([])
    expect(await find("", { until: new Date(first) })).toEqual([])
  })

  it.each<[ListOptions, string]>([
    [{ limit: 0 }, "limit"],
    [{ limit: 1001 }, "limit"],
    [{ limit: 1.5 }, "limit"],
    [{ cursor: "1; drop table tasks" }, "cursor"],
    [{ cursor: "" }, "cursor"],
    [{ since: new Date(Number.NaN) }, "since"],
    [{ until: new Date(Number.NaN) }, "until"]
  ])("rejects the invalid options %j", async (options, option) => {
    await expect(ledger.list(options)).rejects.toMatchObject({ reason: { _tag: "InvalidOption", option } })
  })
})

describe("pages", () => {
  it.each(["", "task", "a", "ta as"])(
    "return every task once, the newest first, for the search %j",
    async (search) => {
      const whole = await ledger.list({ search })
      for (const limit of [1, 2, 3]) {
        const refs: Array<string> = []
        let cursor: string | undefined
        do {
          const page = await ledger.list({ search, limit, cursor })
          expect(page.tasks.length).toBeLessThanOrEqual(limit)
          refs.push(...page.tasks.map(({ ref }) => ref))
          cursor = page.nextCursor ?? undefined
        } while (cursor !== undefined)
        expect(refs).toEqual(whole.tasks.map(({ ref }) => ref))
      }
    }
  )
})

describe("a search for a task of which only the ref is known", () => {
  const only = { model: null, prompt: null }
  const open = async () => {
    const ledger = await openLedger({ path: join(newFolder(), "refs.db") })
    for (const id of ["6f1f3a52", "6f1f3a53", "100%"]) await ledger.record(makeSnapshot(id, only))
    await ledger.record(makeSnapshot("6f1f3a54", { model: "fox", prompt: null }))
    const refsOf = async (options: ListOptions) => (await ledger.list(options)).tasks.map(({ ref }) => ref)
    return { ledger, refsOf }
  }

  it("compares the ref, and returns the newest first", async () => {
    const { ledger, refsOf } = await open()
    expect(await refsOf({ search: "6F1F" })).toEqual(["acme:6f1f3a54", "acme:6f1f3a53", "acme:6f1f3a52"])
    expect(await refsOf({ search: "6f1f 3a5", limit: 1 })).toEqual(["acme:6f1f3a54"])
    expect(await refsOf({ search: "acme fox" })).toEqual(["acme:6f1f3a54"])
    expect(await refsOf({ search: "acme 2" })).toEqual(["acme:6f1f3a52"])
    expect(await refsOf({ search: "100%" })).toEqual(["acme:100%"])
    expect(await refsOf({ search: "1%0" })).toEqual([])
    await ledger.close()
  })

  it("finds its texts once they are known", async () => {
    const { ledger, refsOf } = await open()
    await ledger.record(makeSnapshot("6f1f3a52", { model: "hedgehog", prompt: null, status: "running" }))
    expect(await refsOf({ search: "hedgehog 6f1f" })).toEqual(["acme:6f1f3a52"])
    expect(await refsOf({ search: "3a52" })).toEqual(["acme:6f1f3a52"])
    expect(checkIntegrity(ledger.path)).toEqual([])
    await ledger.close()
  })
})
