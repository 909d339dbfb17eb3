/** The record of a file that was part of a request: `{ name, mediaType, size, sha256 }`. */
const isRecordedFile = (value: object): boolean =>
  "sha256" in value && "mediaType" in value && "size" in value

/** Checks whether the recorded input of an intent contains a file, whose bytes the ledger does not have. */
export const containsRecordedFile = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  (isRecordedFile(value) || Object.values(value).some(containsRecordedFile))
