/** Media that are not what they were, or not what the caller says. */
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { createGentask, memoryLedger } from "@gentask/core"
import { startServer } from "../support/httpServer.ts"
import { ledgerWith, request, submit } from "../support/runSubmit.ts"
import { submitAccount } from "../support/submitVendor.ts"

/** The first 16 bytes of a PNG. */
const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex")

describe("a file that changes after it was checked", () => {
  it("is not sent, and no task is created", async () => {
    const folder = await mkdtemp(join(tmpdir(), "gentask-"))
    const path = join(folder, "fox.png")
    await writeFile(path, png)
    const ledger = ledgerWith(({ intentByKey }) => ({
      intentByKey: async (account, key) => {
        await writeFile(path, Buffer.concat([png, Buffer.from("changed")]))
        return intentByKey(account, key)
      }
    }))
    const received: Array<string | undefined> = []
    await using server = await startServer((incoming, response) => {
      received.push(incoming.url)
      response.end(JSON.stringify({ url: "https://files.acme.example/1.png", id: "1" }))
    })
    await using gentask = createGentask({ providers: [submitAccount(undefined, server.baseUrl)], ledger })
    const submitted = gentask.submit({ ...request, images: [{ path }] })
    await expect(submitted).rejects.toMatchObject({ _tag: "UploadFailed", file: "fox.png" })
    await rm(folder, { recursive: true })
    expect(received.length).toBeLessThanOrEqual(1)
    expect(received).not.toContain("/submit")
    expect(await ledger.intents()).toEqual([])
  })
})

describe("a stream", () => {
  // oxlint-disable-next-line eslint/require-await -- a generator of bytes needs no promise
  async function* stream(...chunks: ReadonlyArray<unknown>) {
    yield* chunks as ReadonlyArray<Uint8Array>
  }

  it.each([
    ["that ends early", stream(png), "the stream has fewer than 32 bytes"],
    ["that is longer than its size", stream(png, png, png), "the stream has more than 32 bytes"],
    ["of text", stream("text"), "the stream contains something else than bytes"]
  ])("%s is an invalid input", async (_, stream, message) => {
    const ledger = memoryLedger()
    const { result, requests } = await submit({ ledger, input: { images: [{ stream, size: 32 }] } })
    expect(result).toMatchObject({
      _tag: "ConfigurationError",
      reason: { _tag: "InvalidInput", problems: [{ path: "images.0", message }] }
    })
    expect(requests).toEqual([])
    expect(await ledger.intents()).toEqual([])
  })
})
