import { describe, expect, it } from "vitest"
import { ConfigurationError } from "@gentask/core"
import { configureAccount } from "@gentask/core/provider"
import type { AccountOptions, ProviderSpec } from "@gentask/core/provider"
import { mayReceiveKey } from "../../src/account/mayReceiveKey.ts"
import { resolveAccount } from "../../src/account/resolveAccount.ts"
import { requestOf } from "../../src/exchange/SampleResponse.ts"
import { acme } from "../support/acme.ts"

const spec: ProviderSpec = {
  ...acme,
  requires: ["hosts"],
  endpoints: {
    main: { baseUrl: "https://api.acme.example/v1", hosts: ["files.acme.example", "*.region.acme.example"] },
    other: { baseUrl: "https://other.example" }
  },
  defaultEndpoint: "main",
  params: {
    "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) }
  },
  query: {
    ...acme.query,
    request: ({ id, params }) => ({ method: "GET", path: `/tasks/${id}`, host: params.host })
  }
}

const accountOf = (options: AccountOptions = {}) =>
  configureAccount(spec, { apiKey: "sk-acme-secret", ...options })

const reasonOf = (options: AccountOptions, host: string) => {
  try {
    return requestOf(accountOf(options), `acme:1?host=${encodeURIComponent(host)}`).url.href
  } catch (error) {
    return error instanceof ConfigurationError ? error.reason._tag : error
  }
}

describe("a request with a host", () => {
  it.each([
    ["files.acme.example", "https://files.acme.example/tasks/1"],
    ["eu.region.acme.example", "https://eu.region.acme.example/tasks/1"],
    ["a.b.region.acme.example", "https://a.b.region.acme.example/tasks/1"],
    // The host of the base URL, whose path does not precede that of the request.
    ["api.acme.example", "https://api.acme.example/tasks/1"]
  ])("is sent to %s", (host, url) => {
    expect(reasonOf({}, host)).toBe(url)
    expect(reasonOf({ baseUrl: "https://api.acme.example/v1" }, host)).toBe(url)
  })

  it.each([
    "evil.example",
    "region.acme.example",
    "acme.example",
    "xfiles.acme.example",
    "files.acme.example.evil.example",
    "evil.example/.region.acme.example",
    "evil.example#.region.acme.example",
    "evil.example?.region.acme.example",
    "evil.example\\.region.acme.example",
    "user@files.acme.example",
    "files.acme.example@evil.example",
    "files.acme.example:443",
    "files.acme.example:8443",
    "Files.acme.example",
    "FILES.ACME.EXAMPLE",
    "files.acme.example.",
    "eu.region.acme.example.",
    ".region.acme.example",
    "..region.acme.example",
    "-.region.acme.example",
    "*.region.acme.example",
    "evil_x.region.acme.example",
    "ev il.region.acme.example",
    "evil.example\n.region.acme.example",
    "evil.example\u0000.region.acme.example",
    "evil.example%2f.region.acme.example",
    "fıles.acme.example",
    "files。acme。example",
    "ｆiles.acme.example",
    "files.acme.example\u00ad",
    "files\u200d.acme.example",
    "localhost",
    "127.0.0.1",
    "2130706433",
    "0x7f.1",
    "[::1]",
    "169.254.169.254",
    "https://files.acme.example",
    "//files.acme.example",
    "main",
    ""
  ])("is not sent to %j", (host) => {
    expect(mayReceiveKey(resolveAccount(accountOf()), host)).toBe(false)
    // A ref leaves out an empty param.
    if (host !== "") expect(reasonOf({}, host)).toBe("ForbiddenHost")
  })

  it.each([
    { baseUrl: "https://relay.example.com" },
    { baseUrl: "https://relay.example.com", endpoint: "main" },
    { baseUrl: "https://api.acme.example:8443" },
    { endpoint: "other" }
  ])("is refused at %j", (options) => {
    expect(reasonOf(options, "files.acme.example")).toBe("ForbiddenHost")
    expect(reasonOf(options, "eu.region.acme.example")).toBe("ForbiddenHost")
  })

  it.each([
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080/tasks/1"],
    ["http://localhost:8080/kie", "http://localhost:8080/kie/tasks/1"]
  ])("is sent below the base URL %s, which is on this machine", (baseUrl, url) => {
    expect(reasonOf({ baseUrl }, "files.acme.example")).toBe(url)
    expect(reasonOf({ baseUrl, endpoint: "other" }, "eu.region.acme.example")).toBe(url)
    expect(reasonOf({ baseUrl }, "evil.example")).toBe("ForbiddenHost")
  })

  it("is refused with a message that says why", () => {
    expect(() => requestOf(accountOf(), "acme:1?host=evil.example")).toThrow(
      'acme must not send its API key to the host "evil.example": its endpoint lists only files.acme.example, *.region.acme.example.'
    )
    const relay = accountOf({ baseUrl: "https://relay.example.com" })
    expect(() => requestOf(relay, "acme:1?host=files.acme.example")).toThrow(
      'acme must not send its API key to the host "files.acme.example": its base URL https://relay.example.com is not that of an endpoint with further hosts.'
    )
  })

  it.each(["@evil.example/", ".evil.example/", ":8443/", "/../x", "//evil.example/\\x", "x"])(
    "is refused with the path %j",
    (path) => {
      const crafted: ProviderSpec = {
        ...spec,
        query: { ...spec.query, request: () => ({ method: "GET", path, host: "files.acme.example" }) }
      }
      expect(() => requestOf(configureAccount(crafted, { apiKey: "sk-acme-secret" }), "acme:1")).toThrow(
        "it would change the path of the request"
      )
    }
  )
})
