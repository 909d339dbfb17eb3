/** The seeded chaos profile. */
import { assert, describe, it } from "vitest"
import type { ChaosOptions, EmulatedTask, Emulator, Vendor } from "../src/index.ts"
import { chaosMediaWeights, chaosWeights, startEmulator } from "../src/index.ts"
import { rootVendors } from "../src/vendors/vendorNames.ts"
import { makeChaos } from "../src/faults/Chaos.ts"
import { inOrder, linkIn, queryTask, send, start } from "./support.ts"

const numbers = (length: number): number[] => Array.from({ length }, (_, index) => index)

const faultsOf = (options: ChaosOptions, vendor: Vendor = "sora", tasks = 40, polls = 20) => {
  const chaos = makeChaos(options)
  return numbers(tasks).flatMap((task) =>
    numbers(polls).map((index) => chaos.query(vendor, `task ${task}`, index))
  )
}

/** A query with any outcome: only the choice of the emulator matters. */
const attemptQuery = (emulator: Emulator, task: EmulatedTask): Promise<unknown> =>
  queryTask(emulator, task).catch(() => undefined)

const harmless = { status: 5, business: 3, empty: 2, "invalid-json": 2, lag: 1, "unknown-status": 2 }

/** The status and the fault of each task's requests, in order. */
const faultsByTask = (emulator: Emulator) => {
  const byTask = new Map<string, unknown[]>()
  for (const { vendor, taskId, status, fault } of emulator.requests) {
    const name = `${vendor} ${taskId}`
    byTask.set(name, [...(byTask.get(name) ?? []), [status, fault]])
  }
  return Object.fromEntries([...byTask].toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

const addTasks = (emulator: Emulator): EmulatedTask[] =>
  numbers(24).map((index) => {
    const vendor = rootVendors[index % 4] ?? "jimmy"
    return emulator.addTask({ vendor, id: `task-${index}`, runningFor: 60_000 })
  })

describe("a chaos profile", () => {
  it("depends on the seed", () => {
    const seeds = [1, 1, 2, "one"].map((seed) => faultsOf({ seed, rate: 0.5 }))
    assert.deepEqual(seeds[0], seeds[1])
    assert.notDeepEqual(seeds[0], seeds[2])
    assert.notDeepEqual(seeds[0], seeds[3])
  })

  it("depends on the vendor, the task and the index", () => {
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

  it("does not depend on the order in which tasks are queried", async () => {
    const chaos = { seed: "order", rate: 0.5, weights: harmless }
    const [one, other] = [await start({ chaos }), await start({ chaos })]
    const [sequential, concurrent] = [addTasks(one), addTasks(other)]
    await inOrder(numbers(6), () => inOrder(sequential, (task) => attemptQuery(one, task)))
    await Promise.all(
      concurrent.toReversed().map((task) => inOrder(numbers(6), () => attemptQuery(other, task)))
    )
    assert.deepEqual(faultsByTask(one), faultsByTask(other))
    assert.deepEqual(one.faultStats(), other.faultStats())
    const { requests, faulted } = one.faultStats()
    assert.strictEqual(requests, 144)
    assert.approximately(faulted / requests, 0.5, 0.15)
  })

  it.each([0, 0.1, 0.3, 0.7, 1])("affects a share of %d", (rate) => {
    const faults = faultsOf({ seed: 7, rate }, "jimmy", 500, 20)
    const share = faults.filter((fault) => fault !== undefined).length / faults.length
    assert.approximately(share, rate, rate === 0 || rate === 1 ? 0 : 0.015)
  })

  it("chooses faults by their weights, and only those with a weight", () => {
    const faults = faultsOf({ seed: 7, rate: 1, weights: { reset: 1, empty: 3, html: 0 } }, "jimmy", 200, 20)
    const resets = faults.filter((fault) => fault?.fault === "reset").length
    assert.approximately(resets / faults.length, 0.25, 0.02)
    assert.isTrue(faults.every((fault) => fault?.fault === "reset" || fault?.fault === "empty"))
  })

  it("chooses every fault with a weight, and lag for the first polls only", () => {
    const faults = faultsOf({ seed: 1, rate: 1 }, "aigptimage", 200, 10)
    assert.sameMembers([...new Set(faults.map((fault) => fault?.fault))], Object.keys(chaosWeights))
    const chaos = makeChaos({ seed: 1, rate: 1, weights: { lag: 1, empty: 1 } })
    const lags = numbers(400).filter(
      (index) => chaos.query("sora", `${index >> 2}`, index % 4)?.fault === "lag"
    )
    assert.isNotEmpty(lags)
    assert.isTrue(lags.every((index) => index % 4 < 2))
  })

  it("chooses range faults for range requests only", () => {
    const chaos = makeChaos({ seed: 1, rate: 0, mediaRate: 1 })
    const names = (isRangeRequest: boolean) =>
      new Set(
        numbers(2000).map((index) => chaos.media("jimmy", "a", "result.png", index, isRangeRequest)?.fault)
      )
    const rangeFaults = ["ignored-range", "other-range", "unsatisfiable"]
    assert.sameMembers([...names(true)], Object.keys(chaosMediaWeights))
    assert.sameMembers([...names(false), ...rangeFaults] as string[], Object.keys(chaosMediaWeights))
    assert.isUndefined(chaos.query("jimmy", "a", 0))
  })

  it("sends Retry-After in every form that the vendor supports", () => {
    const faults = (vendor: Vendor) =>
      faultsOf({ seed: 3, rate: 1, weights: { status: 1 }, retryAfter: 2 }, vendor, 40, 40).flatMap((fault) =>
        fault?.fault === "status" && typeof fault.retryAfter === "object" ? [fault] : []
      )
    const forms = (vendor: Vendor) => [
      ...new Set(faults(vendor).map(({ retryAfter }) => (retryAfter as any).as))
    ]
    assert.sameMembers(forms("sora"), ["seconds", "date", "repeated"])
    assert.sameMembers(forms("aigptimage"), ["seconds", "date", "repeated", "body"])
    assert.isTrue(faults("jimmy").every(({ status }) => status === 429 || status === 503))
  })

  it("does not override the faults of a task's script", async () => {
    const emulator = await start({ chaos: { seed: 1, rate: 1, weights: { empty: 1 } } })
    const faults = [{ fault: "none", times: 2 }, { fault: "html" }] as const
    const task = emulator.addTask({ vendor: "jimmy", faults })
    await inOrder(numbers(4), () => attemptQuery(emulator, task))
    assert.deepEqual(
      emulator.requests.map(({ fault }) => fault),
      [null, null, "html", "empty"]
    )
  })

  it("replaces a status regression for a task without an earlier phase", async () => {
    const emulator = await start({ chaos: { seed: 1, rate: 1, weights: { "status-regression": 1 } } })
    const queued = emulator.addTask({ vendor: "jimmy", queuedFor: 60_000 })
    const ended = emulator.addTask({ vendor: "jimmy" })
    const statuses = await inOrder(
      [queued, ended],
      async (task) => (await queryTask(emulator, task)).body.data.status
    )
    assert.strictEqual(statuses[0], "warming_up")
    assert.include(["queued", "processing"], statuses[1])
    assert.deepEqual(emulator.faultStats().queries.byFault, { "unknown-status": 1, "status-regression": 1 })
  })

  it("lets every task end and every result be downloaded completely", async () => {
    const chaos = { seed: 11, rate: 0.4, hangFor: 5, maxDelay: 5 }
    const emulator = await start({ chaos })
    const successful: Readonly<Partial<Record<Vendor, string>>> = {
      jimmy: "completed",
      sora: "completed",
      jimeng: "success",
      aigptimage: "success"
    }
    const statusOf = (body: any): unknown => body?.data?.status ?? body?.data?.state ?? body?.status
    const bytesOf = async (link: string): Promise<Buffer | undefined> => {
      const response = await fetch(link)
      const bytes = Buffer.from(await response.arrayBuffer())
      const isMedia = response.ok && !/^(text|application)\//.test(response.headers.get("content-type") ?? "")
      return isMedia && bytes.length > 0 ? bytes : undefined
    }
    const until = async <Value>(attempt: () => Promise<Value | undefined>): Promise<Value> =>
      (await attempt().catch(() => undefined)) ?? until(attempt)
    const tasks = numbers(40).map((index) =>
      emulator.addTask({ vendor: rootVendors[index % 4] ?? "jimmy", id: `task-${index}` })
    )
    await Promise.all(
      tasks.map(async (task) => {
        const link = await until(async () => {
          const { status, body } = await queryTask(emulator, task)
          return status === 200 && statusOf(body) === successful[task.vendor] ? linkIn(body) : undefined
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
    const { requests, faulted } = emulator.faultStats()
    assert.approximately(faulted / requests, 0.4, 0.15)
  })

  it("is included in the fault stats over HTTP", async () => {
    const emulator = await start({ chaos: { seed: 1, rate: 1, weights: { status: 1 } } })
    await inOrder(addTasks(emulator).slice(0, 3), (task) => attemptQuery(emulator, task))
    const { body } = await send(`${emulator.url}/_emulator/faults`)
    assert.deepEqual(body, {
      requests: 3,
      faulted: 3,
      queries: { requests: 3, faulted: 3, byFault: { status: 3 } },
      media: { requests: 0, faulted: 0, byFault: {} }
    })
  })

  const bad: readonly [ChaosOptions, string][] = [
    [{ seed: 1, rate: 2 }, "Invalid chaos.rate: expected a number from 0 to 1, received 2."],
    [
      { seed: 1, rate: 0, mediaRate: -1 },
      "Invalid chaos.mediaRate: expected a number from 0 to 1, received -1."
    ],
    [
      JSON.parse('{ "seed": 1, "rate": 0, "weights": { "gremlins": 1 } }'),
      'Invalid chaos.weights: unknown fault "gremlins", expected one of none, delay, hang, reset, truncated, wrong-length, slow, chunked, close-delimited, compressed, status, business, invalid-json, bom, wrong-shape, empty, html, huge, lag, unknown-status, status-regression, progress-regression, no-output, reordered, clock-skew.'
    ],
    [
      { seed: 1, rate: 0, mediaWeights: { slow: Number.NaN } },
      'Invalid chaos.mediaWeights["slow"]: expected a number of at least 0, received NaN.'
    ]
  ]
  it.each(bad)("is rejected if it is invalid: %j", async (chaos, message) => {
    const problem = await startEmulator({ chaos }).catch((error: Error) => `${error.name}: ${error.message}`)
    assert.strictEqual(problem, `RangeError: ${message}`)
  })
})
