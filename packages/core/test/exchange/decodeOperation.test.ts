import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { decodeOperation } from "../../src/exchange/decodeOperation.ts"
import type { SimpleOperation } from "../../src/exchange/decodeOperation.ts"

const operation: SimpleOperation<unknown, string> = {
  response: Schema.toStandardSchemaV1(Schema.Struct({})),
  decode: () => "decoded"
}

const decode = (status: number, text: string, more: Partial<SimpleOperation<unknown, string>> = {}) =>
  decodeOperation({ ...operation, ...more }, { status, headers: {}, text, at: 0, secrets: "" })

describe("decodeOperation", () => {
  it("knows an unknown task only from the response to a request about a task", () => {
    const body = '{"message":"no such thing"}'
    expect(decode(404, body)).toMatchObject({ reason: { _tag: "InvalidRequest" } })
    expect(decode(404, body, { isAboutTask: true })).toMatchObject({ reason: { _tag: "TaskNotFound" } })
    expect(decode(410, "<html>gone</html>", { isAboutTask: true })).toMatchObject({
      reason: { _tag: "TaskNotFound", httpStatus: 410 }
    })
    expect(decode(401, body, { isAboutTask: true })).toMatchObject({ reason: { _tag: "Unauthorized" } })
  })

  it.each([200, 202, 204])("reads a response without a body and with HTTP %i as documented", (status) => {
    expect(decode(status, "")).toMatchObject({ reason: { _tag: "UnexpectedResponse" } })
    expect(decode(status, " ", { emptyOutcome: "empty" })).toEqual({ _tag: "Decoded", outcome: "empty" })
    expect(
      decode(status, "", { emptyOutcome: "empty", response: Schema.toStandardSchemaV1(Schema.Unknown) })
    ).toEqual({
      _tag: "Decoded",
      outcome: "decoded"
    })
    expect(decode(status, "null", { emptyOutcome: "empty" })).toMatchObject({
      reason: { _tag: "UnexpectedResponse" }
    })
  })
})
