/** The console token of a relay, which is a secret like the API key. */
import { inspect } from "node:util"
import { createGentask, memoryLedger } from "@gentask/core"
import { resolveAccount } from "@gentask/core/internal"
import { previewSubmit } from "@gentask/core/internal/submit"
import { sora } from "@gentask/provider-sora"
import { describe, expect, it } from "vitest"
import { listen } from "./listen.ts"

const consoleToken = "console/token+0123456789=="
const apiKey = "sk-0123456789abcdef"
const request = { account: "sora", model: "sora-2", prompt: "A fox in the snow" }

/** The forms in which the token could appear. */
const forms = [consoleToken, encodeURIComponent(consoleToken), Buffer.from(consoleToken).toString("base64")]

const expectHidden = (...values: ReadonlyArray<unknown>): void => {
  for (const value of values) {
    const text = `${JSON.stringify(value)} ${inspect(value, { depth: 20 })} ${String(value)}`
    for (const form of forms) expect(text).not.toContain(form)
  }
}

const errorOf = async (promise: Promise<unknown>): Promise<unknown> => {
  try {
    return await promise
  } catch (error) {
    return error
  }
}

/** A relay that returns the credentials of each request in its response. */
const startRelay = async (bodyOf: (text: string) => string) => {
  const paths: Array<string> = []
  const server = await listen((incoming, response) => {
    paths.push(incoming.url?.split("?")[0] ?? "")
    const { authorization = "" } = incoming.headers
    const encoded = [encodeURIComponent(authorization), Buffer.from(authorization).toString("base64")]
    response.writeHead(incoming.method === "POST" ? 500 : 200, { "content-type": "application/json" })
    response.end(bodyOf(`authorization: ${authorization}; ${encoded.join("; ")}`))
  })
  return { ...server, paths }
}

describe("the console token", () => {
  it.each([
    ["a message", (text: string) => JSON.stringify({ success: false, message: text })],
    ["an error", (text: string) => JSON.stringify({ error: { message: text, code: "x" } })],
    ["text", (text: string) => `<html>${text}</html>`],
    [
      "the tasks of a list",
      (text: string) =>
        JSON.stringify({ data: { items: [{ task_id: "t1", properties: { input: text } }], total: 1 } })
    ]
  ])("is in no result, error and record if a relay returns it in %s", async (_, bodyOf) => {
    await using relay = await startRelay(bodyOf)
    const ledger = memoryLedger()
    const account = sora({ apiKey, baseUrl: relay.baseUrl, consoleToken, consoleUser: "7" })
    await using gentask = createGentask({ providers: [account], ledger })
    const failed = await errorOf(gentask.submit(request))
    expectHidden(failed)
    expect(failed).toMatchObject({ _tag: "SubmitOutcomeUnknown" })
    const reconciled = await gentask.reconcile()
    expect(relay.paths).toEqual(["/v1/video/create", "/api/task/self"])
    expectHidden(reconciled, await ledger.intents())
  })

  it("is not in the preview of a request", async () => {
    const account = sora({ apiKey, baseUrl: "https://relay.example", consoleToken, consoleUser: "7" })
    const preview = await previewSubmit(resolveAccount(account), request)
    expect(preview).toMatchObject({ method: "POST", url: "https://relay.example/v1/video/create" })
    expectHidden(preview)
  })

  it("is not in the error about an invalid setting", async () => {
    for (const settings of [
      { consoleToken },
      { consoleToken: `${consoleToken} x`, consoleUser: "7" },
      { consoleToken: [consoleToken] as never, consoleUser: "7" }
    ]) {
      const account = sora({ apiKey, baseUrl: "https://relay.example", ...settings })
      await using gentask = createGentask({ providers: [account], ledger: memoryLedger() })
      const error = await errorOf(gentask.submit(request))
      expect(error).toMatchObject({ reason: { _tag: "InvalidSettings" } })
      expectHidden(error)
    }
  })
})
