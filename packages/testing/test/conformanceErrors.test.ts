/** What core itself does where a provider or a vendor does what the conformance kit is there to find. */
import { describe, expect, it } from "vitest"
import { TaskRef } from "@gentask/core"
import { resolveAccount } from "@gentask/core/internal"
import { Secret, configureAccount, queryError, snapshot } from "@gentask/core/provider"
import type { ProviderSpec } from "@gentask/core"
import { decodeRecorded, requestOf } from "@gentask/testing"
import { decodeResponse, queryDecoder, followUpDecoder } from "@gentask/core/internal"
import type { ResponseDecoder } from "@gentask/core/internal"
import { makeTaskQuery } from "@gentask/core/internal"
import { redact } from "@gentask/core/internal"
import { followingUp } from "./planted/altered.ts"
import { orbit } from "./planted/orbit.ts"

const apiKey = "sk-orbit-secret"
const account = (spec: Partial<ProviderSpec>, query: Partial<ProviderSpec["query"]> = {}) =>
  configureAccount({ ...orbit, ...spec, query: { ...orbit.query, ...query } }, { apiKey })

describe("core", () => {
  it("takes the key out of what a provider throws when it signs", () => {
    const authorize: ProviderSpec["authorize"] = (_, credentials) => {
      throw new Error(`${credentials.apiKey} is no pair`)
    }
    expect(() => requestOf(account({ authorize }), "orbit:1")).toThrow(/^<secret> is no pair$/)
  })

  it("takes the key out of the names of members too", () => {
    const decode = (body: object) => snapshot({ status: "running", model: Object.keys(body).join() })
    const response = {
      "~standard": { version: 1, vendor: "any", validate: (value: unknown) => ({ value }) }
    } as const
    const body = { [apiKey]: "is wrong" }
    expect(decodeRecorded(account({}, { decode: decode, response }), "orbit:1", { body })).toMatchObject({
      snapshot: { model: "<secret>" }
    })
  })

  it("takes a further request that would leave the vendor's path for an answer that nobody understands", () => {
    const decode = followingUp(() => ({ request: { method: "GET", path: "/v1/../admin" } }))
    const body = { code: 0, job: { state: "done", result_id: ".." } }
    expect(decodeRecorded(account({}, { decode: decode }), "orbit:1", { body })).toEqual({
      _tag: "Error",
      reason: {
        _tag: "UnexpectedResponse",
        path: "",
        httpStatus: 200,
        message: expect.stringContaining("it would change the path of the request")
      }
    })
  })

  it("takes each half of a key that is a pair out of what a vendor echoes", () => {
    const decode = (body: object) => snapshot({ status: "running", model: JSON.stringify(body) })
    const response = {
      "~standard": { version: 1, vendor: "any", validate: (value: unknown) => ({ value }) }
    } as const
    const pair = configureAccount(
      { ...orbit, query: { ...orbit.query, decode: decode, response } },
      { apiKey: "access-key|secret-key" }
    )
    const body = { a: "secret-key", b: "access-key|secret-key", c: "\\u0073ecret-key" }
    expect(decodeRecorded(pair, "orbit:1", { body: JSON.stringify(body) })).toMatchObject({
      snapshot: { model: '{"a":"<secret>","b":"<secret>","c":"\\\\u0073ecret-key"}' }
    })
    expect(decodeRecorded(pair, "orbit:1", { body: '{"c":"\\u0073ecret-key"}' })).toMatchObject({
      snapshot: { model: '{"c":"<secret>"}' }
    })
  })

  it("takes no short part of a pair for a secret", () => {
    const pair = configureAccount(orbit, { apiKey: "17|secret-key" })
    expect(redact("17 of them", Secret.reveal(pair.apiKey as Secret))).toBe("17 of them")
  })

  it("does not take a follow-up that is not found for a task that is not found", () => {
    const question = makeTaskQuery(TaskRef.parse("orbit:1"), resolveAccount(account({})))
    const exchange = {
      request: { method: "GET", path: "/v1/results/1" },
      response: orbit.query.response,
      decode: () => queryError({ _tag: "TaskNotFound" })
    } as const
    const read = (reading: ResponseDecoder, status: number) =>
      decodeResponse(question, reading, { status, headers: {}, text: '{"message":"no such file"}', at: 0 })
    const unexpected = {
      _tag: "Error",
      reason: { _tag: "UnexpectedResponse", path: "", message: "no such file" }
    }
    for (const status of [404, 410])
      expect(read(followUpDecoder(exchange), status)).toEqual({
        ...unexpected,
        reason: { ...unexpected.reason, httpStatus: status }
      })
    expect(read(queryDecoder(question), 404)).toMatchObject({ reason: { _tag: "TaskNotFound" } })
  })
})
