import { createServer } from "node:http"
import { startEmulator } from "@gentask/emulator"
import type { Emulator } from "@gentask/emulator"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { linesOf, onlyJsonOf, pointedAt, run, secretKey } from "./support.ts"
import type { RunOptions } from "./support.ts"

let emulator: Emulator
let env: Record<string, string>

beforeAll(async () => {
  emulator = await startEmulator({ apiKey: secretKey })
  env = pointedAt(emulator)
})
afterAll(() => emulator.close())

/** What a command says when it is asked about one ref: its status, its one sentence, and the object for programs. */
const trouble = async (ref: string, options: RunOptions) => {
  const { status, stdout, stderr } = await run(["query", "--json", ref], options)
  const line = onlyJsonOf(stdout)
  const { message, ...why } = line["error"] as Record<string, string>
  // For people and for programs, it is the same sentence.
  assert.deepStrictEqual(linesOf(stderr), [`gentask: ${message}`])
  return { status, ref: line["ref"], why, message }
}

describe("each kind of trouble has its exit status, its sentence and its object", () => {
  it("an unknown provider: 2, with those known", async () => {
    assert.deepStrictEqual(await trouble("jimy:1", { env }), {
      status: 2,
      ref: "jimy:1",
      why: { type: "ConfigurationError", problem: "UnknownProvider" },
      message:
        'jimy:1: there is no provider "jimy". The providers are jimmy, sora, jimeng, aigptimage. ' +
        "To add one, install its package in this project (npm install), or name it under plugins in gentask.config.json. " +
        "If this is the whole of a vendor's task id, put its provider before it: sora:jimy:1"
    })
  })

  it("a malformed ref: 2", async () => {
    assert.deepStrictEqual(await trouble("jimmy:", { env }), {
      status: 2,
      ref: "jimmy:",
      why: { type: "InvalidTaskRef" },
      message:
        '"jimmy:" is no task ref: it has no task id after the colon. A task ref is provider:taskId, such as jimmy:1234'
    })
  })

  it("a wrong hint: 2", async () => {
    const { status, why } = await trouble("jimmy:1?kind=film", { env })
    assert.deepStrictEqual(
      { status, why },
      { status: 2, why: { type: "ConfigurationError", problem: "InvalidHints" } }
    )
  })

  it("an unknown account: 2, with those there are", async () => {
    const { status, why, message } = await trouble("jimmy@films:1", { env })
    assert.deepStrictEqual(
      { status, why },
      { status: 2, why: { type: "ConfigurationError", problem: "UnknownAccount" } }
    )
    assert.match(message ?? "", /There is jimmy\.$/)
  })

  it("a missing endpoint: 2, with those there are", async () => {
    const { message, ...rest } = await trouble("jimeng:1", { env: { JIMENG_API_KEY: secretKey } })
    assert.deepStrictEqual(rest, {
      status: 2,
      ref: "jimeng:1",
      why: { type: "ConfigurationError", problem: "MissingEndpoint" }
    })
    assert.match(
      message ?? "",
      /^jimeng:1: jimeng has no default endpoint\. Choose octopusx or deepwl( or \w+)* \(option endpoint, variable JIMENG_ENDPOINT\), or give a base URL \(option baseUrl, variable JIMENG_BASE_URL\)\.$/
    )
  })

  it("a base URL that is none: 2", async () => {
    const { status, why, message } = await trouble("jimmy:1", {
      env: { ...env, JIMMY_BASE_URL: "not a url" }
    })
    assert.deepStrictEqual(
      { status, why },
      { status: 2, why: { type: "ConfigurationError", problem: "InvalidBaseUrl" } }
    )
    assert.match(message ?? "", /is no URL: "not a url"\./)
  })

  it("plain http beyond this machine: 2", async () => {
    const { status, message } = await trouble("jimmy:1", {
      env: { ...env, JIMMY_BASE_URL: "http://example.com" }
    })
    assert.strictEqual(status, 2)
    assert.match(message ?? "", /is plain http, which would show the key to the network/)
  })

  it("a missing key: 4, with the variable to set", async () => {
    assert.deepStrictEqual(await trouble("jimeng@deepwl:1", {}), {
      status: 4,
      ref: "jimeng@deepwl:1",
      why: { type: "ConfigurationError", problem: "MissingApiKey" },
      message:
        "jimeng@deepwl:1: jimeng@deepwl has no API key. Set the environment variable JIMENG_DEEPWL_API_KEY, " +
        "or name another one as apiKeyVariable in gentask.config.json."
    })
  })

  it("a wrong key: 4", async () => {
    const { id } = emulator.addTask({ vendor: "aigptimage" })
    const { status, why, message } = await trouble(`aigptimage:${id}`, {
      env: { ...env, AIGPTIMAGE_API_KEY: "sk-wrong" }
    })
    assert.deepStrictEqual(
      { status, why },
      { status: 4, why: { type: "ProviderError", reason: "Unauthorized" } }
    )
    assert.match(message ?? "", /the key was refused .*Check the API key of this account\.$/)
    assert.notInclude(message, "sk-wrong")
  })

  it("an unknown task: 5", async () => {
    const { status, why } = await trouble("sora:sora-2:nobody", { env })
    assert.deepStrictEqual(
      { status, why },
      { status: 5, why: { type: "ProviderError", reason: "TaskNotFound" } }
    )
  })

  it("a server that is not there: 5", async () => {
    const server = createServer().listen(0, "127.0.0.1")
    await new Promise((resolve) => server.once("listening", resolve))
    const address = server.address()
    const port = typeof address === "object" ? address?.port : undefined
    await new Promise((resolve) => server.close(resolve))
    const { status, why, message } = await trouble("jimmy:1", {
      env: { ...env, JIMMY_BASE_URL: `http://127.0.0.1:${port}` }
    })
    assert.deepStrictEqual(
      { status, why },
      { status: 5, why: { type: "ProviderError", reason: "Unreachable" } }
    )
    assert.match(message ?? "", /^jimmy:1: the vendor could not be reached .* refused the connection\.$/)
  })
})
