import { requestOf } from "@gentask/testing"
import { decodeProtectedHeader, jwtVerify } from "jose"
import { describe, expect, it } from "vitest"
import { kling } from "../src/index.ts"

const now = new Date("2026-01-02T03:04:05.678Z")
const secret = new TextEncoder().encode("secret-key-81b7a93d")

const signedRequest = (apiKey: string, options: { readonly baseUrl?: string } = {}) =>
  requestOf(kling({ apiKey, ...options }), "kling:867283741759111202", now)

describe("a request to Kling AI", () => {
  it.each([{}, { baseUrl: "https://proxy.example.com/kling" }])(
    "has a signed token, with the options %j",
    async (options) => {
      const { headers } = signedRequest("access-key-0c6f5d2e|secret-key-81b7a93d", options)
      const token = /^Bearer (\S+)$/.exec(headers["authorization"] ?? "")?.[1] ?? ""
      const verified = await jwtVerify(token, secret, { currentDate: now })
      const seconds = Math.floor(now.getTime() / 1000)
      expect(decodeProtectedHeader(token)).toEqual({ alg: "HS256", typ: "JWT" })
      expect(verified.payload).toEqual({ iss: "access-key-0c6f5d2e", exp: seconds + 1800, nbf: seconds - 5 })
      expect(Object.keys(headers)).toEqual(["content-type", "authorization"])
    }
  )

  it("has an API key without a secret key as it is", () => {
    expect(signedRequest("api-key-81b7a93d").headers["authorization"]).toBe("Bearer api-key-81b7a93d")
  })

  it.each(["a|secret-key-81b7a93d|c", "|secret-key-81b7a93d", "secret-key-81b7a93d|", "a b|81b7a93d"])(
    "is not created with the invalid key %j, which is not shown",
    (apiKey) => {
      expect(() => signedRequest(apiKey)).toThrow(
        "kling needs an API key, or an access key and its secret key in the form ACCESS_KEY|SECRET_KEY"
      )
      expect(() => signedRequest(apiKey)).not.toThrow("81b7a93d")
    }
  )

  it.each(["videos", "../tasks", "videos/text2video/../..", "users/1", "videos/a/b/c"])(
    "is not created for the path %j",
    (path) => {
      const account = kling({ apiKey: "access-key-0c6f5d2e" })
      expect(() => requestOf(account, `kling:867283741759111202?path=${encodeURIComponent(path)}`)).toThrow(
        "at path: must be tasks, or the path that the task was created at"
      )
    }
  )

  it("is not created for an id that is a list", () => {
    const account = kling({ apiKey: "access-key-0c6f5d2e" })
    expect(() => requestOf(account, "kling:1%2C2?path=tasks")).toThrow("it contains a comma")
  })
})
