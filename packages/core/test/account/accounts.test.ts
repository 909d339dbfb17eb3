import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import { accountsFromVariables, ConfigurationError, createGentask } from "@gentask/core"
import { Tasks } from "@gentask/core/effect"
import { resolveAccount } from "@gentask/core/internal"
import { configureAccount } from "@gentask/core/provider"
import type { AccountOptions } from "@gentask/core/provider"
import { account, acme } from "../support/acme.ts"

const two = {
  ...acme,
  id: "two",
  endpoints: { east: { baseUrl: "https://east.example" }, west: { baseUrl: "https://west.example/v1" } }
}

const mistake = (options: AccountOptions, spec = acme): readonly [string, string] => {
  try {
    resolveAccount(configureAccount(spec, { ...options }))
  } catch (error) {
    if (error instanceof ConfigurationError) return [error.problem, error.message]
    throw error
  }
  throw new Error("nothing was wrong")
}

const apiKey = "sk-acme-secret"

describe("an account", () => {
  it("says what it lacks and what to do", () => {
    assert.deepStrictEqual(mistake({}), [
      "MissingApiKey",
      "acme has no API key. Set ACME_API_KEY, or pass the option apiKey."
    ])
    assert.deepStrictEqual(mistake({ account: "second" }), [
      "MissingApiKey",
      "acme@second has no API key. Set ACME_SECOND_API_KEY, or pass the option apiKey."
    ])
    assert.deepStrictEqual(mistake({ apiKey }, two), [
      "MissingEndpoint",
      "two has no default endpoint. Choose east or west (option endpoint, variable TWO_ENDPOINT), or give a base URL (option baseUrl, variable TWO_BASE_URL)."
    ])
    assert.deepStrictEqual(mistake({ apiKey, endpoint: "north" }, two), [
      "UnknownEndpoint",
      'two has no endpoint "north": it has east, west. Name one of them, or give a base URL (option baseUrl, variable TWO_BASE_URL).'
    ])
    assert.deepStrictEqual(mistake({ apiKey, baseUrl: "api.example.com" }), [
      "InvalidBaseUrl",
      'The base URL of acme is no URL: "api.example.com". Give one such as https://api.example.com.'
    ])
    assert.deepStrictEqual(mistake({ apiKey, baseUrl: "ftp://api.example.com" }), [
      "InvalidBaseUrl",
      'The base URL of acme is not http or https: "ftp://api.example.com". Give one such as https://api.example.com.'
    ])
    assert.deepStrictEqual(mistake({ apiKey, baseUrl: "http://api.example.com" }), [
      "InvalidBaseUrl",
      'The base URL of acme is plain http, which would show the key to the network: "http://api.example.com". Use https; http is for loopback alone.'
    ])
    assert.deepStrictEqual(mistake({ apiKey, baseUrl: "https://user:pass@api.example.com" }), [
      "InvalidBaseUrl",
      "The base URL of acme holds more than a host and a path. Give one such as https://api.example.com."
    ])
    assert.strictEqual(mistake({ apiKey: "two\nlines" })[0], "InvalidApiKey")
  })

  it("refuses a plugin of another contract version", () => {
    const future = { ...acme, specVersion: 2 as unknown as 1 }
    assert.deepStrictEqual(mistake({ apiKey }, future), [
      "UnsupportedProvider",
      'The provider "acme" is built for version 2 of the plugin contract, and this core speaks version 1. Update whichever is older.'
    ])
  })

  it("allows plain http on loopback alone", () => {
    for (const host of ["127.0.0.1:80", "localhost:3000", "[::1]:8080"]) {
      assert.isTrue(resolveAccount(configureAccount(acme, { apiKey, baseUrl: `http://${host}` })).isLocal)
    }
  })

  it("shows its key nowhere", () => {
    const shown = [account(), resolveAccount(account())].flatMap((each) => [
      inspect(each, { depth: 9, showHidden: true }),
      JSON.stringify(each),
      Object.values(each).map(String).join(" ")
    ])
    for (const text of shown) assert.notInclude(text, apiKey)
  })

  it("is read from variables, with one further account for each that has any", () => {
    const accounts = accountsFromVariables(two, {
      TWO_API_KEY: " key-1 ",
      TWO_ENDPOINT: "east",
      TWO_WEST_API_KEY: "key-2",
      TWO_MY_OWN_BASE_URL: "https://own.example",
      TWO_MY_OWN_API_KEY: "",
      TWOFOLD_API_KEY: "not ours",
      OTHER: "x"
    })
    assert.deepStrictEqual(
      accounts.map(({ account, endpoint, baseUrl, apiKey }) => ({
        account,
        endpoint,
        baseUrl,
        hasKey: apiKey !== undefined
      })),
      [
        { account: "two", endpoint: "east", baseUrl: undefined, hasKey: true },
        { account: "my-own", endpoint: undefined, baseUrl: "https://own.example", hasKey: false },
        { account: "west", endpoint: "west", baseUrl: undefined, hasKey: true }
      ]
    )
  })

  it.effect("is read from Effect's configuration by the layer", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Tasks.use((tasks) => tasks.query("two:1")))
      assert.include(error.message, "two has no default endpoint")
      const west = yield* Effect.flip(Tasks.use((tasks) => tasks.query("two@west:..")))
      assert.strictEqual(
        west.message,
        "two@west:..: two cannot ask about this task id: it would change the path of the request."
      )
    }).pipe(
      Effect.provide(Tasks.layerConfig({ providers: [two] })),
      Effect.provide(
        ConfigProvider.layer(ConfigProvider.fromEnv({ env: { TWO_API_KEY: "k", TWO_WEST_API_KEY: "k" } }))
      )
    )
  )
})

describe("finding the account of a ref", () => {
  const message = async (
    ref: string,
    providers: Parameters<typeof createGentask>[0]["providers"]
  ): Promise<string> => {
    await using gentask = createGentask({ providers })
    return await gentask.query(ref).then(
      () => "succeeded",
      (error: Error) => error.message
    )
  }

  it("tells an unknown provider from a bare id that holds a colon", async () => {
    assert.strictEqual(
      await message("sora-2:task_1", [account()]),
      'sora-2:task_1: there is no provider "sora-2". Configured: acme. If this is the whole of a vendor\'s task id, put its provider before it: acme:sora-2:task_1'
    )
    assert.include(await message("jimmy:1", []), "No provider is configured")
  })

  it("tells an unknown account, and names those that are there", async () => {
    assert.strictEqual(
      await message("acme@other:1", [account(), account({ account: "second" })]),
      'acme@other:1: there is no account "other" of acme. There is acme, acme@second.'
    )
  })

  it("refuses two accounts of one name", async () => {
    assert.strictEqual(
      await message("acme:1", [account(), account()]),
      "There are two accounts named acme. Give each its own name by the option account."
    )
  })

  it("refuses hints that the provider does not take", async () => {
    assert.strictEqual(
      await message("acme:1?kind=video", [account()]),
      "acme:1?kind=video: acme takes no hints. Leave out kind."
    )
  })

  it("finds the only account at an endpoint of that name", async () => {
    const east = configureAccount(two, { apiKey, endpoint: "east" })
    assert.include(await message("two@east:..", [east]), "would change the path")
    assert.include(await message("two@west:..", [east]), 'no account "west"')
  })
})
