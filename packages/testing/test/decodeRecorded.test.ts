import { TaskRef } from "@gentask/core"
import type { ProviderAccount } from "@gentask/core"
import {
  decodeResponse,
  followUpDecoder,
  makeTaskQuery,
  queryDecoder,
  redact,
  resolveAccount
} from "@gentask/core/internal"
import type { ResponseDecoder } from "@gentask/core/internal"
import { Secret, configureAccount, queryError, snapshot } from "@gentask/core/provider"
import type { ProviderSpec } from "@gentask/core/provider"
import { decodeRecorded, requestOf } from "@gentask/testing"
import { describe, expect, it } from "vitest"
import * as z from "zod"
import { alterFollowUp } from "./support/alterDecode.ts"
import { orbit } from "./support/orbit.ts"

const apiKey = "sk-orbit-secret"
const accountWith = (query: Partial<ProviderSpec["query"]>, key = apiKey): ProviderAccount =>
  configureAccount({ ...orbit, query: { ...orbit.query, ...query } }, { apiKey: key })

/** Returns what a decoded body looks like to the provider, as the model of a snapshot. */
const echo = {
  response: z.unknown(),
  decode: (body: unknown) => snapshot({ status: "running", model: JSON.stringify(body) })
}
const decodedModel = (body: unknown, key?: string) =>
  decodeRecorded(accountWith(echo, key), "orbit:1", { body })

describe("requestOf", () => {
  it("redacts the API key in an error that authorize throws", () => {
    const authorize: ProviderSpec["authorize"] = (_, credentials) => {
      throw new Error(`Invalid key ${credentials.apiKey}`)
    }
    expect(() => requestOf(configureAccount({ ...orbit, authorize }, { apiKey }), "orbit:1")).toThrow(
      /^Invalid key <secret>$/
    )
  })
})

describe("decodeRecorded", () => {
  it("redacts the API key in the names of members", () => {
    expect(decodedModel({ [apiKey]: "is invalid" })).toMatchObject({
      snapshot: { model: '{"<secret>":"is invalid"}' }
    })
  })

  it("redacts each half of an API key that is a pair", () => {
    const pair = "access-key|secret-key"
    const body = { a: "secret-key", b: pair, c: "\\u0073ecret-key" }
    expect(decodedModel(JSON.stringify(body), pair)).toMatchObject({
      snapshot: { model: '{"a":"<secret>","b":"<secret>","c":"\\\\u0073ecret-key"}' }
    })
    expect(decodedModel('{"c":"\\u0073ecret-key"}', pair)).toMatchObject({
      snapshot: { model: '{"c":"<secret>"}' }
    })
  })

  it("does not redact a short half of an API key", () => {
    const { apiKey: pair } = accountWith({}, "17|secret-key")
    expect(redact("17 of them", Secret.reveal(pair as Secret))).toBe("17 of them")
  })

  it("returns UnexpectedResponse for a follow-up request that changes the path", () => {
    const decode = alterFollowUp(() => ({ request: { method: "GET", path: "/v1/../admin" } }))
    const body = { code: 0, job: { state: "done", result_id: ".." } }
    expect(decodeRecorded(accountWith({ decode }), "orbit:1", { body })).toEqual({
      _tag: "Error",
      reason: {
        _tag: "UnexpectedResponse",
        path: "",
        httpStatus: 200,
        message: expect.stringContaining("path")
      }
    })
  })
})

describe("decodeResponse", () => {
  it.each([404, 410])("returns UnexpectedResponse for a follow-up response with HTTP %i", (status) => {
    const query = makeTaskQuery(TaskRef.parse("orbit:1"), resolveAccount(accountWith({})))
    const followUp = {
      request: { method: "GET", path: "/v1/results/1" },
      response: orbit.query.response,
      decode: () => queryError({ _tag: "TaskNotFound" })
    } as const
    const decode = (decoder: ResponseDecoder) =>
      decodeResponse(query, decoder, { status, headers: {}, text: '{"message":"no such file"}', at: 0 })
    expect(decode(followUpDecoder(followUp))).toEqual({
      _tag: "Error",
      reason: { _tag: "UnexpectedResponse", path: "", message: "no such file", httpStatus: status }
    })
    expect(decode(queryDecoder(query))).toMatchObject({ reason: { _tag: "TaskNotFound" } })
  })
})
