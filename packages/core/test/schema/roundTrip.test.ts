import assert from "node:assert/strict"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { toJson } from "@gentask/core"
import type { SnapshotJson } from "@gentask/core"
import {
  decodeError,
  decodeSavedFile,
  decodeSnapshot,
  encodeError,
  encodeSavedFile,
  encodeSnapshot
} from "@gentask/core/schema"
import { errors } from "../support/arbitraryError.ts"
import { savedFile, snapshot } from "../support/arbitrarySnapshot.ts"

const throughText = (json: unknown): unknown => JSON.parse(JSON.stringify(json))

/** What `toJson` returns for the same snapshot. */
const withoutVersionAndBase64 = ({ version, outputs, ...rest }: SnapshotJson): SnapshotJson => {
  assert.equal(version, 1)
  return {
    ...rest,
    outputs: outputs.map(({ inline, ...output }) => ({
      ...output,
      inline: inline === null ? null : { bytes: inline.bytes }
    }))
  }
}

describe("snapshots", () => {
  it("decodes what it encoded", () => {
    fc.assert(
      fc.property(snapshot, (value) => assert.deepEqual(decodeSnapshot(encodeSnapshot(value)), value))
    )
  })

  it("decodes what it encoded and what was stored as text", () => {
    fc.assert(
      fc.property(snapshot, (value) => {
        const json = encodeSnapshot(value)
        assert.deepEqual(throughText(json), json)
        assert.deepEqual(decodeSnapshot(throughText(json)), value)
      })
    )
  })

  it("encodes the same members as toJson, apart from the version and inline media", () => {
    fc.assert(
      fc.property(snapshot, (value) => {
        assert.deepEqual(withoutVersionAndBase64(encodeSnapshot(value)), toJson(value))
      })
    )
  })

  it("decodes the output of toJson without inline media", () => {
    fc.assert(
      fc.property(snapshot, (value) => {
        const outputs = value.outputs.map((output) => ({
          ...output,
          inline: output.inline === null ? null : { ...output.inline, base64: "" }
        }))
        assert.deepEqual(decodeSnapshot(throughText(toJson(value))), { ...value, outputs })
      })
    )
  })
})

describe("saved files", () => {
  it("decodes what it encoded, also if it was stored as text", () => {
    fc.assert(
      fc.property(savedFile, (value) => {
        const json = encodeSavedFile(value)
        assert.deepEqual(decodeSavedFile(json), value)
        assert.deepEqual(throughText(json), json)
      })
    )
  })
})

describe("errors", () => {
  it.each(Object.entries(errors))("decodes an encoded %s to an instance of the same class", (_, error) => {
    fc.assert(
      fc.property(error, (value) => {
        const json = encodeError(value)
        assert.deepEqual(throughText(json), json)
        const decoded = decodeError(throughText(json))
        assert.deepEqual(decoded, value)
        assert.equal(decoded.message, value.message)
        assert.equal(decoded.isRetryable, value.isRetryable)
        expect(decoded).toBeInstanceOf(value.constructor)
      })
    )
  })
})
