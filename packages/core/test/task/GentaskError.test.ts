import { inspect } from "node:util"
import { describe, expect, it, vi } from "vitest"
import * as core from "@gentask/core"
import { createClient } from "../../src/client/createGentask.ts"
import { account, scriptedTransport } from "../support/acme.ts"

const submit = { account: "acme", model: "acme-1", idempotencyKey: "k", intent: null }

/** An error of each exported class, as the client throws it. */
const errors = {
  ClientClosed: async () => {
    const gentask = core.createGentask({ providers: [account()] })
    await gentask.close()
    await gentask.query("acme:1")
  },
  ConfigurationError: () => core.createGentask({} as never),
  InvalidTaskRef: () => core.TaskRef.parse("invalid"),
  InvalidWebhook: () => {
    throw new core.InvalidWebhook({ account: "acme", reason: { _tag: "InvalidSignature" } })
  },
  ProviderError: (gentask) => gentask.query("acme:unauthorized"),
  LedgerFailed: () => {
    throw new core.LedgerFailed(new Error("the disk is full"))
  },
  SaveError: (gentask) => gentask.save("acme:failed", { dir: "unused" }),
  StillRunning: (gentask) => gentask.wait("acme:running", { timeout: 0 }),
  SubmitOutcomeUnknown: () => {
    throw new core.SubmitOutcomeUnknown({ ...submit, lastError: { _tag: "Unreachable" } })
  },
  SubmitRejected: () => {
    const failure = {
      reason: "quota",
      code: null,
      message: null,
      requestId: null,
      canResubmit: null
    } as const
    throw new core.SubmitRejected({ ...submit, reason: { _tag: "InsufficientCredits" }, failure })
  },
  UploadFailed: () => {
    throw new core.UploadFailed({ account: "acme", file: "a.png", reason: { _tag: "Unavailable" } })
  },
  TaskFailed: (gentask) => gentask.wait("acme:failed")
} satisfies Record<string, (gentask: core.Gentask) => unknown>

const errorOf = async (run: (gentask: core.Gentask) => unknown): Promise<unknown> => {
  const { transport } = scriptedTransport({
    failed: [{ status: "broken" }],
    running: [{ status: "working" }],
    unauthorized: [{ response: { status: 401, text: "{}" } }]
  })
  await using gentask = createClient({ providers: [account()] }, transport)
  return await Promise.resolve(gentask)
    .then(run)
    .then(
      () => undefined,
      (error: unknown) => error
    )
}

describe("isGentaskError", () => {
  it("is tested with every exported error class", () => {
    const exported = Object.entries(core)
      .filter(([, value]) => typeof value === "function" && value.prototype instanceof Error)
      .map(([name]) => name)
    expect(exported.toSorted()).toEqual(["GentaskError", ...Object.keys(errors)].toSorted())
  })

  it.each(Object.entries(errors))("returns true for %s", async (name, run) => {
    const error = await errorOf(run)
    const [, errorClass] = Object.entries(core).find(([exported]) => exported === name) ?? []
    expect(core.isGentaskError(error)).toBe(true)
    expect(error).toBeInstanceOf(core.GentaskError)
    expect(error).toBeInstanceOf(errorClass)
    expect(error).toMatchObject({ _tag: name, name, isRetryable: expect.any(Boolean) })
  })

  it("returns true for an error of another copy of the package", async () => {
    vi.resetModules()
    const copy = await import("../../src/exchange/ClientClosed.ts")
    const error = new copy.ClientClosed()
    expect(error).not.toBeInstanceOf(core.GentaskError)
    expect(core.isGentaskError(error)).toBe(true)
  })

  it("returns true for an error with the marker", () => {
    const error = Object.assign(new Error("from another copy"), {
      [Symbol.for("@gentask/core/GentaskError")]: true
    })
    expect(core.isGentaskError(error)).toBe(true)
  })

  it.each([
    ["another error", new Error("no marker")],
    ["an object that is not an error", { [Symbol.for("@gentask/core/GentaskError")]: true }],
    ["an object with a tag", { _tag: "ProviderError" }],
    ["text", "ProviderError"],
    ["null", null],
    ["undefined", undefined]
  ])("returns false for %s", (_, value) => {
    expect(core.isGentaskError(value)).toBe(false)
  })
})

describe("GentaskError", () => {
  it("keeps its cause, and shows its name and message as text", () => {
    const cause = new Error("the cause")
    const error = new core.ClientClosed({ cause })
    expect(error.cause).toBe(cause)
    expect(String(error)).toBe(
      "ClientClosed: The client was closed before the operation ended. Create another client to continue."
    )
    expect(error.stack).toContain("GentaskError.test.ts")
  })

  it("does not show its marker when it is inspected", () => {
    expect(inspect(new core.ClientClosed())).not.toContain("Symbol")
  })
})
