import type { MediaSource } from "@gentask/core"

/** A URL, or the vendor's name of an asset. A single letter before the colon is a drive of Windows. */
const linkPattern = /^[a-z][a-z0-9+.-]+:/i

/** Converts `FILE|URL` of the command line. Everything but a URL is the path of a file. */
export const mediaSource = (text: string): MediaSource => (linkPattern.test(text) ? text : { path: text })
