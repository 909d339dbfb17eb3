/**
 * Every recorded answer of every provider, mutated: an answer nobody has seen is never an untyped error, never a false
 * end, never a number or an instant that cannot be. `FUZZ_RUNS` sets how many mutants each provider gets.
 */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { TaskSnapshot } from "@gentask/core"
import { decodeRecorded } from "@gentask/testing"
import { recordingsOf } from "./recordedAnswers.ts"
import { accountsOn } from "./systems.ts"

const runs = Number(process.env["FUZZ_RUNS"] ?? 2000)
const seed = process.env["FUZZ_SEED"] === undefined ? undefined : Number(process.env["FUZZ_SEED"])

type Json = null | boolean | number | string | ReadonlyArray<Json> | { readonly [key: string]: Json }

const providers = ["jimmy", "sora", "jimeng", "aigptimage"] as const
const accounts = new Map(
  accountsOn("http://127.0.0.1:1", "sk-fuzz-secret").map((account) => [account.spec.id, account])
)

/** The bodies that are JSON; they are read under HTTP statuses of the test's choice. */
const bodiesOf = (provider: string): ReadonlyArray<Json> =>
  recordingsOf(provider).flatMap(({ recording: { answer } }) =>
    typeof answer.body === "string" ? [] : [answer.body as Json]
  )

/** Replaces, removes or adds one value at a random place. */
const mutate = (value: Json, choices: ReadonlyArray<number>, foreign: Json): Json => {
  const [choice = 0, ...rest] = choices
  if (typeof value !== "object" || value === null || rest.length === 0) return foreign
  const keys = Object.keys(value)
  if (keys.length === 0) return foreign
  const key = keys[choice % keys.length] ?? ""
  const child = (value as Record<string, Json>)[key] ?? null
  const action = (choice >>> 8) % 8
  const entries = Object.entries(value).flatMap(([name, each]): Array<[string, Json]> => {
    if (name !== key) return [[name, each]]
    if (action === 0) return []
    if (action === 1)
      return [
        [name, each],
        [`${name}_`, foreign]
      ]
    return [[name, action === 2 ? foreign : mutate(child, rest, foreign)]]
  })
  return Array.isArray(value) ? entries.map(([, each]) => each) : Object.fromEntries(entries)
}

/** Anything JSON can hold, with what vendors really send among it. */
const anything: fc.Arbitrary<Json> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
  fc.constantFrom<Json>(
    null,
    "",
    "null",
    "NaN",
    "-1",
    "1e999",
    1e308,
    -0,
    0,
    101,
    -5,
    "9".repeat(400),
    [],
    {},
    true
  ),
  fc.constantFrom<Json>(
    "https://x.example/a.png",
    "javascript:alert(1)",
    "//x",
    " `https://x.example/` ",
    "__proto__",
    "constructor"
  ),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.integer(),
  fc.double().filter((number) => Number.isFinite(number))
)

const isPossible = (date: Date | null): boolean =>
  date === null || (date.getTime() >= Date.UTC(2000, 0, 1) && date.getTime() < Date.UTC(2100, 0, 1))

const checkSnapshot = (snapshot: TaskSnapshot): void => {
  const { progress, createdAt, updatedAt, completedAt, outputs } = snapshot
  expect(progress === null || (progress >= 0 && progress <= 1)).toBe(true)
  expect(
    [createdAt, updatedAt, completedAt, ...outputs.map(({ expiresAt }) => expiresAt)].every(isPossible)
  ).toBe(true)
  for (const { url, inline } of outputs) {
    expect(url === null ? inline !== null : /^https?:\/\//.test(url)).toBe(true)
  }
  expect(JSON.stringify(snapshot)).not.toContain("sk-fuzz-secret")
}

const bad: ReadonlySet<string> = new Set(["failed", "canceled", "expired"])

describe.each(providers)("mutated answers of %s", (provider) => {
  const account = accounts.get(provider)
  if (account === undefined) throw new Error(`no account of ${provider}`)
  const read = (body: unknown, status = 200) => decodeRecorded(account, `${provider}:1`, { body, status })
  const bodies = bodiesOf(provider)
  const statusOf = (body: Json): string => {
    const reading = read(body)
    return reading._tag === "Snapshot" ? reading.snapshot.status : "fault"
  }
  const living = bodies.filter((body) => ["queued", "running", "unknown"].includes(statusOf(body)))
  // `done` is judged by its code, good or bad, as documented: a mutated code there is another answer, not a false one.
  const good = bodies.filter(
    (body) => statusOf(body) === "succeeded" && !JSON.stringify(body).includes('"done"')
  )

  it("have something to begin with", () => {
    expect(living.length).toBeGreaterThan(0)
    expect(good.length).toBeGreaterThan(0)
  })

  const mutant = (from: ReadonlyArray<Json>) =>
    fc
      .tuple(fc.constantFrom(...from), fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), anything)
      .map(([body, choices, foreign]) => mutate(body, choices, foreign))
  const check = <A>(arbitrary: fc.Arbitrary<A>, property: (value: A) => void): void => {
    fc.assert(fc.property(arbitrary, property), { numRuns: runs, ...(seed === undefined ? {} : { seed }) })
  }

  it("are read as a snapshot or a fault, never an exception", { timeout: 1_800_000 }, () => {
    check(
      fc.tuple(mutant(bodies), fc.constantFrom(200, 200, 200, 400, 404, 429, 500, 503)),
      ([body, status]) => {
        const reading = read(body, status)
        expect(["Snapshot", "Fault", "FollowUp"]).toContain(reading._tag)
        if (reading._tag === "Snapshot") checkSnapshot(reading.snapshot)
      }
    )
  })

  it("are never an end where the task goes on", { timeout: 1_800_000 }, () => {
    check(mutant(living), (body) => {
      expect(["queued", "running", "unknown", "fault"]).toContain(statusOf(body))
    })
  })

  it("never turn a success into a failure", { timeout: 1_800_000 }, () => {
    check(mutant(good), (body) => {
      expect(bad.has(statusOf(body))).toBe(false)
    })
  })

  it("are read also when they are cut, doubled or no JSON at all", { timeout: 1_800_000 }, () => {
    const text = fc.tuple(
      fc.constantFrom(...living.map((body) => JSON.stringify(body))),
      fc.nat(),
      fc.nat(),
      fc.string()
    )
    check(text, ([whole, from, to, noise]) => {
      const start = from % whole.length
      const broken = whole.slice(0, start) + noise + whole.slice(to % whole.length)
      const reading = read(broken)
      expect(["Snapshot", "Fault"]).toContain(reading._tag)
      if (reading._tag === "Snapshot") {
        checkSnapshot(reading.snapshot)
        expect(["queued", "running", "unknown"]).toContain(reading.snapshot.status)
      }
    })
  })
})
