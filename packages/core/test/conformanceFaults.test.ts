/** What core itself does where a provider or a vendor does what the conformance kit is there to find. */
import { describe, expect, it } from "vitest"
import { configure, snapshot } from "@gentask/core/provider"
import type { ProviderSpec } from "@gentask/core"
import { interpretAnswer, requestOf } from "@gentask/core/testing"
import { followingUp } from "./broken/altered.ts"
import { orbit } from "./broken/orbit.ts"

const apiKey = "sk-orbit-secret"
const account = (spec: Partial<ProviderSpec>, query: Partial<ProviderSpec["query"]> = {}) =>
  configure({ ...orbit, ...spec, query: { ...orbit.query, ...query } }, { apiKey })

describe("core", () => {
  it("takes the key out of what a provider throws when it signs", () => {
    const authorize: ProviderSpec["authorize"] = (_, credentials) => {
      throw new Error(`${credentials.apiKey} is no pair`)
    }
    expect(() => requestOf(account({ authorize }), "orbit:1")).toThrow(/^<secret> is no pair$/)
  })

  it("takes the key out of the names of members too", () => {
    const interpret = (body: object) => snapshot({ status: "running", model: Object.keys(body).join() })
    const response = {
      "~standard": { version: 1, vendor: "any", validate: (value: unknown) => ({ value }) }
    } as const
    const body = { [apiKey]: "is wrong" }
    expect(interpretAnswer(account({}, { interpret, response }), "orbit:1", { body })).toMatchObject({
      snapshot: { model: "<secret>" }
    })
  })

  it("takes a further request that would leave the vendor's path for an answer that nobody understands", () => {
    const interpret = followingUp(() => ({ request: { method: "GET", path: "/v1/../admin" } }))
    const body = { code: 0, job: { state: "done", result_id: ".." } }
    expect(interpretAnswer(account({}, { interpret }), "orbit:1", { body })).toEqual({
      _tag: "Fault",
      fault: {
        _tag: "UnexpectedResponse",
        path: "",
        httpStatus: 200,
        message: expect.stringContaining("it would change the path of the request")
      }
    })
  })
})
