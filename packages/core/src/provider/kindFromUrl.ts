import type { OutputKind } from "../task/Output.ts"

// No GIF: it is an image or an animation.
const extensions: Readonly<Partial<Record<OutputKind, ReadonlyArray<string>>>> = {
  image: ["png", "jpg", "jpeg", "webp", "avif", "heic", "bmp", "tif", "tiff", "svg"],
  video: ["mp4", "m4v", "mov", "webm", "mkv"],
  audio: ["mp3", "wav", "m4a", "aac", "flac", "ogg", "opus"],
  model: ["glb", "gltf", "obj", "usdz", "fbx", "stl", "ply"]
}

const kinds: ReadonlyMap<string, OutputKind> = new Map(
  Object.entries(extensions).flatMap(([kind, names]) => names.map((name) => [name, kind as OutputKind]))
)

/**
 * Derives the kind of media from the file extension of a URL.
 *
 * ```ts
 * kindFromUrl("https://cdn.example.com/1.mp4?x=1") // "video"
 * kindFromUrl("https://cdn.example.com/1") // undefined
 * ```
 *
 * @param url An absolute or relative URL.
 * @returns Undefined if the URL has no extension, or one of no particular kind such as `.gif`.
 */
export const kindFromUrl = (url: string): OutputKind | undefined => {
  const extension = /^[^?#]*\.(\w+)(?:[?#]|$)/.exec(url)?.[1] ?? ""
  return kinds.get(extension.toLowerCase())
}

/** The last segment of a path with an extension. The names of GIF files have no kind, but are media. */
const named = /^https?:\/\/[^?#/]+\/(?:[^?#]*\/)?[^?#/]*\.(?!gif(?:[?#]|$))[a-z]\w{1,10}(?:[?#]|$)/i

/**
 * Checks whether a link is one to a file that is not media, by the extension of its path: an archive or a document.
 *
 * ```ts
 * isOtherFile("https://cdn.example.com/weights.safetensors") // true
 * isOtherFile("https://cdn.example.com/1.mp4") // false
 * isOtherFile("https://cdn.example.com/1") // false
 * ```
 *
 * @param url An absolute URL.
 */
export const isOtherFile = (url: string): boolean => kindFromUrl(url) === undefined && named.test(url)
