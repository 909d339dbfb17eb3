/** Results of any size: whole, in parts, the same at each reading, and decodable. */
import { createHash } from "node:crypto"
import { crc32 } from "node:zlib"
import { assert, describe, it } from "vitest"
import type { Emulator, MediaType } from "../src/index.ts"
import { mediaTypes } from "../src/index.ts"
import { loadMedia } from "../src/Media.ts"
import type { ServedFile } from "../src/Media.ts"
import { ask, askJimeng, inOrder, send, start } from "./support.ts"

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex")

const bytesOf = ({ body }: ServedFile): Buffer =>
  Buffer.concat(body instanceof Uint8Array ? [body] : [...body.read(0, body.length)])

/** Walks from part to part as a decoder does, and answers the names of the parts; throws where it cannot. */
const walks: Record<MediaType, (bytes: Buffer) => string[]> = {
  png: (bytes) => {
    const names: string[] = []
    for (let at = 8; at < bytes.length;) {
      const end = at + 8 + bytes.readUInt32BE(at)
      assert.strictEqual(bytes.readUInt32BE(end), crc32(bytes.subarray(at + 4, end)))
      names.push(bytes.toString("latin1", at + 4, at + 8))
      at = end + 4
    }
    return names
  },
  jpeg: (bytes) => {
    const names: string[] = []
    for (let at = 2; names.at(-1) !== "ffda"; at += 2 + bytes.readUInt16BE(at + 2)) {
      names.push(bytes.toString("hex", at, at + 2))
    }
    return [...names, bytes.toString("hex", bytes.length - 2)]
  },
  gif: (bytes) => {
    const names: string[] = []
    const skipBlocks = (from: number): number => {
      let at = from
      while (bytes.readUInt8(at) !== 0) at += 1 + bytes.readUInt8(at)
      return at + 1
    }
    let at = 13 + 3 * 2 ** ((bytes.readUInt8(10) & 7) + 1)
    while (bytes.readUInt8(at) !== 0x3b) {
      const name = bytes.readUInt8(at) === 0x21 ? bytes.toString("hex", at, at + 2) : "image"
      const colours =
        name === "image" && bytes.readUInt8(at + 9) & 0x80 ? 3 * 2 ** ((bytes.readUInt8(at + 9) & 7) + 1) : 0
      names.push(name)
      at = skipBlocks(name === "image" ? at + 10 + colours + 1 : at + 2)
    }
    assert.strictEqual(at, bytes.length - 1)
    return names
  },
  webp: (bytes) => {
    const names: string[] = []
    const end = 8 + bytes.readUInt32LE(4)
    let at = 12
    for (; at < end; at += 8 + Math.ceil(bytes.readUInt32LE(at + 4) / 2) * 2) {
      names.push(bytes.toString("latin1", at, at + 4))
    }
    assert.deepEqual([at, bytes.length - end], [end, bytes.length % 2])
    return names
  },
  mp4: (bytes) => {
    const names: string[] = []
    let at = 0
    for (; at < bytes.length; at += bytes.readUInt32BE(at))
      names.push(bytes.toString("latin1", at + 4, at + 8))
    assert.strictEqual(at, bytes.length)
    return names
  }
}

const padding: Record<MediaType, string> = {
  png: "gtPd",
  jpeg: "fffe",
  gif: "21fe",
  webp: "GTPD",
  mp4: "free"
}

describe.each(mediaTypes)("a padded %s", (type) => {
  it("is of every size that is asked for, and holds its sample's parts", async () => {
    const media = await loadMedia()
    const parts = walks[type](bytesOf(media.file(type))).filter((name) => name !== padding[type])
    // Around the borders of units, where the last one is smallest.
    const sample = media.file(type).body.length
    const sizes = Array.from({ length: 16 }, (_, index) => [
      32_768 + index * 7,
      32_768 + sample + index,
      1_048_576 + sample + index
    ]).flat()
    for (const size of sizes) {
      const bytes = bytesOf(media.file(type, size))
      assert.strictEqual(bytes.length, size)
      const names = walks[type](bytes)
      assert.deepEqual(
        names.filter((name) => name !== padding[type]),
        parts
      )
      assert.isAbove(names.length, parts.length)
    }
  })

  it("has revisions of the same length that are other files", async () => {
    const media = await loadMedia()
    const files = [0, 1, 2].map((revision) => media.file(type, 200_001, revision))
    for (const file of files) assert.doesNotThrow(() => walks[type](bytesOf(file)))
    assert.deepEqual(
      files.map(({ body }) => body.length),
      [200_001, 200_001, 200_001]
    )
    assert.strictEqual(new Set(files.map((file) => sha256(bytesOf(file)))).size, 3)
    assert.strictEqual(new Set(files.map(({ etag }) => etag)).size, 3)
    const sample = media.file(type, undefined, 1)
    assert.notStrictEqual(sha256(bytesOf(sample)), sha256(bytesOf(media.file(type))))
  })
})

