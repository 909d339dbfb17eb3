/**
 * Mutates every recorded response. A provider must read each mutant as a snapshot or an error, and must not report a
 * wrong end of a task, or a number or an instant that is impossible. `FUZZ_RUNS` sets the number of mutants for each
 * test, `FUZZ_SEED` the seed.
 */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { TaskSnapshot } from "@gentask/core"
import { decodeRecorded } from "@gentask/testing"
import { readRecordings } from "./readRecordings.ts"
import { accountsOn } from "./systems.ts"

const runs = Number(process.env["FUZZ_RUNS"] ?? 2000)
const seed = process.env["FUZZ_SEED"] === undefined ? undefined : Number(process.env["FUZZ_SEED"])

type Json = null | boolean | number | string | ReadonlyArray<Json> | { readonly [key: string]: Json }

const providers = ["jimmy", "sora", "jimeng", "aigptimage", "bfl"] as const
const accounts = new Map(
  accountsOn("http://127.0.0.1:1", "sk-fuzz-secret").map((account) => [account.spec.id, account])
)

/** Returns the recorded bodies that are JSON. */
const bodiesOf = (provider: string): ReadonlyArray<Json> =>
  readRecordings(provider).flatMap(({ recording: { answer } }) =>
    typeof answer.body === "string" ? [] : [answer.body as Json]
  )

/** Replaces, removes or adds one value at the place that `choices` leads to. */
const mutate = (value: Json, choices: ReadonlyArray<number>, replacement: Json): Json => {
  const [choice = 0, ...rest] = choices
  if (typeof value !== "object" || value === null || rest.length === 0) return replacement
  const keys = Object.keys(value)
  if (keys.length === 0) return replacement
  const key = keys[choice % keys.length] ?? ""
  const child = (value as Record<string, Json>)[key] ?? null
  const action = (choice >>> 8) % 8
  const entries = Object.entries(value).flatMap(([name, each]): Array<[string, Json]> => {
    if (name !== key) return [[name, each]]
    if (action === 0) return []
    if (action === 1)
      return [
        [name, each],
        [`${name}_`, replacement]
      ]
    return [[name, action === 2 ? replacement : mutate(child, rest, replacement)]]
  })
  return Array.isArray(value) ? entries.map(([, each]) => each) : Object.fromEntries(entries)
}

/** Any JSON value, including unusual values that vendors send. */
const anyValue: fc.Arbitrary<Json> = fc.oneof(
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

const failures: ReadonlySet<string> = new Set(["failed", "canceled", "expired"])

describe.each(providers)("the provider %s", (provider) => {
  const account = accounts.get(provider)
  if (account === undefined) throw new Error(`There is no account of ${provider}.`)
  const decode = (body: unknown, status = 200) => decodeRecorded(account, `${provider}:1`, { body, status })
  const bodies = bodiesOf(provider)
  const statusOf = (body: Json): string => {
    const decoded = decode(body)
    return decoded._tag === "Snapshot" ? decoded.snapshot.status : "error"
  }
  const unfinished = bodies.filter((body) => ["queued", "running", "unknown"].includes(statusOf(body)))
  // Without `done`, whose code decides between success and failure as documented, so that a mutated code is a failure.
  const succeeded = bodies.filter(
    (body) => statusOf(body) === "succeeded" && !JSON.stringify(body).includes('"done"')
  )

  it("has recordings of unfinished and of succeeded tasks", () => {
    expect(unfinished.length).toBeGreaterThan(0)
    expect(succeeded.length).toBeGreaterThan(0)
  })

  const mutant = (from: ReadonlyArray<Json>) =>
    fc
      .tuple(fc.constantFrom(...from), fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), anyValue)
      .map(([body, choices, replacement]) => mutate(body, choices, replacement))
  const check = <A>(arbitrary: fc.Arbitrary<A>, property: (value: A) => void): void => {
    fc.assert(fc.property(arbitrary, property), { numRuns: runs, ...(seed === undefined ? {} : { seed }) })
  }

  it("reads mutated responses as a snapshot or an error, and never throws", { timeout: 1_800_000 }, () => {
    check(
      fc.tuple(mutant(bodies), fc.constantFrom(200, 200, 200, 400, 404, 429, 500, 503)),
      ([body, status]) => {
        const decoded = decode(body, status)
        expect(["Snapshot", "Error", "FollowUp"]).toContain(decoded._tag)
        if (decoded._tag === "Snapshot") checkSnapshot(decoded.snapshot)
      }
    )
  })

  it("never reports the end of an unfinished task", { timeout: 1_800_000 }, () => {
    check(mutant(unfinished), (body) => {
      expect(["queued", "running", "unknown", "error"]).toContain(statusOf(body))
    })
  })

  it("never reports a failure of a succeeded task", { timeout: 1_800_000 }, () => {
    check(mutant(succeeded), (body) => {
      // These numbers are the failures of kie.ai's videos.
      fc.pre(!/"successFlag":[23]/.test(JSON.stringify(body)))
      expect(failures.has(statusOf(body))).toBe(false)
    })
  })

  it("reads truncated, repeated and invalid JSON", { timeout: 1_800_000 }, () => {
    const text = fc.tuple(
      fc.constantFrom(...unfinished.map((body) => JSON.stringify(body))),
      fc.nat(),
      fc.nat(),
      fc.string()
    )
    check(text, ([whole, from, to, noise]) => {
      const start = from % whole.length
      const broken = whole.slice(0, start) + noise + whole.slice(to % whole.length)
      const decoded = decode(broken)
      expect(["Snapshot", "Error"]).toContain(decoded._tag)
      if (decoded._tag === "Snapshot") {
        checkSnapshot(decoded.snapshot)
        expect(["queued", "running", "unknown"]).toContain(decoded.snapshot.status)
      }
    })
  })
})
