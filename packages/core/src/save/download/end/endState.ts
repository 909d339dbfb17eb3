/** Finds out from the end of a media file whether the file is complete. */
import { adtsEndState, mpegAudioEndState, transportStreamEndState } from "./audioEnd.ts"
import {
  aviEndState,
  imageBoxesEndState,
  matroskaEndState,
  oggEndState,
  videoBoxesEndState,
  wavEndState,
  webpEndState
} from "./containerEnd.ts"
import type { EndCheck, EndState, FileWindow } from "./FileWindow.ts"
import { bmpEndState, gifEndState, jpegEndState, pngEndState, svgEndState } from "./imageEnd.ts"

const checks: Readonly<Record<string, EndCheck>> = {
  "image/png": pngEndState,
  "image/apng": pngEndState,
  "image/jpeg": jpegEndState,
  "image/gif": gifEndState,
  "image/bmp": bmpEndState,
  "image/svg+xml": svgEndState,
  "image/webp": webpEndState,
  "image/avif": imageBoxesEndState,
  "image/heic": imageBoxesEndState,
  "image/heif": imageBoxesEndState,
  "image/heic-sequence": imageBoxesEndState,
  "image/heif-sequence": imageBoxesEndState,
  "video/mp4": videoBoxesEndState,
  "video/quicktime": videoBoxesEndState,
  "video/x-m4v": videoBoxesEndState,
  "video/3gpp": videoBoxesEndState,
  "video/3gpp2": videoBoxesEndState,
  "audio/mp4": videoBoxesEndState,
  "audio/x-m4a": videoBoxesEndState,
  "video/webm": matroskaEndState,
  "video/matroska": matroskaEndState,
  "video/vnd.avi": aviEndState,
  "audio/wav": wavEndState,
  "audio/ogg": oggEndState,
  "audio/ogg; codecs=opus": oggEndState,
  "video/ogg": oggEndState,
  "audio/mpeg": mpegAudioEndState,
  "audio/aac": adtsEndState,
  "video/mp2t": transportStreamEndState
}

/**
 * Finds out from the end of a media file whether the file is complete.
 *
 * @param mediaType The detected media type. For a format without a check, the result is `unknown`.
 * @param isStrict Whether to follow the whole structure, where an end marker would do for a file of known length.
 */
export const endState = (file: FileWindow, mediaType: string, isStrict: boolean): Promise<EndState> =>
  checks[mediaType]?.(file, isStrict) ?? Promise.resolve("unknown")
