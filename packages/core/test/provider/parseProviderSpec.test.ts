import { describe, expect, it } from "vitest"
import { parseProviderSpec } from "@gentask/core/provider"
import { specVersion } from "@gentask/core/internal"
import { acme } from "../support/acme.ts"

const problemsOf = (value: unknown): ReadonlyArray<string> => {
  const parsed = parseProviderSpec(value)
  return parsed.ok ? [] : parsed.problems.map(({ path, message }) => `${path}: ${message}`)
}

describe("parseProviderSpec", () => {
  it("returns a valid spec unchanged", () => {
    const parsed = parseProviderSpec(acme)
    expect(parsed.ok && parsed.spec).toBe(acme)
  })

  it("accepts all optional members, unknown members and a schema that is a function", () => {
    const schema = Object.assign(() => undefined, {
      "~standard": { version: 1, vendor: "x", validate: () => ({}) }
    })
    const spec = {
      ...acme,
      examples: ["acme:1"],
      mediaKinds: ["image"],
      statuses: { running: ["working"], expired: undefined },
      endpoints: {
        main: { baseUrl: "https://api.acme.example", docs: "https://acme.example", settings: {} }
      },
      defaultEndpoint: "main",
      settings: schema,
      params: schema,
      authorize: () => ({}),
      query: { ...acme.query, response: schema, decodeError: () => undefined },
      rateLimits: () => [],
      pollHint: { minMs: 1000, maxMs: 2000 },
      resultLifetimeMs: { image: 1000, video: undefined },
      memberOfALaterVersion: true
    }
    expect(problemsOf(spec)).toEqual([])
  })

  it("accepts a spec without endpoints", () => {
    expect(problemsOf({ ...acme, endpoints: {} })).toEqual([])
  })

  it.each([undefined, null, "spec", 1, [], () => acme])("rejects %j", (value) => {
    expect(problemsOf(value)).toEqual([": must be an object"])
  })

  it("reports all problems at once", () => {
    expect(problemsOf({})).toEqual([
      "specVersion: must be the number 1",
      "id: must start with a lowercase letter and contain only lowercase letters, digits and hyphens",
      "title: must be a non-empty string",
      "docs: must be a non-empty string",
      "endpoints: must be an object",
      "query: must be an object"
    ])
    expect(
      problemsOf({
        ...acme,
        specVersion: "1",
        id: "Acme",
        title: " ",
        examples: ["acme:1", ""],
        mediaKinds: "image",
        statuses: { running: "working" },
        endpoints: { main: "https://api.acme.example", other: { baseUrl: 1, docs: 2, settings: [] } },
        defaultEndpoint: null,
        settings: {},
        params: { "~standard": {} },
        authorize: {},
        errors: { read: 1, codes: [{ codes: [1], error: "Forbidden" }, { codes: [2] }] },
        query: { request: {}, response: {}, decodeError: 1 },
        rateLimits: [],
        pollHint: { minMs: "1", maxMs: Number.NaN },
        resultLifetimeMs: { image: 0 }
      })
    ).toEqual([
      "specVersion: must be the number 1",
      "id: must start with a lowercase letter and contain only lowercase letters, digits and hyphens",
      "title: must be a non-empty string",
      "examples: must be an array of non-empty strings",
      "mediaKinds: must be an array of non-empty strings",
      "statuses.running: must be an array of non-empty strings",
      "endpoints.main: must be an object",
      "endpoints.other.baseUrl: must be a non-empty string",
      "endpoints.other.docs: must be a non-empty string",
      "endpoints.other.settings: must be an object",
      "defaultEndpoint: must be a non-empty string",
      "settings: must be a Standard Schema",
      "params: must be a Standard Schema",
      "authorize: must be a function",
      "errors.read: must be a function",
      "errors.codes: must be an array of groups, which have `codes`, either an `error` or a `failure`, and possibly a `submit`",
      "query.request: must be a function",
      "query.response: must be a Standard Schema",
      "query.decode: must be a function",
      "query.decodeError: must be a function",
      "rateLimits: must be a function",
      "pollHint.minMs: must be a positive number of milliseconds",
      "pollHint.maxMs: must be a positive number of milliseconds",
      "resultLifetimeMs.image: must be a positive number of milliseconds"
    ])
  })

  it("reports only the version of a spec with another version of the contract", () => {
    expect(problemsOf({ specVersion: 2 })).toEqual([
      "specVersion: is 2, but this version of gentask supports version 1 of the provider contract. Update gentask"
    ])
    expect(problemsOf({ specVersion: 0 })).toEqual([
      "specVersion: is 0, but this version of gentask supports version 1 of the provider contract. Update the provider"
    ])
  })

  it.each([
    [[{ codes: [1, "2", /^3/], error: "Forbidden", submit: "retry-later" }], true],
    [[{ codes: [1], failure: {} }], true],
    [[{ codes: [1], error: "Forbidden", failure: {} }], false],
    [[{ codes: [1], error: "Forbidden", submit: "retry" }], false],
    [[{ codes: [/^3/g], error: "Forbidden" }], false],
    [[{ codes: [null], error: "Forbidden" }], false],
    [{}, false]
  ])("validates the codes of errors: %j", (codes, isValid) => {
    expect(parseProviderSpec({ ...acme, errors: { codes } }).ok).toBe(isValid)
  })

  it("supports version 1", () => {
    expect(specVersion).toBe(acme.specVersion)
  })
})
