/** Finds the ends of streams that consist of frames or packets of the same kind. They may end after any of them. */
import type { EndCheck, FileWindow } from "./FileWindow.ts"

/** The length of the frame that begins with these bytes; undefined if they are no frame. */
type FrameLength = (header: Buffer) => number | undefined

// Bit rates in kbit/s by index (ISO 11172-3, 2.4.2.3, and ISO 13818-3).
const bitRates: Readonly<Record<string, ReadonlyArray<number>>> = {
  "1-1": [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  "1-2": [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  "1-3": [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  "2-1": [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  "2-2": [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  "2-3": [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
}
const sampleRates = [44_100, 48_000, 32_000]

const mpegFrameLength: FrameLength = (header) => {
  if (header.length < 4 || header.readUInt16BE(0) < 0xffe0) return undefined
  const [, versionBits = 0, rateBits = 0] = header
  // 3 is version 1, 2 is version 2, and 0 is version 2.5.
  const version = (versionBits >> 3) & 3
  const layer = 4 - ((versionBits >> 1) & 3)
  const bitRate = bitRates[`${version === 3 ? 1 : 2}-${layer}`]?.[(rateBits >> 4) - 1]
  const divisor = version === 3 ? 1 : version === 2 ? 2 : 4
  const sampleRate = (sampleRates[(rateBits >> 2) & 3] ?? 0) / divisor
  if (version === 1 || bitRate === undefined || sampleRate === 0) return undefined
  const padding = (rateBits >> 1) & 1
  if (layer === 1) return (Math.floor((12_000 * bitRate) / sampleRate) + padding) * 4
  const factor = layer === 3 && version !== 3 ? 72_000 : 144_000
  return Math.floor((factor * bitRate) / sampleRate) + padding
}

/** ADTS (ISO 13818-7, 6.2). */
const adtsFrameLength: FrameLength = (header) => {
  if (header.length < 6 || (header.readUInt16BE(0) & 0xfff6) !== 0xfff0) return undefined
  const length = ((header[3] ?? 0) & 3) * 2048 + header.readUInt16BE(4) / 32
  return length < 7 ? undefined : Math.floor(length)
}

/** The size of the ID3v2 tag at the start of a file, in bytes. */
const id3Bytes = async (file: FileWindow): Promise<number> => {
  const header = await file.read(0, 10)
  if (header.length < 10 || header.toString("latin1", 0, 3) !== "ID3") return 0
  const size = header.subarray(6).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0)
  return 10 + size
}

/** Follows frames until the end of the file, or until other data such as a tag begins. */
const framesEndState =
  (frameLength: FrameLength): EndCheck =>
  async (file) => {
    let position = await id3Bytes(file)
    while (position < file.size) {
      const header = await file.read(position, 6)
      const length = frameLength(header)
      // The file may end inside of a header.
      if (length === undefined) return header.length < 6 && header[0] === 0xff ? "suspect" : "unknown"
      position += length
    }
    return position === file.size ? "unknown" : "suspect"
  }

export const mpegAudioEndState = framesEndState(mpegFrameLength)
export const adtsEndState = framesEndState(adtsFrameLength)

const packetBytes = 188

/** The packets of an MPEG transport stream have the same size. */
export const transportStreamEndState: EndCheck = async (file) => {
  const [first] = await file.read(0, 1)
  const [second] = await file.read(packetBytes, 1)
  const hasPackets = first === 0x47 && second === 0x47
  return hasPackets && file.size % packetBytes !== 0 ? "suspect" : "unknown"
}
