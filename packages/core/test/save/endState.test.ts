import { mkdtemp, open, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { endState } from "../../src/save/download/end/endState.ts"
import { FileWindow } from "../../src/save/download/end/FileWindow.ts"
import {
  adts,
  box,
  ftyp,
  gif,
  jpeg,
  mp3,
  mp4,
  oggPage,
  png,
  riff,
  transportStream,
  webm,
  webp
} from "../support/mediaFiles.ts"

let path = ""
beforeAll(async () => {
  path = join(await mkdtemp(join(tmpdir(), "gentask-")), "file")
})
afterAll(() => rm(join(path, ".."), { recursive: true, force: true }))

const stateOf = async (bytes: Uint8Array, mediaType: string, isStrict = true) => {
  await writeFile(path, bytes)
  const file = await open(path)
  return endState(new FileWindow(file, bytes.length), mediaType, isStrict).finally(() => file.close())
}

/** The states of a file when its last bytes are missing. */
const statesWithout = async (
  bytes: Buffer,
  mediaType: string,
  missing: ReadonlyArray<number>,
  isStrict = true
): Promise<ReadonlyArray<string>> => {
  const states: Array<string> = []
  for (const count of missing)
    states.push(await stateOf(bytes.subarray(0, bytes.length - count), mediaType, isStrict))
  return states
}

describe("the end of a complete file", () => {
  it.each([
    ["image/png", png, "complete"],
    ["image/jpeg", jpeg, "complete"],
    ["image/gif", gif, "complete"],
    ["image/webp", webp, "complete"],
    // More boxes may follow.
    ["video/mp4", mp4, "unknown"],
    [
      "image/avif",
      Buffer.concat([ftyp("avif"), box("meta", Buffer.alloc(9)), box("mdat", Buffer.alloc(9))]),
      "unknown"
    ],
    ["audio/wav", riff("WAVE"), "complete"],
    ["video/vnd.avi", riff("AVI "), "unknown"],
    ["video/webm", webm(200), "complete"],
    ["audio/ogg", Buffer.concat([oggPage(false), oggPage(true)]), "complete"],
    ["audio/mpeg", mp3(), "unknown"],
    ["audio/aac", adts(), "unknown"],
    ["video/mp2t", transportStream(), "unknown"],
    ["image/svg+xml", Buffer.from("<svg><path/></svg>\n"), "unknown"],
    ["image/tiff", Buffer.from("II*\0 and so on"), "unknown"]
  ])("of the type %s is %s", async (mediaType, bytes, expected) => {
    expect(await stateOf(bytes, mediaType)).toBe(expected)
  })
})

describe("the end of a truncated file", () => {
  it.each([
    ["image/png", png],
    ["image/jpeg", jpeg],
    ["image/webp", webp],
    ["video/mp4", mp4]
  ])("of the type %s is truncated, wherever it was cut", async (mediaType, bytes) => {
    for (const isStrict of [true, false]) {
      const missing = [1, 5, Math.floor(bytes.length / 2), bytes.length - 40]
      const states = await statesWithout(bytes, mediaType, missing, isStrict)
      expect(new Set(states)).toEqual(new Set(["truncated"]))
    }
  })

  it.each([
    ["audio/wav", riff("WAVE"), [1, 100]],
    ["video/vnd.avi", riff("AVI "), [1, 100]],
    ["video/webm", webm(200), [1, 100]],
    ["audio/ogg", Buffer.concat([oggPage(false), oggPage(true)]), [1, 50, 128, 130]],
    ["audio/mpeg", mp3(), [1, 416]],
    ["audio/aac", adts(), [1, 190]],
    ["video/mp2t", transportStream(), [1, 187]],
    ["image/svg+xml", Buffer.from("<svg><path/><text>some more</text></svg>"), [1, 10]],
    ["image/gif", gif, [1]]
  ])("of the type %s is suspect", async (mediaType, bytes, missing) => {
    expect(new Set(await statesWithout(bytes, mediaType, missing))).toEqual(new Set(["suspect"]))
  })

  it("of a GIF is truncated inside of a block", async () => {
    expect(await statesWithout(gif, "image/gif", [2, Math.floor(gif.length / 2)])).toEqual([
      "truncated",
      "truncated"
    ])
  })

  it("cannot be found between two frames of audio", async () => {
    expect(await stateOf(mp3(10), "audio/mpeg")).toBe("unknown")
  })
})

describe("the end of a PNG", () => {
  it("is unknown if other data follows, or if the file has no chunks", async () => {
    expect(await stateOf(Buffer.concat([png, Buffer.from("more")]), "image/png")).toBe("unknown")
    expect(await stateOf(Buffer.concat([png.subarray(0, 33), Buffer.alloc(500, 1)]), "image/png")).toBe(
      "unknown"
    )
  })

  it("is not taken from text in a chunk, if the check is strict", async () => {
    const text = Buffer.concat([
      png.subarray(0, 33),
      Buffer.from("\0\0\x01\0tEXt", "latin1"),
      png.subarray(-12)
    ])
    expect(await stateOf(text, "image/png", false)).toBe("complete")
    expect(await stateOf(text, "image/png", true)).toBe("truncated")
  })
})

describe("the end of a JPEG", () => {
  const segment = (marker: number, content: Buffer): Buffer =>
    Buffer.concat([Buffer.from([0xff, marker, 0, content.length + 2]), content])
  const end = Buffer.from([0xff, 0xd9])
  const start = Buffer.from([0xff, 0xd8])
  const thumbnail = segment(0xe1, Buffer.concat([Buffer.from("Exif"), start, Buffer.alloc(50), end]))
  const scan = segment(0xda, Buffer.alloc(10))
  const data = Buffer.concat([Buffer.alloc(200_000, 7), Buffer.from([0xff, 0, 0xff, 0xd0, 0xff, 0xff, 0x00])])

  it("is that of the image, and not of the thumbnail in it", async () => {
    const file = Buffer.concat([start, thumbnail, scan, data, end])
    expect(await stateOf(file, "image/jpeg")).toBe("complete")
    const cut = file.subarray(0, 2 + thumbnail.length)
    expect(cut.subarray(-2)).toEqual(end)
    expect(await stateOf(cut, "image/jpeg")).toBe("truncated")
  })

  it("is unknown if other data follows, such as a second image", async () => {
    const file = Buffer.concat([start, scan, data, end, Buffer.from("more")])
    expect(await stateOf(file, "image/jpeg", false)).toBe("unknown")
  })

  it("is suspect if the file has no segments, and no end marker at its end", async () => {
    const file = Buffer.concat([start, thumbnail, Buffer.alloc(100), end])
    expect(await stateOf(file, "image/jpeg", true)).toBe("suspect")
    expect(await stateOf(file, "image/jpeg", false)).toBe("complete")
    expect(await stateOf(file.subarray(0, -2), "image/jpeg", false)).toBe("suspect")
  })
})

describe("the end of an MP4", () => {
  const content = Buffer.alloc(100)
  const stateOfBoxes = (...boxes: ReadonlyArray<Buffer>) =>
    stateOf(Buffer.concat([ftyp(), ...boxes]), "video/mp4")
  const largeBox = (length: bigint): Buffer => {
    const size = Buffer.alloc(8)
    size.writeBigUInt64BE(length)
    return box("mdat", Buffer.concat([size, content]), 1)
  }

  it("is suspect if there is a description of the data, but no data", async () => {
    expect(await stateOfBoxes(box("moov", content))).toBe("suspect")
    expect(await stateOfBoxes(box("mdat", content))).toBe("unknown")
    expect(await stateOfBoxes(box("moov", content), box("moof", content), box("mdat", content))).toBe(
      "unknown"
    )
  })

  it("is found in boxes with a length of 64 bits", async () => {
    expect(await stateOfBoxes(box("moov", content), largeBox(116n))).toBe("unknown")
    expect(await stateOfBoxes(box("moov", content), largeBox(117n))).toBe("truncated")
    expect(await stateOfBoxes(box("mdat", Buffer.alloc(2), 1))).toBe("truncated")
  })

  it("is unknown if the last box extends to the end of the file, or if other data follows", async () => {
    expect(await stateOfBoxes(box("moov", content), box("mdat", content, 0))).toBe("unknown")
    expect(await stateOfBoxes(box("moov", content), Buffer.from("gentaskgentask"))).toBe("unknown")
  })

  it("is suspect inside of a header, or if a length is impossible", async () => {
    expect(await stateOfBoxes(box("moov", content), Buffer.from("\0\0\x01\0mda", "latin1"))).toBe("suspect")
    expect(await stateOfBoxes(box("moov", content, 7))).toBe("suspect")
  })
})

describe("the end of a file whose header was written before its content", () => {
  it.each([0, 0xffffffff, 0x7fffffff])("is unknown for a WAV with the size %i", async (size) => {
    expect(await stateOf(riff("WAVE", size), "audio/wav")).toBe("unknown")
  })

  it("is unknown for a WebM without a size", async () => {
    expect(await stateOf(webm("unknown"), "video/webm")).toBe("unknown")
  })

  it("is unknown if the file is longer than its header says", async () => {
    expect(await stateOf(riff("WAVE", 50), "audio/wav")).toBe("unknown")
    expect(await stateOf(webm(50), "video/webm")).toBe("unknown")
    expect(await stateOf(Buffer.concat([webp, Buffer.alloc(3)]), "image/webp")).toBe("unknown")
  })
})

describe("the end of audio", () => {
  it("is found after a tag at the start, and unknown before a tag at the end", async () => {
    const tag = Buffer.concat([Buffer.from("ID3\x04\0\0\0\0\x01\x00", "latin1"), Buffer.alloc(128)])
    expect(await stateOf(Buffer.concat([tag, mp3()]), "audio/mpeg")).toBe("unknown")
    expect(await stateOf(Buffer.concat([tag, mp3()]).subarray(0, -1), "audio/mpeg")).toBe("suspect")
    const trailer = Buffer.concat([Buffer.from("TAG"), Buffer.alloc(125)])
    expect(await stateOf(Buffer.concat([mp3(), trailer]), "audio/mpeg")).toBe("unknown")
  })

  it("is unknown if there are no frames", async () => {
    expect(await stateOf(Buffer.from("x"), "audio/mpeg")).toBe("unknown")
    expect(await stateOf(Buffer.from("x"), "audio/aac")).toBe("unknown")
    expect(await stateOf(Buffer.from("x"), "video/mp2t")).toBe("unknown")
  })
})
