import { randomBytes } from "node:crypto"
import { constants, zstdCompressSync } from "node:zlib"
import { expect, it } from "vitest"
import { isTruncatedZstd } from "../../src/http/isTruncatedZstd.ts"

it.each([
  ["no data", Buffer.alloc(0)],
  ["one byte", Buffer.from("x")],
  ["short text", Buffer.from("some text, some text, some text")],
  ["one repeated byte", Buffer.alloc(1_000_000, 7)],
  ["several blocks", Buffer.concat([randomBytes(300_000), Buffer.alloc(300_000)])]
])("finds the end of a frame with %s", (_, content) => {
  const { ZSTD_c_checksumFlag: checksum, ZSTD_c_contentSizeFlag: contentSize } = constants
  for (const params of [{}, { [checksum]: 1 }, { [contentSize]: 0 }]) {
    const data = zstdCompressSync(content, { params })
    const lengths = [
      ...Array.from({ length: 20 }, (_, index) => index + 1),
      data.length >> 1,
      data.length - 1
    ]
    for (const length of lengths.filter((length) => length < data.length)) {
      expect(isTruncatedZstd(data.subarray(0, length))).toBe(true)
    }
    expect(isTruncatedZstd(data)).toBe(false)
    expect(isTruncatedZstd(Buffer.concat([data, Buffer.from("\n")]))).toBe(false)
  }
})

it("leaves other data alone", () => {
  expect(isTruncatedZstd(Buffer.from("{}"))).toBe(false)
  expect(isTruncatedZstd(Buffer.from("(\u00B5 text", "latin1"))).toBe(false)
})
