import { describe, expect, it } from "vitest"
import type { ProviderSpec } from "@gentask/core"
import { reading } from "./planted/altered.ts"
import { rejection } from "./planted/plant.ts"
import type { Planted } from "./planted/plant.ts"
import { interpret } from "./planted/orbit.ts"
import type { Body } from "./planted/orbit.ts"

let kept = ""
let polls = 0

const odd = (name: string) => `${name}.json: one odd member neither throws nor ends the task otherwise`
const pure = (name: string) =>
  `${name}.json: reading is pure: no clock, chance, environment or network, no promise, nothing changed`
const asking = "asking is pure: no clock, chance, environment or network, no promise, nothing changed"
const key = "the key is in no URL, no body, no snapshot and no fault"
const authorize = "authorize answers headers, or says what is wrong with a key without telling it"

/** An impure reading breaks also where its answers are compared. */
const everywhere = /\.json: |^an answer of the wrong shape/

/** Bugs of what functions do while they read. */
const impure: ReadonlyArray<Planted> = [
  {
    bug: "a clock",
    query: { decode: reading(() => ({ updatedAt: Date.now() })) },
    fails: { [pure("working")]: /^query\.interpret reads the clock \(Date\.now\)\./ },
    also: everywhere
  },
  {
    bug: "a clock where something is missing",
    query: { decode: reading(({ createdAt }) => ({ createdAt: createdAt ?? new Date() })) },
    fails: {
      [odd("working")]:
        /^query\.interpret reads the clock \(new Date\(\)\) on an answer whose member job\.created_at is left out\./
    },
    also: everywhere
  },
  {
    bug: "chance",
    query: { decode: reading(() => ({ pollAfterMs: Math.random() })) },
    fails: { [pure("working")]: /^query\.interpret reads chance \(Math\.random\)\./ },
    also: everywhere
  },
  {
    bug: "the environment",
    query: { decode: reading(() => ({ model: process.env["ORBIT_MODEL"] })) },
    fails: { [pure("working")]: /^query\.interpret reads the environment \(process\.env\.ORBIT_MODEL\)\./ },
    also: everywhere
  },
  {
    bug: "the network",
    query: {
      decode: reading(() => {
        void fetch("http://127.0.0.1:9")
        return undefined
      })
    },
    fails: { [pure("working")]: /^query\.interpret reaches for the network \(fetch\)\./ },
    also: everywhere
  },
  {
    bug: "a promise",
    query: { decode: (async (body: Body) => interpret(body)) as never },
    fails: { [pure("working")]: /^query\.interpret gives back a promise\./ },
    also: /./
  },
  {
    bug: "an answer that it changes",
    query: {
      decode: (body: Body) => {
        if (body.job) (body.job as { model: string }).model = "orbit"
        return interpret(body)
      }
    },
    fails: {
      [pure("working")]:
        /^query\.interpret changes what it is given \(Cannot assign to read only property 'model'/
    },
    also: everywhere
  },
  {
    bug: "a memory",
    query: {
      decode: reading(() => {
        polls += 1
        return { pollAfterMs: polls }
      })
    },
    fails: { [pure("working")]: /^query\.interpret gives another answer when it is asked the same again\./ },
    also: everywhere
  }
]

const signing = (sign: NonNullable<ProviderSpec["authorize"]>): Partial<ProviderSpec> => ({ authorize: sign })

/** Bugs of what becomes of the key. */
const leaks: ReadonlyArray<Planted> = [
  {
    bug: "in the URL",
    spec: signing((request, { apiKey }) => {
      request.url.searchParams.set("key", apiKey)
      return {}
    }),
    fails: {
      [key]: /^The URL of the request for orbit:job-1 holds the key, where proxies and logs see it\./,
      [asking]: /^authorize changes the URL of the request\./
    }
  },
  {
    bug: "in a snapshot",
    spec: signing((_, { apiKey }) => {
      kept = apiKey
      return { "x-orbit-key": apiKey }
    }),
    query: { decode: reading(() => ({ warnings: kept === "" ? [] : [`Asked with ${kept}`] })) },
    fails: { [key]: /^What broken\.json means holds the key\./ },
    also: /the answer gives its meaning/
  },
  {
    bug: "in a refusal",
    spec: signing((_, { apiKey }) => {
      if (!apiKey.includes("|")) throw new Error(`The key ${apiKey} is no pair`)
      return { "x-orbit-key": apiKey }
    }),
    fails: { [authorize]: /^authorize throws an error that tells the key\. Say what is wrong with it/ }
  },
  {
    bug: "in a refusal of its half",
    spec: signing((_, { apiKey }) => {
      const [id, secret = ""] = apiKey.split("|")
      if (secret !== "") throw new Error(`The secret ${secret} of ${id?.slice(0, 2)} is too short`)
      return { "x-orbit-key": apiKey }
    }),
    fails: { [authorize]: /^authorize throws an error that tells the key\./ }
  },
  {
    bug: "taken apart without a look",
    spec: signing((_, { apiKey }) => ({ "x-orbit-key": (apiKey.split("|")[1] as string).trim() })),
    fails: { [authorize]: /^authorize breaks on a key \(Cannot read properties of undefined/ }
  },
  {
    bug: "signed with chance",
    spec: signing((_, { apiKey }) => ({ "x-orbit-key": apiKey, "x-nonce": crypto.randomUUID() })),
    fails: { [asking]: /^authorize reads chance \(crypto\.randomUUID\)\./ }
  },
  {
    bug: "in a header of two lines",
    spec: signing((_, { apiKey }) => ({ "x-orbit-key": `${apiKey}\n` })),
    fails: { [authorize]: /^authorize answers a header "x-orbit-key" that HTTP cannot carry\./ }
  }
]

describe("the kit rejects a reading with", () => {
  it.each(impure)("$bug", (planted) => {
    const { found, due } = rejection(planted)
    expect(found).toEqual(due)
  })
})

describe("the kit rejects a key", () => {
  it.each(leaks)("$bug", (planted) => {
    const { found, due } = rejection(planted)
    expect(found).toEqual(due)
  })
})
