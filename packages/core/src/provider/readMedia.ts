import type { OutputKind, OutputRole } from "../task/Output.ts"
import { kindFromUrl } from "./kindFromUrl.ts"
import { mediaName } from "./mediaName.ts"
import { parseJsonPrefix } from "./parseJsonPrefix.ts"
import type { OutputDraft } from "./SnapshotDraft.ts"
import { trimLink } from "./trimLink.ts"
import { tryParseJson } from "./tryParseJson.ts"

/** What a field contains, according to the vendor's documentation. */
export interface MediaField {
  /** The kind of media that is used if neither the link nor the name of the member implies one. */
  readonly kind: OutputKind
  /** The role that is used if the name of the member implies none. @default "result" */
  readonly role?: OutputRole | undefined
}

/** What the value that is being read may be, beyond what it looks like. */
interface Position extends MediaField {
  /** Whether any text counts as a link. Otherwise only text that looks like one does. */
  readonly isLink: boolean
  readonly depth: number
}

const maxDepth = 8

const dataUri = /^data:([a-z]+\/[\w.+-]+)?(?:;[\w=.+-]+)*;base64,/i

/** The start of PNG, JPEG, GIF, RIFF (WebP, WAV), MP4 and Matroska files in base64. A path may start with `/9j/`, too. */
const base64Start = /^(?:iVBORw0KGgo|\/9j\/|R0lGOD|UklGR|AAAA\wGZ0eX|GkXfo)[A-Za-z0-9+/_=\s-]{40,}$/

