import type { OutputKind, OutputRole } from "../task/Output.ts"
import { kindFromUrl } from "./kindFromUrl.ts"
import type { OutputDraft } from "./SnapshotDraft.ts"
import { tryParseJson } from "./tryParseJson.ts"

/** What a field contains, where the vendor documents it. */
export interface MediaField {
  /** The kind, if neither the link's extension nor the member's name tells it. */
  readonly kind: OutputKind
  /** @default "result" */
  readonly role?: OutputRole | undefined
  /** Whether the documented kind wins over the link's extension. @default false */
  readonly isExact?: boolean | undefined
}

/** How deep nested lists and objects are read. */
const maxDepth = 6

const linkNames = /^(?:url|uri|href|src|link|(?:\w*?)(?:_url|Url|_uri|Uri))$/

const inlineNames =
  /^(?:b64_json|b64Json|base64|b64|image_base64|imageBase64|binary_data_base64|bytesBase64Encoded|data_base64)$/

const listNames =
  /^(?:urls|images?|videos?|audios?|outputs?|output|results?|result|data|items?|files?|media|resources?|content|\w+_urls|\w+Urls|samples?|generated\w*|creations?|works?)$/

const kindOfName = (name: string): OutputKind | undefined =>
  /video|mp4/i.test(name)
    ? "video"
    : /audio|music|sound/i.test(name)
      ? "audio"
      : /image|img|picture|photo/i.test(name)
        ? "image"
        : undefined

const roleOfName = (name: string): OutputRole | undefined => {
  if (/water_?mark/i.test(name) && !/(?:no|without|un|remove)_?water_?mark/i.test(name)) return "watermarked"
  if (/thumb|cover|poster/i.test(name)) return "thumbnail"
  if (/preview|gif/i.test(name)) return "preview"
  return undefined
}

const dataUri = /^data:([a-z]+\/[\w.+-]+)?(?:;[\w=-]+)*;base64,/i

const readText = (text: string, field: MediaField, depth: number): ReadonlyArray<OutputDraft> => {
  const trimmed = text.trim().replace(/^[`'"<\s]+|[`'">\s]+$/g, "")
  if (trimmed === "") return []
  const inline = dataUri.exec(trimmed)
  if (inline !== null) {
    const mediaType = inline[1]?.toLowerCase()
    const kind = mediaType?.split("/")[0]
    const isKind = kind === "image" || kind === "video" || kind === "audio"
    return [{ kind: isKind ? kind : field.kind, role: field.role, base64: trimmed, mediaType }]
  }
  if (/^[[{]/.test(trimmed)) {
    const json = tryParseJson(trimmed)
    return json === undefined ? [] : readValue(json, field, depth + 1)
  }
  const kind = field.isExact === true ? field.kind : (kindFromUrl(trimmed) ?? field.kind)
  return [{ kind, role: field.role, url: trimmed }]
}

const readObject = (
  value: Readonly<Record<string, unknown>>,
  field: MediaField,
  depth: number
): ReadonlyArray<OutputDraft> => {
  const outputs: Array<OutputDraft> = []
  for (const [name, member] of Object.entries(value)) {
    const named: MediaField = {
      kind: field.isExact === true ? field.kind : (kindOfName(name) ?? field.kind),
      role: roleOfName(name) ?? field.role,
      isExact: field.isExact
    }
    if (inlineNames.test(name)) {
      for (const base64 of Array.isArray(member) ? member : [member]) {
        if (typeof base64 === "string" && base64 !== "") {
          outputs.push({ kind: named.kind, role: named.role, base64 })
        }
      }
    } else if (linkNames.test(name) || listNames.test(name))
      outputs.push(...readValue(member, named, depth + 1))
  }
  return outputs
}

const readValue = (value: unknown, field: MediaField, depth: number): ReadonlyArray<OutputDraft> => {
  if (depth > maxDepth) return []
  if (typeof value === "string") return readText(value, field, depth)
  if (Array.isArray(value)) return value.flatMap((each) => readValue(each, field, depth + 1))
  if (typeof value !== "object" || value === null) return []
  return readObject(value as Readonly<Record<string, unknown>>, field, depth)
}

/**
 * Reads the media of a result field in whatever shape the vendor sends it: a link, a `data:` URI, an object with links or
 * base64, a list of them, or JSON in a text. Anything else is ignored.
 *
 * ```ts
 * readMedia(body.result?.image_urls, { kind: "image" })
 * readMedia([{ url: "https://cdn.example/1.mp4" }], { kind: "video" })
 * readMedia({ resultUrls: ["https://cdn.example/a.mp4"], resultWaterMarkUrls: ["https://cdn.example/w.mp4"] }, { kind: "image" })
 * ```
 *
 * Links with the same text are read once.
 */
export const readMedia = (value: unknown, field: MediaField): ReadonlyArray<OutputDraft> => {
  const seen = new Set<string>()
  return readValue(value, field, 0).filter(({ url, base64 }) => {
    const key = url ?? base64 ?? ""
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
