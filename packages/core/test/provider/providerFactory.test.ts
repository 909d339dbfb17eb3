import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { expect, expectTypeOf, it } from "vitest"
import { configureAccount, defineProvider, providerFactory, snapshot } from "@gentask/core/provider"
import type { AccountOptions, ProviderAccount, ProviderSpec } from "@gentask/core/provider"

const standard = Schema.toStandardSchemaV1
const Settings = Schema.Struct({
  tier: Schema.String.pipe(Schema.withDecodingDefaultKey(Effect.succeed("free")))
})

const spec = defineProvider({
  specVersion: 1,
  id: "orbit",
  title: "Orbit",
  docs: "https://docs.orbit.example",
  endpoints: { eu: { baseUrl: "https://eu.orbit.example" }, us: { baseUrl: "https://us.orbit.example" } },
  defaultEndpoint: "eu",
  settings: standard(Settings),
  params: standard(Schema.Struct({ region: Schema.optionalKey(Schema.String) })),
  query: {
    request: ({ id, params }, { tier }) => {
      expectTypeOf(params).toEqualTypeOf<{ readonly region?: string }>()
      expectTypeOf(tier).toEqualTypeOf<string>()
      return { method: "GET", path: `/tasks/${encodeURIComponent(id)}` }
    },
    response: standard(Schema.Struct({ status: Schema.String })),
    decode: (body) => {
      expectTypeOf(body).toEqualTypeOf<{ readonly status: string }>()
      return snapshot({ rawStatus: body.status })
    }
  }
})

const orbit = providerFactory(spec)

it("creates an account from the options and the settings", () => {
  const account = orbit({ account: "mine", endpoint: "us", apiKey: "key", tier: "pro" })
  expectTypeOf(account).toEqualTypeOf<ProviderAccount>()
  expect({ ...account, apiKey: undefined }).toEqual({
    spec,
    account: "mine",
    endpoint: "us",
    baseUrl: undefined,
    apiKey: undefined,
    userAgent: undefined,
    settings: { tier: "pro" }
  })
})

it("names the default account after the provider, and treats a blank API key as unset", () => {
  expect(orbit({ apiKey: "" })).toMatchObject({ account: "orbit", apiKey: undefined })
})

it("accepts only the names of the spec's endpoints", () => {
  expectTypeOf<Parameters<typeof orbit>[0]["endpoint"]>().toEqualTypeOf<"eu" | "us" | undefined>()
  orbit({ endpoint: "eu" })
  orbit({ endpoint: undefined })
  // @ts-expect-error -- the provider has no endpoint of this name
  orbit({ endpoint: "asia" })
  const endpoints = { eu: { baseUrl: "https://eu.orbit.example" } }
  // @ts-expect-error -- the default endpoint must be one of the endpoints
  const invalid = defineProvider({ ...spec, endpoints, defaultEndpoint: "us" })
  expect(invalid.endpoints).toBe(endpoints)
})

it("accepts only the provider's settings, with their types", () => {
  // @ts-expect-error -- the provider has no setting of this name
  expect(orbit({ size: 1 }).settings).toEqual({ size: 1 })
  // @ts-expect-error -- the tier is text
  expect(orbit({ tier: 1 }).settings).toEqual({ tier: 1 })
})

it("accepts endpoints and settings that are known at run time only, through configureAccount", () => {
  const dynamic: { readonly endpoint: string; readonly [setting: string]: unknown } = {
    endpoint: "asia",
    tier: 1
  }
  expect(configureAccount(spec, dynamic)).toMatchObject({ endpoint: "asia", settings: { tier: 1 } })
})

it("is assignable to a spec of any provider, whose factory accepts any endpoint", () => {
  const anySpec: ProviderSpec = spec
  expectTypeOf(spec).toExtend<ProviderSpec>()
  expect(providerFactory(anySpec)({ endpoint: "asia" })).toMatchObject({ endpoint: "asia" })
})

it("infers the endpoint of a provider without settings", () => {
  const plain = providerFactory(
    defineProvider({
      specVersion: 1,
      id: "plain",
      title: "Plain",
      docs: "https://docs.plain.example",
      endpoints: { main: { baseUrl: "https://api.plain.example" } },
      query: {
        request: () => ({ method: "GET", path: "/" }),
        response: standard(Schema.Struct({})),
        decode: () => snapshot({})
      }
    })
  )
  expectTypeOf<Parameters<typeof plain>[0]["endpoint"]>().toEqualTypeOf<"main" | undefined>()
  expectTypeOf<Parameters<typeof plain>[0]>().toExtend<AccountOptions>()
  // @ts-expect-error -- the provider has no endpoint of this name
  plain({ endpoint: "other" })
})
