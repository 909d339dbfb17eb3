import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import { GentaskError, InvalidTaskRef, ProviderError, SaveError, StillRunning } from "@gentask/core"
import { InvalidJson, decodeError, decodeSavedFile, encodeError } from "@gentask/core/schema"
import { makeSnapshot } from "../support/snapshot.ts"

const providerError = new ProviderError(
  {
    provider: "acme",
    account: "acme",
    ref: "acme:1",
    reason: { _tag: "RateLimited", retryAfterMs: 17_000, message: undefined, code: null }
  },
  { cause: new Error("connect ECONNREFUSED 10.0.0.1") }
)

const otherVersion = {
  ...encodeError(providerError),
  message: "acme:1: rate limited."
}

describe("encodeError", () => {
  it("writes the version, the tag, the message and the fields, without the cause and the stack trace", () => {
    expect(encodeError(providerError)).toStrictEqual({
      version: 1,
      _tag: "ProviderError",
      message: "acme:1: too many requests. Retry after 17 s.",
      provider: "acme",
      account: "acme",
      ref: "acme:1",
      reason: { _tag: "RateLimited", retryAfterMs: 17_000, code: null }
    })
  })

  it("writes undefined members of a save error as null", () => {
    const error = new SaveError({ ref: "acme:1", reason: { _tag: "NoOutput", roles: undefined } })
    expect(encodeError(error)).toMatchObject({ reason: { _tag: "NoOutput", roles: null }, saved: [] })
  })

  it("accepts errors of another copy of the package", () => {
    const other = Object.assign(new Error("closed."), {
      _tag: "ClientClosed",
      isRetryable: false,
      [Symbol.for("@gentask/core/GentaskError")]: true
    })
    expect(encodeError(other as unknown as GentaskError)).toEqual({
      version: 1,
      _tag: "ClientClosed",
      message: "closed."
    })
  })

  it("rejects errors of other classes", () => {
    class Other extends GentaskError {
      readonly _tag = "Other"
      readonly isRetryable = false
    }
    expect(() => encodeError(new Other("other"))).toThrow(
      new InvalidJson({ path: "", message: "Invalid error: expected an error of gentask." })
    )
  })
})

describe("decodeError", () => {
  it("restores the cause of StillRunning from its last error", () => {
    const error = decodeError(
      encodeError(
        new StillRunning({
          ref: "acme:1",
          snapshot: makeSnapshot({ status: "running" }),
          lastError: providerError
        })
      )
    )
    expect(error).toBeInstanceOf(StillRunning)
    expect(error.cause).toBeInstanceOf(ProviderError)
    expect(error.cause).toBe((error as StillRunning).lastError)
  })

  it("restores the message of a shortened task ref", () => {
    const error = new InvalidTaskRef({ input: "x".repeat(200), problem: "expected provider:taskId" })
    expect(decodeError(encodeError(error))).toMatchObject({ input: error.input, message: error.message })
  })

  it("keeps a message that another version of gentask wrote", () => {
    const error = decodeError(otherVersion)
    expect(error.message).toBe("acme:1: rate limited.")
    expect(inspect(error)).toContain("acme:1: rate limited.")
    expect(inspect(error)).not.toContain("too many requests")
  })

  it("ignores unknown members", () => {
    expect(decodeError({ ...encodeError(providerError), id: 7 })).toEqual(
      decodeError(encodeError(providerError))
    )
  })

  const unknownTag =
    "expected an object with a known _tag. If a later version of gentask wrote it, update gentask."

  it.each([
    ["text", "text", `Invalid error: ${unknownTag}`],
    ["an unknown error", { _tag: "Other", message: "" }, `Invalid error: ${unknownTag}`],
    [
      "an unknown reason",
      { ...encodeError(providerError), reason: { _tag: "Other" } },
      `Invalid error at reason: ${unknownTag}`
    ],
    [
      "another version",
      { ...encodeError(providerError), version: 2 },
      "Invalid error at version: this version of gentask supports only version 1 of the format. Update gentask."
    ],
    ["a missing message", { _tag: "ClientClosed" }, "Invalid error at message: missing key."],
    [
      "a task that has failed without having ended",
      {
        _tag: "TaskFailed",
        message: "",
        ref: "acme:1",
        snapshot: { ref: "", provider: "", account: "", id: "", status: "running" }
      },
      'Invalid error at snapshot.status: expected "succeeded" | "failed" | "canceled" | "expired".'
    ]
  ])("rejects %s", (_, json, message) => {
    expect(() => decodeError(json)).toThrow(message)
  })
})

describe("decodeSavedFile", () => {
  it("rejects a value that is not a saved file", () => {
    expect(() => decodeSavedFile({ path: "a.png" })).toThrow("Invalid saved file at bytes: missing key.")
  })
})
