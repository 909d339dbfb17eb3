import type { IncomingMessage } from "node:http"
import { describe, expect, it } from "vitest"
import { ConfigurationError, createGentask, ProviderError } from "@gentask/core"
import { configureAccount } from "@gentask/core/provider"
import type { AccountOptions, KeyExchange, ProviderSpec } from "@gentask/core/provider"
import { redact } from "../../src/exchange/redact.ts"
import { resolveAccount } from "../../src/account/resolveAccount.ts"
import { acme } from "../support/acme.ts"
import { startServer } from "../support/httpServer.ts"

interface Token {
  readonly token?: string
  readonly expires?: number
}

const anyToken: KeyExchange<unknown, Token, string>["response"] = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value: value ?? {} }) }
}

/** Starts a vendor that records the headers of its requests. */
const startVendor = async (respond: (request: IncomingMessage) => { status?: number; body: unknown }) => {
  const requests: Array<IncomingMessage> = []
  const server = await startServer((request, response) => {
    requests.push(request)
    const { status = 200, body } = respond(request)
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body) ?? "busy")
  })
  return {
    ...server,
    requests,
    of: (path: string) => requests.filter(({ url }) => url?.startsWith(path) === true)
  }
}

const working = { body: { status: "working" } }
const queryOnce = (spec: ProviderSpec, options: AccountOptions) =>
  createGentask({ providers: [configureAccount(spec, { ...options })] }).query("acme:1")

describe("an account without an API key", () => {
  const refuseAuthorize = {
    authorize: () => {
      throw new Error("must not be called")
    }
  }

  it.each(["optional", "none"] as const)("sends no credentials if the key is %s", async (apiKey) => {
    await using vendor = await startVendor(() => working)
    const spec: ProviderSpec = { ...acme, ...refuseAuthorize, apiKey }
    expect(await queryOnce(spec, { baseUrl: vendor.baseUrl })).toMatchObject({ status: "running" })
    expect(vendor.requests[0]?.headers.authorization).toBeUndefined()
  })

  it("sends an optional key that is set, and never one of a provider without keys", async () => {
    await using vendor = await startVendor(() => working)
    const options = { baseUrl: vendor.baseUrl, apiKey: "sk-acme-secret" }
    await queryOnce({ ...acme, apiKey: "optional" }, options)
    await queryOnce({ ...acme, apiKey: "none" }, options)
    expect(vendor.requests.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer sk-acme-secret",
      undefined
    ])
  })

  it.each([
    "http://192.168.1.5:8188",
    "http://10.0.0.2",
    "http://172.16.0.1",
    "http://[fd00::1]:8188",
    "http://nas:8188",
    "http://comfy.local",
    "http://comfy.home.arpa"
  ])("may use %s", (baseUrl) => {
    const account = configureAccount({ ...acme, apiKey: "optional" }, { baseUrl })
    expect(resolveAccount(account).apiKey).toBeUndefined()
    expect(() =>
      resolveAccount(configureAccount({ ...acme, apiKey: "optional" }, { baseUrl, apiKey: "k" }))
    ).toThrow("would send the API key unencrypted")
    expect(() => resolveAccount(configureAccount(acme, { baseUrl }))).toThrow(ConfigurationError)
  })

  it.each(["http://8.8.8.8", "http://api.acme.example", "http://169.254.169.254", "http://[fe80::1]"])(
    "may not use %s",
    (baseUrl) => {
      expect(() => resolveAccount(configureAccount({ ...acme, apiKey: "none" }, { baseUrl }))).toThrow(
        "is not encrypted. Use https. Plain http is allowed on loopback and in private networks only."
      )
    }
  )
})

describe("a nonce", () => {
  it("is another UUID for each request, and absent unless the provider requires it", async () => {
    await using vendor = await startVendor(() => working)
    const spec: ProviderSpec = {
      ...acme,
      requires: ["nonce"],
      authorize: (_, { nonce = "none" }) => ({ "ai-trace-id": nonce })
    }
    for (let count = 0; count < 3; count += 1) await queryOnce(spec, { baseUrl: vendor.baseUrl, apiKey: "k" })
    await queryOnce({ ...spec, requires: [] }, { baseUrl: vendor.baseUrl, apiKey: "k" })
    const nonces = vendor.requests.map(({ headers }) => headers["ai-trace-id"])
    expect(new Set(nonces).size).toBe(4)
    expect(nonces.slice(0, 3).every((nonce) => /^[\da-f-]{36}$/.test(String(nonce)))).toBe(true)
    expect(nonces[3]).toBe("none")
  })
})

