/** Responses with a content coding. */
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from "node:zlib"
import { assert, describe, it } from "vitest"
import type { DeliveryFault, Emulator } from "../src/index.ts"
import { linkIn, queryTask, start } from "./support.ts"
import { getRaw, headerOf, queryRaw, statusOf } from "./wire.ts"

const decoders = {
  gzip: gunzipSync,
  br: brotliDecompressSync,
  deflate: inflateSync,
  zstd: zstdDecompressSync,
  "raw-deflate": inflateRawSync
}

/** A link to a result whose first requests have the fault. */
const linkTo = async (emulator: Emulator, fault: DeliveryFault): Promise<string> => {
  const task = emulator.addTask({ vendor: "jimmy", mediaFaults: [fault] })
  return linkIn((await queryTask(emulator, task)).body)
}

describe.each(Object.keys(decoders) as (keyof typeof decoders)[])("the coding %s", (coding) => {
  const fault = { fault: "compressed", coding } as const
  const name = coding === "raw-deflate" ? "deflate" : coding

  it("is that of a response to a query", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "aigptimage", media: [], faults: [fault] })
    const compressed = await queryRaw(emulator, { ...task, vendor: "aigptimage" }, "whole")
    const plain = await queryRaw(emulator, { ...task, vendor: "aigptimage" }, "whole")
    assert.deepEqual(
      ["content-encoding", "content-length", "vary"].map((header) => headerOf(compressed, header)),
      [name, String(compressed.body.length), "accept-encoding"]
    )
    assert.isTrue(decoders[coding](compressed.body).equals(plain.body))
  })

  it("is that of a result", async () => {
    const link = await linkTo(await start(), fault)
    const [compressed, plain] = [await getRaw(link, {}, "whole"), await getRaw(link, {}, "whole")]
    const codings = [compressed, plain].map((response) => headerOf(response, "content-encoding"))
    assert.deepEqual(codings, [name, undefined])
    assert.isTrue(decoders[coding](compressed.body).equals(plain.body))
  })
})

describe("a compressed file", () => {
  it("is sent whole, with another entity tag, in response to a range request", async () => {
    const link = await linkTo(await start(), { fault: "compressed", times: 2 })
    const whole = await getRaw(link, {}, "whole")
    const ranged = await getRaw(link, { range: "bytes=5-" }, "whole")
    const plain = await getRaw(link, { range: "bytes=5-" }, "whole")
    assert.deepEqual([whole, ranged, plain].map(statusOf), [200, 200, 206])
    assert.isTrue(ranged.body.equals(whole.body))
    assert.strictEqual(headerOf(whole, "etag"), headerOf(plain, "etag")?.replace(/"$/, '-gzip"'))
    assert.isUndefined(headerOf(whole, "accept-ranges"))
  })
})

describe("an empty body", () => {
  it("stays as it is", async () => {
    const emulator = await start()
    const task = emulator.addTask({
      vendor: "jimmy",
      responses: [{ status: 204 }],
      faults: [{ fault: "compressed" }]
    })
    const response = await queryRaw(emulator, { ...task, vendor: "jimmy" }, 80)
    assert.deepEqual([statusOf(response), headerOf(response, "content-encoding")], [204, undefined])
  })
})
