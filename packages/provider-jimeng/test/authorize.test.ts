import { requestOf } from "@gentask/testing"
import { describe, expect, it } from "vitest"
import { jimeng } from "../src/index.ts"
import { authorization } from "../src/signature.ts"

const ref = "jimeng:7392616336519610409"
const now = new Date("2026-01-02T03:04:05.678Z")
const body =
  '{"req_key":"jimeng_t2i_v40","task_id":"7392616336519610409","req_json":"{\\"return_url\\":true}"}'
const digest = "72bc0f27b583a6cd9fb1a5acdb4dcd116821b16384838a8e4fc7a8eebac52b1e"
const apiKey = "AKLTexample|c2VjcmV0=="

const signedRequest = (options: Parameters<typeof jimeng>[0]) => requestOf(jimeng(options), ref, now)

describe("a request to Volcengine", () => {
  it("is signed with the access key for the visual services", () => {
    const { url, ...request } = signedRequest({ endpoint: "volcengine", apiKey })
    const signed = {
      "content-type": "application/json",
      host: "visual.volcengineapi.com",
      "x-content-sha256": digest,
      "x-date": "20260102T030405Z"
    }
    const scope = { region: "cn-north-1", service: "cv" }
    const key = { id: "AKLTexample", secret: "c2VjcmV0==" }
    expect({ ...request, url: url.href }).toEqual({
      method: "POST",
      url: "https://visual.volcengineapi.com/?Action=CVSync2AsyncGetResult&Version=2022-08-31",
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        "x-content-sha256": digest,
        "x-date": "20260102T030405Z",
        authorization: authorization({ method: "POST", url, headers: signed, body }, key, now, scope)
      },
      body
    })
    expect(request.headers["authorization"]).toMatch(
      /^HMAC-SHA256 Credential=AKLTexample\/20260102\/cn-north-1\/cv\/request, SignedHeaders=content-type;host;x-content-sha256;x-date, Signature=[0-9a-f]{64}$/
    )
  })

  it.each([
    ["https://visual.volcengineapi.com:443", "https://visual.volcengineapi.com/"],
    ["https://proxy.example.com:8443/volc/", "https://proxy.example.com:8443/volc/"]
  ])("signs the host of the base URL %s", (baseUrl, expected) => {
    const { url, headers } = signedRequest({ endpoint: "volcengine", apiKey, baseUrl })
    expect(url.origin + url.pathname).toBe(expected)
    const { authorization: _, accept: __, ...rest } = headers
    const signed = { ...rest, host: new URL(expected).host }
    expect(headers["authorization"]).toBe(
      authorization(
        { method: "POST", url, headers: signed, body },
        { id: "AKLTexample", secret: "c2VjcmV0==" },
        now,
        { region: "cn-north-1", service: "cv" }
      )
    )
  })

  it("does not sign headers that a proxy may change", () => {
    const { headers } = signedRequest({ endpoint: "volcengine", apiKey, userAgent: "me/1" })
    expect(headers["user-agent"]).toBe("me/1")
    expect(headers["authorization"]).toContain("SignedHeaders=content-type;host;x-content-sha256;x-date,")
  })

  it("may have another path", () => {
    expect(signedRequest({ endpoint: "volcengine", apiKey, path: "/elsewhere" }).url.pathname).toBe(
      "/elsewhere"
    )
  })

  it.each(["c2VjcmV0", "AKLTexample|", "|c2VjcmV0", "AKLTexample| c2VjcmV0", "AKLT|c2Vj|cmV0"])(
    "needs both parts of the access key, and does not show the invalid one: %s",
    (apiKey) => {
      let message = ""
      try {
        signedRequest({ endpoint: "volcengine", apiKey })
      } catch (error) {
        message = String(error)
      }
      expect(message).toContain(
        "jimeng at volcengine needs an access key in the form ACCESS_KEY_ID|SECRET_ACCESS_KEY."
      )
      expect(message).not.toMatch(/c2Vj|AKLT/)
    }
  )
})

describe("a request to a relay", () => {
  it.each(["sk-relay", "17|laravel-token"])("has its API key as the bearer token: %s", (apiKey) => {
    expect(signedRequest({ endpoint: "deepwl", apiKey }).headers["authorization"]).toBe(`Bearer ${apiKey}`)
  })

  it("is not created with an access key of Volcengine, because the relay would see its secret", () => {
    expect(() => signedRequest({ endpoint: "octopusx", apiKey })).toThrow(
      "Refused to send an access key of Volcengine (ACCESS_KEY_ID|SECRET_ACCESS_KEY) to the relay octopusx, which would see its secret."
    )
    expect(() => signedRequest({ baseUrl: "https://relay.example.com", apiKey })).toThrow(
      "to a host other than the endpoint volcengine, which would see its secret. Use the endpoint volcengine, or set the relay's own API key."
    )
  })
})
