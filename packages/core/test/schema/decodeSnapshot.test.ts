import { describe, expect, it } from "vitest"
import { isGentaskError, toJson } from "@gentask/core"
import { InvalidJson, decodeSnapshot, encodeSnapshot } from "@gentask/core/schema"
import { makeOutput, makeSnapshot } from "../support/snapshot.ts"

const json = encodeSnapshot(
  makeSnapshot({
    createdAt: new Date("2025-10-06T15:13:51Z"),
    outputs: [makeOutput({ url: null, inline: { base64: "aGVsbG8=", bytes: 5 } })]
  })
)

/** The JSON with these members replaced. */
const jsonWith = (members: object): unknown => ({ ...json, ...members })

const outputWith = (members: object): unknown => jsonWith({ outputs: [{ ...json.outputs[0], ...members }] })

const errorOf = (value: unknown): InvalidJson => {
  try {
    decodeSnapshot(value)
  } catch (error) {
    if (error instanceof InvalidJson) return error
    throw error
  }
  throw new Error("the value was decoded")
}

describe("encodeSnapshot", () => {
  it("writes the version, instants in UTC, inline media in base64, and canResubmit as resubmit", () => {
    const failure = {
      reason: "quota",
      code: null,
      message: null,
      requestId: null,
      canResubmit: true
    } as const
    const encoded = encodeSnapshot(decodeSnapshot(jsonWith({ failure: { ...failure, resubmit: true } })))
    expect(encoded).toMatchObject({
      version: 1,
      createdAt: "2025-10-06T15:13:51.000Z",
      outputs: [{ inline: { base64: "aGVsbG8=", bytes: 5 } }]
    })
    expect(encoded.failure).toEqual({
      reason: "quota",
      code: null,
      message: null,
      requestId: null,
      resubmit: true
    })
  })

  it("leaves out an undefined raw response", () => {
    expect(encodeSnapshot(makeSnapshot({ raw: undefined }))).not.toHaveProperty("raw")
  })

  it("rejects an invalid date", () => {
    const snapshot = makeSnapshot({ updatedAt: new Date(Number.NaN) })
    expect(() => encodeSnapshot(snapshot)).toThrow("Invalid task snapshot at updatedAt: expected an instant")
  })
})

describe("decodeSnapshot", () => {
  it("accepts JSON without a version", () => {
    const { version, ...rest } = json
    expect(version).toBe(1)
    expect(decodeSnapshot(rest)).toEqual(decodeSnapshot(json))
  })

  it("does not add the version to the snapshot", () => {
    expect(Object.keys(decodeSnapshot(json))).toEqual(Object.keys(makeSnapshot()))
  })

  it("decodes inline media without base64 as empty base64", () => {
    const line: unknown = JSON.parse(JSON.stringify(toJson(decodeSnapshot(json))))
    expect(decodeSnapshot(line).outputs[0]?.inline).toEqual({ base64: "", bytes: 5 })
  })

  it("ignores unknown members", () => {
    expect(decodeSnapshot({ ...json, files: [], seed: 1 })).toEqual(decodeSnapshot(json))
    expect(decodeSnapshot(outputWith({ seed: 1 }))).toEqual(decodeSnapshot(json))
  })

  it("keeps the raw response as it is", () => {
    const raw = { code: 200, data: [null, { a: "2025-10-06T15:13:51Z" }] }
    expect(decodeSnapshot(jsonWith({ raw })).raw).toEqual(raw)
  })

  it.each(["2025-10-06T15:13:51Z", "2025-10-06T15:13:51.000Z", "2025-10-06T23:13:51+08:00"])(
    "decodes the instant %s",
    (createdAt) => {
      expect(decodeSnapshot(jsonWith({ createdAt })).createdAt).toEqual(new Date("2025-10-06T15:13:51Z"))
    }
  )

  it.each([2, 0, "1", null])("rejects the version %s", (version) => {
    expect(errorOf(jsonWith({ version }))).toMatchObject({
      path: "version",
      message:
        "Invalid task snapshot at version: this version of gentask supports only version 1 of the format. Update gentask."
    })
  })

  const instant = "expected an instant in ISO 8601, such as 2025-10-06T15:13:51.000Z"

  it.each([
    ["text", "", "expected object", "text"],
    ["null", "", "expected object", null],
    ["an array", "", "expected object", []],
    ["a missing member", "ref", "missing key", {}],
    [
      "an unknown status",
      "status",
      'expected "queued" | "running" | "succeeded" | "failed" | "canceled" | "expired" | "unknown"',
      jsonWith({ status: "done" })
    ],
    ["progress in percent", "progress", "expected a value between 0 and 1", jsonWith({ progress: 50 })],
    ["a date without a time", "createdAt", instant, jsonWith({ createdAt: "2025-10-06" })],
    ["an instant without a zone", "createdAt", instant, jsonWith({ createdAt: "2025-10-06T15:13:51" })],
    ["a date that does not exist", "createdAt", instant, jsonWith({ createdAt: "2025-13-01T00:00:00Z" })],
    ["a timestamp", "createdAt", "expected string | null", jsonWith({ createdAt: 1_759_763_631 })],
    [
      "an unknown kind of output",
      "outputs.0.kind",
      'expected "image" | "video" | "animation" | "audio" | "model"',
      outputWith({ kind: "hologram" })
    ],
    [
      "a negative size",
      "outputs.0.inline.bytes",
      "expected a value greater than or equal to 0",
      outputWith({ inline: { bytes: -1 } })
    ]
  ])("rejects %s", (_, path, problem, value) => {
    const error = errorOf(value)
    expect(error.path).toBe(path)
    expect(error.message).toBe(`Invalid task snapshot${path === "" ? "" : ` at ${path}`}: ${problem}.`)
  })

  it("throws an error of gentask that is not retryable", () => {
    const error = errorOf(null)
    expect(isGentaskError(error)).toBe(true)
    expect(error).toMatchObject({ _tag: "InvalidJson", name: "InvalidJson", isRetryable: false })
  })

  it("quotes no part of the value in the error", () => {
    const error = errorOf(outputWith({ kind: "https://cdn.example/a?signature=secret" }))
    expect(`${error.message} ${String(error.cause)}`).not.toContain("secret")
  })
})