/** Most texts are a single link, which needs no further search. */
const plainLink = /^https?:\/\/[^\s`'"<>()[\]{},;|]+$/i

const linkLike = /^(?:https?:)?\/\/|^\/[^/\s]|^\S+\.(?:gif|glb)$/i

const markdownLink = /\]\(\s*(https?:\/\/[^\s)]+)/gi

const kindOfType = (type: unknown): OutputKind | undefined => {
  const kind = typeof type === "string" ? type.split(/[/_]/, 1)[0]?.toLowerCase() : undefined
  return kind === "image" || kind === "video" || kind === "audio" ? kind : undefined
}

const isLink = (text: string): boolean =>
  linkLike.test(text) || (kindFromUrl(text) !== undefined && !/\s/.test(text))

/** Longer texts are not searched for several links, which may take a time that is quadratic in the length. */
const maxSearchedLength = 10_000

const readMarkdown = (text: string): ReadonlyArray<string> =>
  text.length > maxSearchedLength ? [] : Array.from(text.matchAll(markdownLink), (match) => match[1] ?? "")

const readLinks = (text: string): ReadonlyArray<string> => {
  if (text.length > maxSearchedLength) return [text]
  const inMarkdown = readMarkdown(text)
  return inMarkdown.length > 0 ? inMarkdown : text.split(/[\s,;|]+(?=https?:\/\/)/i)
}

const none: ReadonlyArray<never> = []

/** Parses JSON in a text, which may be JSON text again. Undefined if the text is neither. */
const readEmbedded = (text: string, trimmed: string): unknown => {
  if (/^[[{]/.test(trimmed)) {
    const value = parseJsonPrefix(trimmed)
    if (value !== undefined) return value
  }
  return /^\s*"\s*[[{"\\]/.test(text) ? tryParseJson(text) : undefined
}

const readText = (text: string, position: Position): ReadonlyArray<OutputDraft> => {
  const { kind, role, depth } = position
  if (plainLink.test(text)) return [{ kind: kindFromUrl(text) ?? kind, role, url: text }]
  const trimmed = trimLink(text)
  if (trimmed === "") return none
  const inline = dataUri.exec(trimmed)
  if (inline !== null) {
    const mediaType = inline[1]?.toLowerCase()
    return [{ kind: kindOfType(mediaType) ?? kind, role, base64: trimmed, mediaType }]
  }
  if (base64Start.test(trimmed)) return [{ kind, role, base64: trimmed }]
  const embedded = readEmbedded(text, trimmed)
  if (embedded !== undefined) return readValue(embedded, { ...position, depth: depth + 1 })
  // Invalid JSON may be a link in Markdown, but nothing else.
  if (/^[[{]/.test(trimmed))
    return readMarkdown(trimmed).map((url) => ({ kind: kindFromUrl(url) ?? kind, role, url }))
  return readLinks(trimmed)
    .filter((link) => position.isLink || isLink(link))
    .map((url) => ({ kind: kindFromUrl(url) ?? kind, role, url }))
}

const readBase64 = (value: unknown, position: Position): ReadonlyArray<OutputDraft> =>
  [value].flat().flatMap((text) => {
    if (typeof text !== "string" || text === "") return []
    if (/^(?:data|https?):/i.test(text)) return readText(text, position)
    return [{ kind: position.kind, role: position.role, base64: text }]
  })

const readObject = (
  value: Readonly<Record<string, unknown>>,
  position: Position
): ReadonlyArray<OutputDraft> => {
  const outputs: Array<OutputDraft> = []
  const kind = kindOfType(value["type"] ?? value["mime_type"] ?? value["mimeType"]) ?? position.kind
  for (const name of Object.keys(value)) {
    const member = value[name]
    const named = mediaName(name)
    if (named.type === "other" || !member) continue
    const inner = {
      kind: named.kind ?? kind,
      role: named.role ?? position.role,
      isLink: named.type === "link",
      depth: position.depth + 1
    }
    outputs.push(...(named.type === "base64" ? readBase64(member, inner) : readValue(member, inner)))
  }
  return outputs
}

const readValue = (value: unknown, position: Position): ReadonlyArray<OutputDraft> => {
  if (position.depth > maxDepth) return none
  if (typeof value === "string") return readText(value, position)
  if (typeof value !== "object" || value === null) return none
  if (!Array.isArray(value)) return readObject(value as Readonly<Record<string, unknown>>, position)
  return value.flatMap((item) => readValue(item, { ...position, depth: position.depth + 1 }))
}

/** A link for the vendor's own use, such as `tos://bucket/key`. */
const isInternal = ({ url }: OutputDraft): boolean =>
  url != null && /^[a-z][\w+.-]*:\/\//i.test(url) && !/^https?:/i.test(url)

/**
 * Reads the media of a result field, in whatever shape the vendor sends it: links, `data:` URIs, base64, lists and objects
 * of them, and JSON as text. Members of objects are recognized by their usual names, such as `url`, `video_url`, `images`
 * or `b64_json`. Names also determine the kind and the role, such as that of a thumbnail.
 *
 * ```ts
 * readMedia(body.result?.image_urls, { kind: "image" })
 * readMedia({ images: [{ b64_json: "iVBORw0KGgo=" }] }, { kind: "image" })
 * readMedia('{"resultUrls":["https://cdn.example/1.mp4"],"resultWaterMarkUrls":["https://cdn.example/2.mp4"]}', {
 *   kind: "image"
 * })
 * // [{ kind: "video", url: "https://cdn.example/1.mp4" }, { kind: "video", role: "watermarked", url: … }]
 * ```
 *
 * @param value The field of the response. A text that is neither JSON nor base64 is read as a link.
 * @param field What the field contains.
 * @returns Each link and each inline file once. Empty for other values, such as `false`.
 */
export const readMedia = (value: unknown, field: MediaField): ReadonlyArray<OutputDraft> => {
  if (!value) return none
  const outputs = readValue(value, { kind: field.kind, role: field.role, isLink: true, depth: 0 })
  if (outputs.length < 2) return outputs
  const keys = new Set<unknown>()
  const unique = outputs.filter(({ url, base64 }) => {
    const key = url ?? base64
    return !keys.has(key) && keys.add(key)
  })
  return unique.every(isInternal) ? unique : unique.filter((output) => !isInternal(output))
}
