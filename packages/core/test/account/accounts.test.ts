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

const apiKey = "sk-acme-secret"

const resolveError = (
  options: AccountOptions & { readonly [setting: string]: unknown },
  spec = acme
): ConfigurationError => {
  try {
    resolveAccount(configureAccount(spec, options))
  } catch (error) {
    if (error instanceof ConfigurationError) return error
    throw error
  }
  throw new Error("The account is valid")
}

describe("resolveAccount", () => {
  it("rejects an account without an API key", () => {
    const error = resolveError({})
    assert.deepStrictEqual(error.reason, { _tag: "MissingApiKey", account: "acme", variable: "ACME_API_KEY" })
    assert.strictEqual(error.message, "acme has no API key. Set ACME_API_KEY, or pass the option apiKey.")
    assert.strictEqual(
      resolveError({ account: "second" }).message,
      "acme@second has no API key. Set ACME_SECOND_API_KEY, or pass the option apiKey."
    )
  })

  it("rejects an account without an endpoint if the provider has no default one", () => {
    const error = resolveError({ apiKey }, two)
    assert.deepStrictEqual(error.reason, { _tag: "MissingEndpoint", account: "two", known: ["east", "west"] })
    assert.strictEqual(
      error.message,
      "two has no default endpoint. Choose east or west (option endpoint, variable TWO_ENDPOINT), or set a base URL (option baseUrl, variable TWO_BASE_URL)."
    )
    assert.strictEqual(
      resolveError({ apiKey }, { ...two, endpoints: {} }).message,
      "two has no default endpoint. Set a base URL (option baseUrl, variable TWO_BASE_URL)."
    )
  })

  it("rejects an unknown endpoint, lists the known ones and suggests the closest", () => {
    const error = resolveError({ apiKey, endpoint: "wset" }, two)
    assert.deepStrictEqual(error.reason, {
      _tag: "UnknownEndpoint",
      account: "two",
      endpoint: "wset",
      known: ["east", "west"]
    })
    assert.strictEqual(
      error.message,
      'Unknown endpoint "wset" of two. Did you mean west? Known endpoints: east, west. Choose one of them, or set a base URL (option baseUrl, variable TWO_BASE_URL).'
    )
    assert.strictEqual(
      resolveError({ apiKey, endpoint: "moon" }, two).message,
      'Unknown endpoint "moon" of two. Known endpoints: east, west. Choose one of them, or set a base URL (option baseUrl, variable TWO_BASE_URL).'
    )
  })

  it.each([
    [
      "api.example.com",
      'Invalid base URL of acme: "api.example.com" is not an absolute URL. Use a URL such as https://api.example.com.'
    ],
    [
      "ftp://api.example.com",
      'Invalid base URL of acme: "ftp://api.example.com" is not an http or https URL. Use a URL such as https://api.example.com.'
    ],
    [
      "http://api.example.com",
      'Invalid base URL of acme: "http://api.example.com" would send the API key unencrypted. Use https. Plain http is allowed on loopback only.'
    ],
    [
      "https://user:pass@api.example.com",
      "Invalid base URL of acme: it must contain only a host and a path. Use a URL such as https://api.example.com."
    ],
    [
      "ftp://user:pass@api.example.com",
      'Invalid base URL of acme: "ftp://…@api.example.com" is not an http or https URL. Use a URL such as https://api.example.com.'
    ]
  ])("rejects the base URL %s", (baseUrl, message) => {
    const error = resolveError({ apiKey, baseUrl })
    assert.deepStrictEqual(error.reason, { _tag: "InvalidBaseUrl", account: "acme" })
    assert.strictEqual(error.message, message)
  })

  it.each(["two\nlines", " leading", "trailing ", "schlüssel"])(
    "rejects the API key %j without showing it",
    (key) => {
      const error = resolveError({ apiKey: key })
      assert.deepStrictEqual(error.reason, { _tag: "InvalidApiKey", account: "acme" })
      assert.notInclude(error.message, key)
    }
  )

  it("rejects a user agent that no header can contain", () => {
    assert.deepStrictEqual(resolveError({ apiKey, userAgent: "two\nlines" }).reason, {
      _tag: "InvalidSettings",
      account: "acme",
      path: "userAgent"
    })
  })

  it("rejects settings of a provider that has none", () => {
    const error = resolveError({ apiKey, size: 1, tier: "pro" })
    assert.deepStrictEqual(error.reason, { _tag: "InvalidSettings", account: "acme", path: "size" })
    assert.strictEqual(error.message, "acme does not accept settings. Remove size, tier.")
  })

  it("ends the message of a schema with one period", () => {
    const issues = [{ message: "must be a tier.", path: ["tier"] }]
    const settings = { "~standard": { version: 1, vendor: "test", validate: () => ({ issues }) } } as const
    assert.strictEqual(
      resolveError({ apiKey, tier: 1 }, { ...acme, settings }).message,
      "Invalid settings of acme at tier: must be a tier."
    )
  })

  it("rejects an account name that a task ref cannot contain", () => {
    const error = resolveError({ apiKey, account: "My account" })
    assert.deepStrictEqual(error.reason, {
      _tag: "InvalidAccountName",
      provider: "acme",
      account: "My account"
    })
    assert.strictEqual(
      error.message,
      'Invalid account name "My account" of acme: use only lowercase letters, digits and hyphens.'
    )
  })

  it("rejects a provider that is built for another version of the contract", () => {
    const error = resolveError({ apiKey }, { ...acme, specVersion: 2 as unknown as 1 })
    assert.deepStrictEqual(error.reason, {
      _tag: "UnsupportedProvider",
      provider: "acme",
      problems: [
        {
          path: "specVersion",
          message:
            "is 2, but this version of gentask supports version 1 of the provider contract. Update gentask"
        }
      ]
    })
    assert.strictEqual(
      error.message,
      'Unsupported provider "acme": specVersion is 2, but this version of gentask supports version 1 of the provider contract. Update gentask.'
    )
  })

  it("rejects a provider whose spec is invalid, and lists all problems", () => {
    const spec = { ...acme, title: "", query: { ...acme.query, decode: undefined as never } }
    assert.strictEqual(
      resolveError({ apiKey }, spec).message,
      'Unsupported provider "acme": title must be a non-empty string; query.decode must be a function.'
    )
  })

  it("allows plain http on loopback only", () => {
    for (const host of ["127.0.0.1:80", "localhost:3000", "[::1]:8080"]) {
      assert.isTrue(resolveAccount(configureAccount(acme, { apiKey, baseUrl: `http://${host}` })).isLocal)
    }
  })

  it("never shows the API key", () => {
    const texts = [account(), resolveAccount(account())].flatMap((each) => [
      inspect(each, { depth: 9, showHidden: true }),
      JSON.stringify(each),
      Object.values(each).map(String).join(" ")
    ])
    for (const text of texts) assert.notInclude(text, apiKey)
  })
})

