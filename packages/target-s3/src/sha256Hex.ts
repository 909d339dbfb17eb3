import { createHash } from "node:crypto"

/** The SHA-256 digest of text, in hexadecimal. */
export const sha256Hex = (text: string): string => createHash("sha256").update(text).digest("hex")
