import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import { expectedDigest } from "../../src/save/download/digestHeader.ts"

const digest = (algorithm: string): string => createHash(algorithm).update("the bytes").digest("base64")
const [sha256, sha512, md5] = [digest("sha256"), digest("sha512"), digest("md5")]

describe("expectedDigest", () => {
  it.each([
    ["repr-digest", `sha-256=:${sha256}:`, "sha256", sha256],
    ["repr-digest", `sha-512=:${sha512}:`, "sha512", sha512],
    ["digest", `SHA-256=${sha256}`, "sha256", sha256],
    ["digest", `MD5=${md5}`, "md5", md5],
    ["content-md5", ` ${md5} `, "md5", md5]
  ])("reads the header %s with the value %s", (header, text, algorithm, value) => {
    expect(expectedDigest({ status: 200, headers: { [header]: text } })).toEqual({ algorithm, value })
  })

  it.each([
    [{}],
    [{ "content-md5": "not a digest" }],
    [{ "repr-digest": "sha-256=:abc=:" }],
    [{ digest: `sha-1=${md5}` }]
  ])("returns undefined for the headers %j", (headers) => {
    expect(expectedDigest({ status: 200, headers })).toBeUndefined()
  })

  it("ignores Content-MD5 of a partial response, which is the digest of the part", () => {
    expect(expectedDigest({ status: 206, headers: { "content-md5": md5 } })).toBeUndefined()
    expect(expectedDigest({ status: 206, headers: { digest: `md5=${md5}` } })).toBeDefined()
  })
})
