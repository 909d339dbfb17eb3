/** Padded results of any size. */
import { createHash } from "node:crypto"
import { crc32 } from "node:zlib"
import { assert, describe, it } from "vitest"
import type { Emulator, MediaFormat } from "../src/index.ts"
import { mediaFormats } from "../src/index.ts"
import { loadMedia } from "../src/MediaLibrary.ts"
import type { ServedFile } from "../src/MediaLibrary.ts"
import { inOrder, queryJimeng, queryTask, send, start } from "./support.ts"

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex")

const bytesOf = ({ body }: ServedFile): Buffer =>
  Buffer.concat(body instanceof Uint8Array ? [body] : [...body.read(0, body.length)])

/** The names of the chunks of a RIFF file. */
const riffChunks = (bytes: Buffer): string[] => {
  const names: string[] = []
  const end = 8 + bytes.readUInt32LE(4)
  let at = 12
  for (; at < end; at += 8 + Math.ceil(bytes.readUInt32LE(at + 4) / 2) * 2) {
    names.push(bytes.toString("latin1", at, at + 4))
  }
  assert.deepEqual([at, bytes.length - end], [end, bytes.length % 2])
  return names
}

/** Parses a file as a decoder does and returns the names of its parts. Throws if that is impossible. */
const parsers: Record<MediaFormat, (bytes: Buffer) => string[]> = {
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
      const colors =
        name === "image" && bytes.readUInt8(at + 9) & 0x80 ? 3 * 2 ** ((bytes.readUInt8(at + 9) & 7) + 1) : 0
      names.push(name)
      at = skipBlocks(name === "image" ? at + 10 + colors + 1 : at + 2)
    }
    assert.strictEqual(at, bytes.length - 1)
    return names
  },
  webp: riffChunks,
  wav: riffChunks,
  mp4: (bytes) => {
    const names: string[] = []
    let at = 0
    for (; at < bytes.length; at += bytes.readUInt32BE(at))
      names.push(bytes.toString("latin1", at + 4, at + 8))
    assert.strictEqual(at, bytes.length)
    return names
  }
}

const padding: Record<MediaFormat, string> = {
  png: "gtPd",
  jpeg: "fffe",
  gif: "21fe",
  webp: "GTPD",
  wav: "GTPD",
  mp4: "free"
}

describe.each(mediaFormats)("a padded %s", (type) => {
  it("has the requested size and contains the parts of its sample", async () => {
    const media = await loadMedia()
    const parts = parsers[type](bytesOf(media.file(type))).filter((name) => name !== padding[type])
    // Around the boundaries of units, where the last one is smallest.
    const sample = media.file(type).body.length
    const sizes = Array.from({ length: 16 }, (_, index) => [
      32_768 + index * 7,
      32_768 + sample + index,
      1_048_576 + sample + index
    ]).flat()
    for (const size of sizes) {
      const bytes = bytesOf(media.file(type, size))
      assert.strictEqual(bytes.length, size)
      const names = parsers[type](bytes)
      assert.deepEqual(
        names.filter((name) => name !== padding[type]),
        parts
      )
      assert.isAbove(names.length, parts.length)
    }
  })

  it("has revisions with the same length and different content", async () => {
    const media = await loadMedia()
    const files = [0, 1, 2].map((revision) => media.file(type, 200_001, revision))
    for (const file of files) assert.doesNotThrow(() => parsers[type](bytesOf(file)))
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
  media: MediaFormat = "mp4"
): Promise<[string, string]> => {
  const task = emulator.addTask({ vendor: "jimmy", kind: "image", media: [media], mediaSize: size })
  return [(await queryTask(emulator, task)).body.data.result.image_url, task.id]
}

describe("a large result", () => {
  it("has the announced length and the digest that the emulator returns", async () => {
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

  it("is the concatenation of its ranges", async () => {
    const emulator = await start()
    const size = 2_500_000
    const [link, id] = await linkOf(emulator, size, "png")
    const boundaries = [
      0,
      1,
      33,
      65_535,
      1_048_576,
      1_048_608,
      1_048_609,
      1_048_625,
      2_000_000,
      size - 1,
      size
    ]
    const parts = await inOrder(boundaries.slice(1).entries(), async ([index, end]) => {
      const response = await fetch(link, { headers: { range: `bytes=${boundaries[index]}-${end - 1}` } })
      assert.strictEqual(response.status, 206)
      assert.strictEqual(response.headers.get("content-length"), String(end - (boundaries[index] ?? 0)))
      return Buffer.from(await response.arrayBuffer())
    })
    assert.strictEqual(sha256(Buffer.concat(parts)), await emulator.digest("jimmy", id))
  })

  it("serves its last bytes immediately, at any size", async () => {
    const emulator = await start()
    const size = 2 ** 40
    const [link] = await linkOf(emulator, size)
    const response = await fetch(link, { headers: { range: "bytes=-10" } })
    assert.strictEqual(response.headers.get("content-range"), `bytes ${size - 10}-${size - 1}/${size}`)
    assert.strictEqual((await response.arrayBuffer()).byteLength, 10)
  })

  it("is generated only as fast as the client reads it", async () => {
    const emulator = await start()
    const [link] = await linkOf(emulator, 4_000_000_000)
    const before = process.memoryUsage().arrayBuffers
    const response = await fetch(link)
    const reader = response.body?.getReader()
    for (let count = 0; count < 20; count += 1) await reader?.read()
    assert.isBelow(process.memoryUsage().arrayBuffers - before, 32_000_000)
    await reader?.cancel()
  })

  it("has small previews", async () => {
    const emulator = await start()
    const { body } = await queryTask(emulator, emulator.addTask({ vendor: "sora", mediaSize: 1_000_000 }))
    const lengths = await inOrder([body.video_url, body.thumbnail_url, body.detail.gif_url], async (link) => {
      return Number((await send(link, { method: "HEAD" })).headers.get("content-length"))
    })
    assert.strictEqual(lengths[0], 1_000_000)
    assert.isTrue(lengths.slice(1).every((length) => length < 20_000))
  })

  it("has the same size in base64", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "jimeng", mediaSize: 50_000 })
    const { body } = await queryJimeng(emulator, { req_key: task.reqKey, task_id: task.id })
    const bytes = Buffer.from(body.data.binary_data_base64[0], "base64")
    assert.strictEqual(sha256(bytes), await emulator.digest("jimeng", task.id))
  })
})

describe("a digest", () => {
  it("is that of each unpadded sample without a size", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "aigptimage", media: ["png", "gif"] })
    const { resultUrls } = JSON.parse((await queryTask(emulator, task)).body.data.resultJson)
    await inOrder(resultUrls.entries() as Iterable<[number, string]>, async ([index, link]) => {
      const bytes = new Uint8Array(await (await fetch(link)).arrayBuffer())
      assert.strictEqual(await emulator.digest("aigptimage", task.id, index), sha256(bytes))
    })
  })

  it("is rejected for a result that does not exist", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "jimmy", id: "a" })
    const problems = await Promise.all(
      [emulator.digest("jimmy", task.id, 1), emulator.digest("sora", "a")].map((digest) =>
        digest.catch((error: Error) => `${error.name}: ${error.message}`)
      )
    )
    assert.deepEqual(problems, [
      'RangeError: The jimmy task "a" with a result 1 does not exist.',
      'RangeError: The sora task "a" with a result 0 does not exist.'
    ])
  })
})
