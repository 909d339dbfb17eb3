import { Agent } from "undici"
import { describe, expect, it } from "vitest"
import { ConfigurationError, createGentask } from "@gentask/core"
import type { GentaskOptions } from "@gentask/core"
import { account, succeeded, working } from "../support/acme.ts"
import { startProxy } from "@gentask/tooling/forwardProxy"
import { startServer } from "../support/httpServer.ts"

const providers = [account()]

/** The error that an option causes. */
const errorOf = (options: Partial<Record<keyof GentaskOptions, unknown>>): unknown => {
  try {
    return createGentask({ providers, ...options } as never)
  } catch (error) {
    return error
  }
}

describe("createGentask", () => {
  it("sends requests through the option proxy", async () => {
    await using server = await startServer((_, response) => response.end(JSON.stringify(working)))
    await using proxy = await startProxy({ upstream: new URL(server.baseUrl) })
    await using gentask = createGentask({
      providers: [account({ baseUrl: server.baseUrl })],
      proxy: proxy.url
    })
    expect(await gentask.query("acme:1")).toMatchObject({ status: "running" })
    expect(proxy.requests).toEqual([`GET ${server.baseUrl}/tasks/1`])
  })

  it("sends requests through the option dispatcher, and leaves it open", async () => {
    await using server = await startServer((_, response) => response.end(JSON.stringify(working)))
    const agent = new Agent()
    const gentask = createGentask({
      providers: [account({ baseUrl: server.baseUrl })],
      dispatcher: agent
    })
    expect(await gentask.query("acme:1")).toMatchObject({ status: "running" })
    await gentask.close()
    expect(agent.closed).toBe(false)
    await agent.close()
  })

  it("sends requests through the option fetch", async () => {
    const fetch = () => Promise.resolve(Response.json(succeeded))
    await using gentask = createGentask({ providers, fetch })
    expect(await gentask.query("acme:1")).toMatchObject({ status: "succeeded" })
  })

  const invalidProxy = "Invalid proxy: expected an http or https URL, such as http://proxy.example:8080."

  it.each<[Partial<Record<keyof GentaskOptions, unknown>>, string, string]>([
    [{ proxy: "" }, "proxy", invalidProxy],
    [{ proxy: null }, "proxy", invalidProxy],
    [{ proxy: 8080 }, "proxy", invalidProxy],
    [{ proxy: "socks5://user:secret@proxy.example" }, "proxy", invalidProxy],
    [
      { dispatcher: {} },
      "dispatcher",
      "Invalid dispatcher: expected a dispatcher of undici, such as an Agent."
    ],
    [
      { dispatcher: null },
      "dispatcher",
      "Invalid dispatcher: expected a dispatcher of undici, such as an Agent."
    ],
    [{ fetch: {} }, "fetch", "Invalid fetch: expected a function like globalThis.fetch."],
    [
      { proxy: "http://proxy.example", fetch: globalThis.fetch },
      "fetch",
      "The options proxy and fetch exclude each other. Set one of them."
    ],
    [
      { dispatcher: new Agent(), proxy: "http://proxy.example" },
      "dispatcher",
      "The options proxy and dispatcher exclude each other. Set one of them."
    ]
  ])("rejects the options %j", (options, option, message) => {
    const error = errorOf(options)
    expect(error).toBeInstanceOf(ConfigurationError)
    expect(error).toMatchObject({ reason: { _tag: "InvalidOption", option }, message })
  })
})
