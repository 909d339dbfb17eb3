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
    ["content-digest", `sha-256=:${sha256}:`, "sha256", sha256],
    ["content-md5", ` ${md5} `, "md5", md5],
    ["x-amz-checksum-sha256", sha256, "sha256", sha256],
    ["x-goog-hash", `crc32c=AAAAAA==,md5=${md5}`, "md5", md5]
  ])("reads the header %s with the value %s", (header, text, algorithm, value) => {
    expect(expectedDigest({ status: 200, headers: { [header]: text } })).toEqual({ algorithm, value })
  })

  it.each([
    [{}],
    [{ "content-md5": "not a digest" }],
    [{ "repr-digest": "sha-256=:abc=:" }],
    [{ digest: `sha-1=${md5}` }],
    // The checksum of the checksums of the parts of an upload.
    [{ "x-amz-checksum-sha256": `${sha256}-3` }],
    [{ "x-goog-hash": `md5=${md5}`, "x-goog-stored-content-encoding": "gzip" }]
  ])("returns undefined for the headers %j", (headers) => {
    expect(expectedDigest({ status: 200, headers })).toBeUndefined()
  })

  it("ignores Content-MD5 and Content-Digest of a partial response, which are digests of the part", () => {
    expect(expectedDigest({ status: 206, headers: { "content-md5": md5 } })).toBeUndefined()
    expect(expectedDigest({ status: 206, headers: { "content-digest": `md5=:${md5}:` } })).toBeUndefined()
    expect(expectedDigest({ status: 206, headers: { digest: `md5=${md5}` } })).toBeDefined()
  })
})
