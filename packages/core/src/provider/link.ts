/** Links, where vendors do not say outright what stands in a field or behind a link. */
import type { OutputKind } from "../task/Output.ts"

/** A text, if it is a link: for a field that holds a link at times and words at others. */
export const asLink = (text: string | null | undefined): string | undefined =>
  text != null && /^https?:\/\//i.test(text) ? text : undefined

// A GIF is not here: it may stand still or move.
const extensions: Readonly<Partial<Record<OutputKind, ReadonlyArray<string>>>> = {
  image: ["png", "jpg", "jpeg", "webp", "avif", "heic", "bmp", "tif", "tiff", "svg"],
  video: ["mp4", "m4v", "mov", "webm", "mkv"],
  audio: ["mp3", "wav", "m4a", "aac", "flac", "ogg", "opus"]
}

const kinds: ReadonlyMap<string, OutputKind> = new Map(
  Object.entries(extensions).flatMap(([kind, names]) => names.map((name) => [name, kind as OutputKind]))
)

/** The kind of media that a link leads to, by its extension; undefined where it tells none. */
export const kindOfLink = (link: string): OutputKind | undefined => {
  const extension = /^[^?#]*\.(\w+)(?:[?#]|$)/.exec(link)?.[1] ?? ""
  return kinds.get(extension.toLowerCase())
}