describe("accounts from variables", () => {
  it("include the default account, and one for each other name", () => {
    const accounts = accountsFromVariables(two, {
      TWO_API_KEY: " key-1 ",
      TWO_ENDPOINT: "east",
      TWO_WEST_API_KEY: "key-2",
      TWO_MY_OWN_BASE_URL: "https://own.example",
      TWO_MY_OWN_API_KEY: "",
      TWOFOLD_API_KEY: "of another provider",
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

  it.effect("are read from Effect's configuration by the layer", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Tasks.use((tasks) => tasks.query("two:1")))
      assert.include(error.message, "two has no default endpoint")
      const west = yield* Effect.flip(Tasks.use((tasks) => tasks.query("two@west:..")))
      assert.deepInclude(west, { reason: { _tag: "InvalidTaskId", ref: "two@west:.." } })
    }).pipe(
      Effect.provide(Tasks.layerConfig({ providers: [two] })),
      Effect.provide(
        ConfigProvider.layer(ConfigProvider.fromEnv({ env: { TWO_API_KEY: "k", TWO_WEST_API_KEY: "k" } }))
      )
    )
  )
})

describe("the account of a ref", () => {
  const queryError = async (
    ref: string,
    providers: Parameters<typeof createGentask>[0]["providers"]
  ): Promise<ConfigurationError> => {
    await using gentask = createGentask({ providers })
    return await gentask.query(ref).then(
      () => assert.fail("the query succeeded"),
      (error: ConfigurationError) => error
    )
  }

  it("is unknown if its provider is not configured", async () => {
    const error = await queryError("sora-2:task_1", [account()])
    assert.deepStrictEqual(error.reason, { _tag: "UnknownProvider", provider: "sora-2", known: ["acme"] })
    assert.strictEqual(
      error.message,
      'sora-2:task_1: unknown provider "sora-2". Available providers: acme. If this is a vendor\'s task id, put the provider in front: acme:sora-2:task_1.'
    )
    assert.include((await queryError("acne:1", [account()])).message, "Did you mean acme?")
    assert.include((await queryError("jimmy:1", [])).message, "No provider is configured.")
  })

  it("is unknown if the provider has no account of that name", async () => {
    const error = await queryError("acme@secnod:1", [account(), account({ account: "second" })])
    assert.deepStrictEqual(error.reason, {
      _tag: "UnknownAccount",
      provider: "acme",
      account: "secnod",
      known: ["acme", "acme@second"]
    })
    assert.strictEqual(
      error.message,
      'acme@secnod:1: unknown account "secnod" of acme. Did you mean second? Configured accounts: acme, acme@second.'
    )
  })

  it("must be unique", async () => {
    const error = await queryError("acme:1", [account(), account()])
    assert.deepStrictEqual(error.reason, { _tag: "DuplicateAccount", account: "acme" })
  })

  it("must accept the params of the ref", async () => {
    const error = await queryError("acme:1?kind=video", [account()])
    assert.deepStrictEqual(error.reason, { _tag: "InvalidParams", ref: "acme:1?kind=video", path: "kind" })
  })

  it("may be found by the name of its endpoint if it is the only one there", async () => {
    const east = configureAccount(two, { apiKey, endpoint: "east" })
    assert.strictEqual((await queryError("two@east:..", [east])).reason._tag, "InvalidTaskId")
    assert.strictEqual((await queryError("two@west:..", [east])).reason._tag, "UnknownAccount")
  })
})
