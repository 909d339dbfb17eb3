/** What a saved file itself says about its origin. True: found. False: searched and not found. Null: not known. */
export interface Marks {
  /** Content Credentials: a C2PA manifest store. Its signature is not verified. */
  readonly c2pa: boolean | null
  /** IPTC: the XMP property `DigitalSourceType` says that a model generated the media, or a part of it. */
  readonly iptc: boolean | null
  /** China's GB 45438-2025: the implicit label `AIGC` of TC260. */
  readonly aigc: boolean | null
}

/** The marks of a file that was not searched. */
export const unknownMarks: Marks = { c2pa: null, iptc: null, aigc: null }

/** A part of a file that may contain marks. */
export interface MarkSegment {
  /** `c2pa` is a C2PA manifest store. `text` may contain XMP or a label as text. */
  readonly kind: "c2pa" | "text"
  readonly position: number
  readonly length: number
}

/** Returns the segments of a file. Throws {@link SearchIncomplete} if it cannot reach the end of the structure. */
export type SegmentReader = (file: MarkSource) => AsyncGenerator<MarkSegment, void>

/** Random access to a file. */
export interface MarkSource {
  /** In bytes. */
  readonly size: number
  /** Reads bytes; fewer than requested at the end of the file. */
  readonly read: (position: number, length: number) => Promise<Buffer>
}

/** The structure of a file is invalid, or has more parts than are searched. */
export class SearchIncomplete extends Error {
  override readonly name = "SearchIncomplete"
}

/** How many parts of a file are visited: reading a header takes up to 50 microseconds. */
export const maxSteps = 2000

/** Counts the visited parts of a file. */
export const makeStepCounter = (): (() => void) => {
  let steps = 0
  return () => {
    steps += 1
    if (steps > maxSteps) throw new SearchIncomplete()
  }
}