const linkOf = async (
  emulator: Emulator,
  size: number,
  media: MediaType = "mp4"
): Promise<[string, string]> => {
  const task = emulator.addTask({ vendor: "jimmy", kind: "image", media: [media], mediaSize: size })
  return [(await ask(emulator, task)).body.data.result.image_url, task.id]
}

describe("a large result", () => {
  it("comes whole with its length, and has the digest that the emulator tells", async () => {
    const emulator = await start()
    const [link, id] = await linkOf(emulator, 10_000_001)
    const response = await fetch(link)
    const bytes = Buffer.from(await response.arrayBuffer())
    assert.strictEqual(response.headers.get("content-length"), "10000001")
    assert.strictEqual(sha256(bytes), await emulator.digest("jimmy", id))
    const again = await start()
    const [other] = await linkOf(again, 10_000_001)
    assert.strictEqual(
      (await send(other, { method: "HEAD" })).headers.get("etag"),
      response.headers.get("etag")
    )
  })

  it("comes in parts that fit together", async () => {
    const emulator = await start()
    const size = 2_500_000
    const [link, id] = await linkOf(emulator, size, "png")
    const borders = [0, 1, 33, 65_535, 1_048_576, 1_048_608, 1_048_609, 1_048_625, 2_000_000, size - 1, size]
    const parts = await inOrder(borders.slice(1).entries(), async ([index, end]) => {
      const response = await fetch(link, { headers: { range: `bytes=${borders[index]}-${end - 1}` } })
      assert.strictEqual(response.status, 206)
      assert.strictEqual(response.headers.get("content-length"), String(end - (borders[index] ?? 0)))
      return Buffer.from(await response.arrayBuffer())
    })
    assert.strictEqual(sha256(Buffer.concat(parts)), await emulator.digest("jimmy", id))
  })

  it("has its end at once, however large it is", async () => {
    const emulator = await start()
    const size = 2 ** 40
    const [link] = await linkOf(emulator, size)
    const response = await fetch(link, { headers: { range: "bytes=-10" } })
    assert.strictEqual(response.headers.get("content-range"), `bytes ${size - 10}-${size - 1}/${size}`)
    assert.strictEqual((await response.arrayBuffer()).byteLength, 10)
  })

  it("is made no faster than its client reads it", async () => {
    const emulator = await start()
    const [link] = await linkOf(emulator, 4_000_000_000)
    const before = process.memoryUsage().arrayBuffers
    const response = await fetch(link)
    const reader = response.body?.getReader()
    for (let count = 0; count < 20; count += 1) await reader?.read()
    assert.isBelow(process.memoryUsage().arrayBuffers - before, 32_000_000)
    await reader?.cancel()
  })

  it("has small companions", async () => {
    const emulator = await start()
    const { body } = await ask(emulator, emulator.addTask({ vendor: "sora", mediaSize: 1_000_000 }))
    const lengths = await inOrder([body.video_url, body.thumbnail_url, body.detail.gif_url], async (link) => {
      return Number((await send(link, { method: "HEAD" })).headers.get("content-length"))
    })
    assert.strictEqual(lengths[0], 1_000_000)
    assert.isTrue(lengths.slice(1).every((length) => length < 20_000))
  })

  it("is as large in base64", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "jimeng", mediaSize: 50_000 })
    const { body } = await askJimeng(emulator, { req_key: task.reqKey, task_id: task.id })
    const bytes = Buffer.from(body.data.binary_data_base64[0], "base64")
    assert.strictEqual(sha256(bytes), await emulator.digest("jimeng", task.id))
  })
})

describe("a digest", () => {
  it("is that of the sample when there is no size, of each result by itself", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "aigptimage", media: ["png", "gif"] })
    const { resultUrls } = JSON.parse((await ask(emulator, task)).body.data.resultJson)
    await inOrder(resultUrls.entries() as Iterable<[number, string]>, async ([index, link]) => {
      const bytes = new Uint8Array(await (await fetch(link)).arrayBuffer())
      assert.strictEqual(await emulator.digest("aigptimage", task.id, index), sha256(bytes))
    })
  })

  it("is refused for what there is not", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "jimmy", id: "a" })
    const problems = await Promise.all(
      [emulator.digest("jimmy", task.id, 1), emulator.digest("sora", "a")].map((digest) =>
        digest.catch((error: Error) => `${error.name}: ${error.message}`)
      )
    )
    assert.deepEqual(problems, [
      "RangeError: There is no jimmy task a with a result 1.",
      "RangeError: There is no sora task a with a result 0."
    ])
  })
})
