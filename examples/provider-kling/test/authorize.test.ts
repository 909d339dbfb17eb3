import { requestOf } from "@gentask/testing"
import { decodeProtectedHeader, jwtVerify } from "jose"
import { describe, expect, it } from "vitest"
import { kling } from "../src/index.ts"

const now = new Date("2026-01-02T03:04:05.678Z")
const secret = new TextEncoder().encode("secret-key-81b7a93d")

const ask = (apiKey: string, options: { readonly baseUrl?: string } = {}) =>
  requestOf(kling({ apiKey, ...options }), "kling:867283741759111202", now)

describe("a question to Kling AI", () => {
  it.each([{}, { baseUrl: "https://proxy.example.com/kling" }])(
    "carries a token, with %j",
    async (options) => {
      const { headers } = ask("access-key-0c6f5d2e|secret-key-81b7a93d", options)
      const token = /^Bearer (\S+)$/.exec(headers["authorization"] ?? "")?.[1] ?? ""
      const read = await jwtVerify(token, secret, { currentDate: now })
      const seconds = Math.floor(now.getTime() / 1000)
      expect(decodeProtectedHeader(token)).toEqual({ alg: "HS256", typ: "JWT" })
      expect(read.payload).toEqual({ iss: "access-key-0c6f5d2e", exp: seconds + 1800, nbf: seconds - 5 })
      expect(Object.keys(headers)).toEqual(["content-type", "authorization"])
    }
  )

  it.each([
    "secret-key-81b7a93d",
    "a|secret-key-81b7a93d|c",
    "|secret-key-81b7a93d",
    "secret-key-81b7a93d|",
    "a b|c"
  ])("is not asked with the key %j, which is told without being shown", (apiKey) => {
    expect(() => ask(apiKey)).toThrow("Give both with a bar between them, ACCESS_KEY|SECRET_KEY")
    expect(() => ask(apiKey)).not.toThrow("81b7a93d")
  })

  it("is not asked at a path that the provider does not know", () => {
    const account = kling({ apiKey: "access-key-0c6f5d2e|secret-key-81b7a93d" })
    expect(() => requestOf(account, "kling:867283741759111202?path=videos/lip-sync")).toThrow(
      "its hints are wrong at path: it is the path that the task was submitted to, one of videos/text2video, "
    )
  })
})
