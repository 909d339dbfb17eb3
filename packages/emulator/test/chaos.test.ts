/** The seeded profile: the same exchanges for the same seed, in any order, and as many as it is told. */
import { assert, describe, it } from "vitest"
import type { ChaosOptions, EmulatedTask, Emulator, Vendor } from "../src/index.ts"
import { chaosMediaWeights, chaosWeights, startEmulator, vendors } from "../src/index.ts"
import { makeChaos } from "../src/faults/Chaos.ts"
import { ask, inOrder, send, start } from "./support.ts"

const numbers = (length: number): number[] => Array.from({ length }, (_, index) => index)

const plan = (options: ChaosOptions, vendor: Vendor = "sora", tasks = 40, polls = 20) => {
  const chaos = makeChaos(options)
  return numbers(tasks).flatMap((task) =>
    numbers(polls).map((nth) => chaos.query(vendor, `task ${task}`, nth))
  )
}

/** A request may end in any way: what counts is what the emulator decided. */
const attempt = (emulator: Emulator, task: EmulatedTask): Promise<unknown> =>
  ask(emulator, task).catch(() => undefined)

const harmless = { status: 5, business: 3, empty: 2, "invalid-json": 2, lag: 1, "unknown-word": 2 }

/** Which faults struck each task's exchanges, in their order. */
const struck = (emulator: Emulator) => {
  const byTask = new Map<string, unknown[]>()
  for (const { vendor, taskId, status, fault } of emulator.requests) {
    const name = `${vendor} ${taskId}`
    byTask.set(name, [...(byTask.get(name) ?? []), [status, fault]])
  }
  return Object.fromEntries([...byTask].toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

const addTasks = (emulator: Emulator): EmulatedTask[] =>
  numbers(24).map((index) => {
    const vendor = vendors[index % 4] ?? "jimmy"
    return emulator.addTask({ vendor, id: `task-${index}`, runningFor: 60_000 })
  })

describe("a profile", () => {
  it("is the same for a seed, and another for another", () => {
    const seeds = [1, 1, 2, "one"].map((seed) => plan({ seed, rate: 0.5 }))
    assert.deepEqual(seeds[0], seeds[1])
    assert.notDeepEqual(seeds[0], seeds[2])
    assert.notDeepEqual(seeds[0], seeds[3])
  })

  it("differs by vendor, task and number", () => {
    const chaos = makeChaos({ seed: 1, rate: 1 })
    const faults = [
      chaos.query("sora", "a", 5),
      chaos.query("jimmy", "a", 5),
      chaos.query("sora", "b", 5),
      chaos.query("sora", "a", 6),
      chaos.query("sora", "c", 5),
      chaos.query("sora", "d", 5)
    ]
    assert.isAbove(new Set(faults.map((fault) => JSON.stringify(fault))).size, 3)
  })

  it("does not depend on the order in which tasks are asked about", async () => {
    const chaos = { seed: "order", rate: 0.5, weights: harmless }
    const [one, other] = [await start({ chaos }), await start({ chaos })]
    const [inTurn, atOnce] = [addTasks(one), addTasks(other)]
    await inOrder(numbers(6), () => inOrder(inTurn, (task) => attempt(one, task)))
    await Promise.all(atOnce.toReversed().map((task) => inOrder(numbers(6), () => attempt(other, task))))
    assert.deepEqual(struck(one), struck(other))
    assert.deepEqual(one.disturbed(), other.disturbed())
    const { exchanges, disturbed } = one.disturbed()
    assert.strictEqual(exchanges, 144)
    assert.approximately(disturbed / exchanges, 0.5, 0.15)
  })

  it.each([0, 0.1, 0.3, 0.7, 1])("disturbs a share of %d", (rate) => {
    const faults = plan({ seed: 7, rate }, "jimmy", 500, 20)
    const share = faults.filter((fault) => fault !== undefined).length / faults.length
    assert.approximately(share, rate, rate === 0 || rate === 1 ? 0 : 0.015)
  })

  it("chooses faults as often as they weigh, and none that is not named", () => {
    const faults = plan({ seed: 7, rate: 1, weights: { reset: 1, empty: 3, html: 0 } }, "jimmy", 200, 20)
    const resets = faults.filter((fault) => fault?.fault === "reset").length
    assert.approximately(resets / faults.length, 0.25, 0.02)
    assert.isTrue(faults.every((fault) => fault?.fault === "reset" || fault?.fault === "empty"))
  })

  it("has every fault that it weighs, lag at the first polls alone", () => {
    const faults = plan({ seed: 1, rate: 1 }, "aigptimage", 200, 10)
    assert.sameMembers([...new Set(faults.map((fault) => fault?.fault))], Object.keys(chaosWeights))
    const chaos = makeChaos({ seed: 1, rate: 1, weights: { lag: 1, empty: 1 } })
    const lags = numbers(400).filter(
      (index) => chaos.query("sora", `${index >> 2}`, index % 4)?.fault === "lag"
    )
    assert.isNotEmpty(lags)
    assert.isTrue(lags.every((index) => index % 4 < 2))
  })

  it("disturbs results, with faults of ranges where there is one", () => {
    const chaos = makeChaos({ seed: 1, rate: 0, mediaRate: 1 })
    const names = (isRanged: boolean) =>
      new Set(numbers(2000).map((nth) => chaos.media("jimmy", "a", "result.png", nth, isRanged)?.fault))
    const ofRanges = ["ignored-range", "other-range", "unsatisfiable"]
    assert.sameMembers([...names(true)], Object.keys(chaosMediaWeights))
    assert.sameMembers([...names(false), ...ofRanges] as string[], Object.keys(chaosMediaWeights))
    assert.isUndefined(chaos.query("jimmy", "a", 0))
  })

  it("asks to wait in each vendor's forms when it is told to", () => {
    const faults = (vendor: Vendor) =>
      plan({ seed: 3, rate: 1, weights: { status: 1 }, retryAfter: 2 }, vendor, 40, 40).flatMap((fault) =>
        fault?.fault === "status" && typeof fault.retryAfter === "object" ? [fault] : []
      )
    const forms = (vendor: Vendor) => [
      ...new Set(faults(vendor).map(({ retryAfter }) => (retryAfter as any).as))
    ]
    assert.sameMembers(forms("sora"), ["seconds", "date"])
    assert.sameMembers(forms("aigptimage"), ["seconds", "date", "body"])
    assert.isTrue(faults("jimmy").every(({ status }) => status === 429 || status === 503))
  })

  it("gives way to what a task's script says", async () => {
    const emulator = await start({ chaos: { seed: 1, rate: 1, weights: { empty: 1 } } })
    const faults = [{ fault: "none", times: 2 }, { fault: "html" }] as const
    const task = emulator.addTask({ vendor: "jimmy", faults })
    await inOrder(numbers(4), () => attempt(emulator, task))
    assert.deepEqual(
      emulator.requests.map(({ fault }) => fault),
      [null, null, "html", "empty"]
    )
  })

  it("disturbs what it has chosen, even if the task has not left the phase to go back to", async () => {
    const emulator = await start({ chaos: { seed: 1, rate: 1, weights: { "status-back": 1 } } })
    const queued = emulator.addTask({ vendor: "jimmy", queuedFor: 60_000 })
    const ended = emulator.addTask({ vendor: "jimmy" })
    const words = await inOrder([queued, ended], async (task) => (await ask(emulator, task)).body.data.status)
    assert.strictEqual(words[0], "warming_up")
    assert.include(["queued", "processing"], words[1])
    assert.deepEqual(emulator.disturbed().queries.byFault, { "unknown-word": 1, "status-back": 1 })
  })

  it("lets every task come to its end, and every result come whole", async () => {
    const chaos = { seed: 11, rate: 0.4, hangFor: 5, longestDelay: 5 }
    const emulator = await start({ chaos })
    const ended = { jimmy: "completed", sora: "completed", jimeng: "success", aigptimage: "success" }
    const wordOf = (body: any): unknown => body?.data?.status ?? body?.data?.state ?? body?.status
    const linkIn = (body: any): string =>
      body.video_url ??
      body.data.image_urls?.[0] ??
      body.data.result?.image_url ??
      JSON.parse(body.data.resultJson).resultUrls[0]
    const bytesOf = async (link: string): Promise<Buffer | undefined> => {
      const response = await fetch(link)
      const bytes = Buffer.from(await response.arrayBuffer())
      const isMedia = response.ok && !/^(text|application)\//.test(response.headers.get("content-type") ?? "")
      return isMedia && bytes.length > 0 ? bytes : undefined
    }
    const until = async <Value>(attempt: () => Promise<Value | undefined>): Promise<Value> =>
      (await attempt().catch(() => undefined)) ?? until(attempt)
    const tasks = numbers(40).map((index) =>
      emulator.addTask({ vendor: vendors[index % 4] ?? "jimmy", id: `task-${index}` })
    )
    await Promise.all(
      tasks.map(async (task) => {
        const link = await until(async () => {
          const { status, body } = await ask(emulator, task)
          return status === 200 && wordOf(body) === ended[task.vendor] ? linkIn(body) : undefined
        })
        const bytes = await until(() => bytesOf(link))
        const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(bytes))
        assert.strictEqual(
          Buffer.from(digest).toString("hex"),
          await emulator.digest(task.vendor, task.id),
          task.vendor
        )
      })
    )
    const { exchanges, disturbed } = emulator.disturbed()
    assert.approximately(disturbed / exchanges, 0.4, 0.15)
  })

  it("is counted over HTTP as well", async () => {
    const emulator = await start({ chaos: { seed: 1, rate: 1, weights: { status: 1 } } })
    await inOrder(addTasks(emulator).slice(0, 3), (task) => attempt(emulator, task))
    const { body } = await send(`${emulator.url}/_emulator/disturbed`)
    assert.deepEqual(body, {
      exchanges: 3,
      disturbed: 3,
      queries: { exchanges: 3, disturbed: 3, byFault: { status: 3 } },
      media: { exchanges: 0, disturbed: 0, byFault: {} }
    })
  })

  const bad: readonly [ChaosOptions, string][] = [
    [{ seed: 1, rate: 2 }, "chaos.rate must be a number from 0 to 1, and not 2."],
    [{ seed: 1, rate: 0, mediaRate: -1 }, "chaos.mediaRate must be a number from 0 to 1, and not -1."],
    [
      JSON.parse('{ "seed": 1, "rate": 0, "weights": { "gremlins": 1 } }'),
      'chaos.weights has a fault "gremlins" that there is not.'
    ],
    [
      { seed: 1, rate: 0, mediaWeights: { slow: Number.NaN } },
      'chaos.mediaWeights["slow"] must be a number, 0 or more, and not NaN.'
    ]
  ]
  it.each(bad)("that makes no sense is refused: %j", async (chaos, message) => {
    const problem = await startEmulator({ chaos }).catch((error: Error) => `${error.name}: ${error.message}`)
    assert.strictEqual(problem, `RangeError: ${message}`)
  })
})
