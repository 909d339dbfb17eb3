/** Responses of vendors that no document describes. */
import { describe, expect, it } from "vitest"
import { json, running, startScriptedVendor } from "./scriptedVendor.ts"

describe("a vendor's response", () => {
  it("with a Retry-After of 0 does not cause polls without a delay", async () => {
    await using vendor = await startScriptedVendor((_, response) =>
      json(response, running, { "retry-after": "0" })
    )
    await vendor.gentask.wait("jimmy:1", { timeout: 1000 }).catch(() => undefined)
    expect(vendor.requests.length).toBeLessThan(15)
  })

  it("with an instant in place of a delay pauses the account for at most a day", async () => {
    await using vendor = await startScriptedVendor((_, response) =>
      json(response, { code: 429, msg: "slow", data: { retryAfter: 1_760_000_000 } }, {}, 429)
    )
    const error = await vendor.gentask.query("aigptimage:1").catch((reason: unknown) => reason)
    expect(error).toMatchObject({ reason: { _tag: "RateLimited", retryAfterMs: 86_400_000 } })
  })

  it("with a Retry-After of an hour makes further queries reject without a request", async () => {
    await using vendor = await startScriptedVendor((_, response) =>
      json(response, {}, { "retry-after": "3600" }, 429)
    )
    await vendor.gentask.query("jimmy:1").catch(() => undefined)
    const error = await vendor.gentask.query("jimmy:2").catch((reason: unknown) => reason)
    expect(error).toMatchObject({ _tag: "ProviderError", ref: "jimmy:2", reason: { _tag: "RateLimited" } })
    expect(vendor.requests).toHaveLength(1)
  })

  it("with the escaped API key does not show the key in an error", async () => {
    const escaped = String.raw`{"code":"401","msg":"bad key sk-\u0068ostile-secret"}`
    await using vendor = await startScriptedVendor((_, response) => {
      response.writeHead(401, { "content-type": "application/json" })
      response.end(escaped)
    })
    const error = await vendor.gentask.query("jimmy:1").catch((reason: unknown) => reason)
    expect(String(error)).toContain("bad key <secret>")
  })

  it("that exceeds `maxResponseBytes` is a failed poll, and polling continues", async () => {
    const huge = "x".repeat(3_000_000)
    await using vendor = await startScriptedVendor(
      (_, response, count) => (count === 1 ? json(response, { ...running, huge }) : json(response, running)),
      { maxResponseBytes: 1_000_000 }
    )
    const pollErrors: Array<string> = []
    const updated = Promise.withResolvers<{ readonly status: string }>()
    const waiting = vendor.gentask
      .wait("jimmy:1", {
        signal: AbortSignal.timeout(20_000),
        onPollError: ({ error }) => pollErrors.push(error.reason._tag),
        onUpdate: updated.resolve
      })
      .catch(updated.reject)
    expect(await updated.promise).toMatchObject({ status: "running" })
    expect(pollErrors).toEqual(["ResponseTooLarge"])
    await vendor.gentask.close()
    await waiting
  })
})
