import { outcomeOfSubmit } from "@gentask/testing"
import { describe, expect, it } from "vitest"
import spec from "../src/index.ts"

const error = (code: string) => ({ error: { code, message: "No.", param: "", type: "BadRequest" } })
const task = { id: "cgt-1", params: {} }

describe("ark", () => {
  it("does not take the id of a request in an error for that of a task", () => {
    const body = { id: "021777221411142", ...error("InvalidParameter") }
    const model = "doubao-seedance-1-5-pro-251215"
    expect(outcomeOfSubmit(spec, model, body)?._tag).toBe("UnknownOutcome")
    expect(outcomeOfSubmit(spec, model, body, 400)).toBeUndefined()
    expect(outcomeOfSubmit(spec, model, { id: "cgt-1", error: null })?._tag).toBe("Accepted")
  })

  it("does not take an error with HTTP status 200 for a canceled task", () => {
    const decode = (body: object) => spec.cancel?.decode?.(body, { status: 200, headers: {} }, task)
    expect(decode(error("InternalServiceError"))).toMatchObject({ reason: { _tag: "UnexpectedResponse" } })
    expect(decode(error("InvalidAction.RunningTaskDeletion"))).toEqual({ _tag: "TooLate", message: "No." })
    expect(decode({})).toEqual({ _tag: "Canceled" })
  })
})
