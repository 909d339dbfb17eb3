const magicNumber = Buffer.from("28b52ffd", "hex")

/**
 * Checks whether zstd data ends before the end of its first frame (RFC 8878, section 3.1.1). Some versions of Node return
 * what they could decode of such data. Data that is not in the format is left to them.
 */
export const isTruncatedZstd = (data: Buffer): boolean => {
  const start = data.subarray(0, magicNumber.length)
  if (!start.equals(magicNumber.subarray(0, start.length))) return false
  const descriptor = data[4]
  if (descriptor === undefined) return true
  const isSingleSegment = (descriptor & 0x20) !== 0
  const windowBytes = isSingleSegment ? 0 : 1
  const dictionaryIdBytes = [0, 1, 2, 4][descriptor & 3] ?? 0
  const contentSizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0
  const checksumBytes = (descriptor & 4) === 0 ? 0 : 4
  let position = 5 + windowBytes + dictionaryIdBytes + contentSizeBytes
  for (;;) {
    if (position + 3 > data.length) return true
    const header = data.readUIntLE(position, 3)
    const isRepeatedByte = ((header >> 1) & 3) === 1
    position += 3 + (isRepeatedByte ? 1 : header >> 3)
    const isLast = (header & 1) === 1
    if (isLast) return position + checksumBytes > data.length
  }
}