describe("a key exchange", () => {
  const keyExchange: KeyExchange<unknown, Token, string> = {
    request: ({ apiKey }) => ({ method: "POST", path: "/token", form: { assertion: apiKey } }),
    response: anyToken,
    decode: ({ token, expires }) =>
      token === undefined
        ? { _tag: "Error", reason: { _tag: "Unauthorized", message: "no token" } }
        : { _tag: "Exchanged", value: token, expiresInMs: expires }
  }
  const spec: ProviderSpec = { ...acme, requires: ["key-exchange"], keyExchange }
  const accountOf = (baseUrl: string) => configureAccount(spec, { baseUrl, apiKey: "sk-acme-secret" })

  it("runs once for concurrent queries, and its token is kept", async () => {
    await using vendor = await startVendor(({ url }) =>
      url === "/token" ? { body: { token: "token-12345678" } } : working
    )
    const gentask = createGentask({ providers: [accountOf(vendor.baseUrl)] })
    await Promise.all(["1", "2", "3"].map((id) => gentask.query(`acme:${id}`)))
    await gentask.query("acme:4")
    expect(vendor.of("/token")).toHaveLength(1)
    expect(vendor.of("/token")[0]?.headers).toMatchObject({
      "content-type": "application/x-www-form-urlencoded"
    })
    expect(vendor.of("/token")[0]?.headers.authorization).toBeUndefined()
    expect(new Set(vendor.of("/tasks").map(({ headers }) => headers.authorization))).toEqual(
      new Set(["Bearer token-12345678"])
    )
    await gentask.close()
  })

  it("runs once more after a 401", async () => {
    let count = 0
    await using vendor = await startVendor(({ url, headers }) => {
      if (url === "/token") return { body: { token: `token-number-${(count += 1)}` } }
      return headers.authorization === "Bearer token-number-2" ? working : { status: 401, body: {} }
    })
    const gentask = createGentask({ providers: [accountOf(vendor.baseUrl)] })
    expect(await gentask.query("acme:1")).toMatchObject({ status: "running" })
    expect([vendor.of("/token").length, vendor.of("/tasks").length]).toEqual([2, 2])
    await gentask.close()
  })

  it("does not run again after a second 401", async () => {
    await using vendor = await startVendor(({ url }) =>
      url === "/token" ? { body: { token: "token-12345678" } } : { status: 401, body: {} }
    )
    const gentask = createGentask({ providers: [accountOf(vendor.baseUrl)] })
    await expect(gentask.query("acme:1")).rejects.toMatchObject({ reason: { _tag: "Unauthorized" } })
    expect([vendor.of("/token").length, vendor.of("/tasks").length]).toEqual([2, 2])
    await gentask.close()
  })

  it.each([
    ["is rejected", { status: 403, body: { message: "disabled" } }, "Forbidden"],
    ["is refused by the provider", { body: {} }, "Unauthorized"],
    ["responds with something that is not JSON", { body: undefined }, "UnexpectedResponse"]
  ])("fails the query if it %s", async (_, response, tag) => {
    await using vendor = await startVendor(() => response)
    const gentask = createGentask({ providers: [accountOf(vendor.baseUrl)] })
    const error: unknown = await gentask.query("acme:1").catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(ProviderError)
    expect(error).toMatchObject({ reason: { _tag: tag } })
    expect((error as ProviderError).reason).not.toHaveProperty("delivery")
    expect(vendor.of("/tasks")).toHaveLength(0)
    await gentask.close()
  })

  it("has a token that is redacted like the key", async () => {
    await using vendor = await startVendor(({ url }) =>
      url === "/token"
        ? { body: { token: "token-12345678" } }
        : { body: { status: "broken", message: "sk-acme-secret and token-12345678 expired" } }
    )
    const gentask = createGentask({ providers: [accountOf(vendor.baseUrl)] })
    const snapshot = await gentask.query("acme:1", { raw: true })
    expect(snapshot.failure?.message).toBe("<secret> and <secret> expired")
    expect(JSON.stringify(snapshot)).not.toContain("token-12345678")
    await gentask.close()
  })

  it("accepts a key that is JSON with line breaks", () => {
    const apiKey = JSON.stringify({ client_email: "a@b.example", private_key: "PRIVATE" }, null, 2)
    expect(resolveAccount(configureAccount(spec, { apiKey })).apiKey).toBeDefined()
    expect(() => resolveAccount(configureAccount(acme, { apiKey }))).toThrow("Invalid API key")
  })
})

describe("redact", () => {
  const key = JSON.stringify({
    type: "sa",
    client_email: "robot@project.example",
    private_key: "-----BEGIN KEY-----\nMIIEvQIBADANBg\n-----END KEY-----\n",
    nested: { id: "1234567890" }
  })

  it("replaces the texts of a key that is JSON", () => {
    const { private_key: privateKey } = JSON.parse(key) as { readonly private_key: string }
    const text = `sa ${key} ${privateKey} ${JSON.stringify(privateKey)} robot@project.example 1234567890`
    const redacted = redact(text, key)
    expect(redacted).not.toMatch(/MIIEvQ|robot|1234567890/)
    expect(redacted).toMatch(/^sa <secret>/)
    expect(redact("the sa is ok", key)).toBe("the sa is ok")
  })

  it("replaces each of several secrets", () => {
    expect(redact("first-secret, second-secret", ["first-secret", "second-secret"])).toBe(
      "<secret>, <secret>"
    )
  })
})
