import { once } from "node:events"
import { createServer } from "node:http"
import { assert, describe, it } from "vitest"
import { secretKey, useEmulator } from "./emulator.ts"
import { linesOf, onlyJsonOf, run } from "./gentask.ts"
import type { RunOptions } from "./gentask.ts"
import { providerNames } from "./providerNames.ts"

const fixture = useEmulator()

/** Queries one ref, which must fail. Returns the exit status and the error of `--json`. */
const queryError = async (ref: string, options: RunOptions) => {
  const { status, stdout, stderr } = await run(["query", "--json", ref], options)
  const line = onlyJsonOf(stdout)
  const { message, ...reason } = line["error"] as Record<string, string>
  // Both streams have the same message.
  assert.deepStrictEqual(linesOf(stderr), [`gentask: ${message}`])
  return { status, ref: line["ref"], reason, message }
}

describe("query fails", () => {
  it("with status 2 for an unknown provider, and suggests the closest one", async () => {
    assert.deepStrictEqual(await queryError("jimy:1", { env: fixture.env }), {
      status: 2,
      ref: "jimy:1",
      reason: { type: "ConfigurationError", problem: "UnknownProvider" },
      message:
        `jimy:1: unknown provider "jimy". Did you mean jimmy? Available providers: ${providerNames}. ` +
        "If this is a vendor's task id, put the provider in front: jimmy:jimy:1. " +
        "To add a provider, install its package in this project (npm install), or name it under plugins in gentask.config.json."
    })
  })

  it("with status 2 for an invalid ref", async () => {
    assert.deepStrictEqual(await queryError("jimmy:", { env: fixture.env }), {
      status: 2,
      ref: "jimmy:",
      reason: { type: "InvalidTaskRef" },
      message: 'Invalid task ref "jimmy:": the task id after the colon is missing.'
    })
  })

  it("with status 2 for an invalid param", async () => {
    const { status, reason } = await queryError("jimmy:1?kind=film", { env: fixture.env })
    assert.deepStrictEqual(
      { status, reason },
      { status: 2, reason: { type: "ConfigurationError", problem: "InvalidHints" } }
    )
  })

  it("with status 2 for an unknown account, and lists the configured ones", async () => {
    const { status, reason, message } = await queryError("jimmy@films:1", { env: fixture.env })
    assert.deepStrictEqual(
      { status, reason },
      { status: 2, reason: { type: "ConfigurationError", problem: "UnknownAccount" } }
    )
    assert.match(message ?? "", /Configured accounts: jimmy\.$/)
  })

  it("with status 2 for a missing endpoint, and lists the known ones", async () => {
    const { message, ...rest } = await queryError("jimeng:1", { env: { JIMENG_API_KEY: secretKey } })
    assert.deepStrictEqual(rest, {
      status: 2,
      ref: "jimeng:1",
      reason: { type: "ConfigurationError", problem: "MissingEndpoint" }
    })
    assert.match(
      message ?? "",
      /^jimeng:1: jimeng has no default endpoint\. Choose octopusx or deepwl( or \w+)* \(option endpoint, variable JIMENG_ENDPOINT\), or set a base URL \(option baseUrl, variable JIMENG_BASE_URL\)\.$/
    )
  })

  it("with status 2 for an invalid base URL", async () => {
    const { status, reason, message } = await queryError("jimmy:1", {
      env: { ...fixture.env, JIMMY_BASE_URL: "not a url" }
    })
    assert.deepStrictEqual(
      { status, reason },
      { status: 2, reason: { type: "ConfigurationError", problem: "InvalidBaseUrl" } }
    )
    assert.match(message ?? "", /"not a url" is not an absolute URL\./)
  })

  it("with status 2 for plain http to another machine", async () => {
    const { status, message } = await queryError("jimmy:1", {
      env: { ...fixture.env, JIMMY_BASE_URL: "http://example.com" }
    })
    assert.strictEqual(status, 2)
    assert.match(message ?? "", /would send the API key unencrypted\. Use https\./)
  })

  it("with status 4 for a missing API key, and names the variable to set", async () => {
    assert.deepStrictEqual(await queryError("jimeng@deepwl:1", {}), {
      status: 4,
      ref: "jimeng@deepwl:1",
      reason: { type: "ConfigurationError", problem: "MissingApiKey" },
      message:
        "jimeng@deepwl:1: jimeng@deepwl has no API key. Set the environment variable JIMENG_DEEPWL_API_KEY, " +
        "or name another variable as apiKeyVariable in gentask.config.json."
    })
  })

  it("with status 4 for a rejected API key", async () => {
    const { id } = fixture.emulator.addTask({ vendor: "aigptimage" })
    const { status, reason, message } = await queryError(`aigptimage:${id}`, {
      env: { ...fixture.env, AIGPTIMAGE_API_KEY: "sk-wrong" }
    })
    assert.deepStrictEqual(
      { status, reason },
      { status: 4, reason: { type: "ProviderError", reason: "Unauthorized" } }
    )
    assert.match(message ?? "", /the vendor rejected the API key .*Check the API key of this account\.$/)
    assert.notInclude(message, "sk-wrong")
  })

  it("with status 5 for an unknown task", async () => {
    const { status, reason } = await queryError("sora:sora-2:unknown", { env: fixture.env })
    assert.deepStrictEqual(
      { status, reason },
      { status: 5, reason: { type: "ProviderError", reason: "TaskNotFound" } }
    )
  })

  it("with status 5 if the server refuses the connection", async () => {
    const server = createServer().listen(0, "127.0.0.1")
    await once(server, "listening")
    const address = server.address()
    const port = typeof address === "object" ? address?.port : undefined
    await once(server.close(), "close")
    const { status, reason, message } = await queryError("jimmy:1", {
      env: { ...fixture.env, JIMMY_BASE_URL: `http://127.0.0.1:${port}` }
    })
    assert.deepStrictEqual(
      { status, reason },
      { status: 5, reason: { type: "ProviderError", reason: "Unreachable" } }
    )
    assert.match(message ?? "", /^jimmy:1: the vendor could not be reached.* refused the connection\.$/)
  })
})
