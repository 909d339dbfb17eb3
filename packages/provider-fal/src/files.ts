/** The files in a result. Each model defines its own, but all have the same form: https://fal.ai/docs */
import { isOtherFile, kindFromUrl, readMedia } from "@gentask/core/provider"
import type { OutputDraft, OutputKind, SnapshotDraft } from "@gentask/core/provider"
import * as z from "zod"

const text = z.string().nullish().catch(null)
const pixels = z.number().nullish().catch(null)

const file = z.object({ url: z.string().min(1), content_type: text, width: pixels, height: pixels })

const maxDepth = 8

const kindOf = (mediaType: string | null | undefined): OutputKind | undefined => {
  const kind = mediaType?.split("/", 1)[0]
  return kind === "image" || kind === "video" || kind === "audio" || kind === "model" ? kind : undefined
}

/** The names of inputs that a result repeats. Other files are outputs, whatever their name is, such as masks. */
const inputName = /^(?:inputs?|prompt|params?|request|reference|ref)(?:_|$)/

const readFile = (name: string, { url, content_type: mediaType, width, height }: z.infer<typeof file>) => {
  const field = { kind: "image" } as const
  // The name of the member implies the kind and the role, such as that of a thumbnail.
  const named = readMedia({ [`${name}_url`]: url }, field)
  const isFile = mediaType != null && !inputName.test(name)
  const [output] = named.length === 0 && isFile ? readMedia(url, field) : named
  if (output === undefined) return []
  const kind = kindOf(mediaType) ?? kindFromUrl(url) ?? output.kind
  return [{ ...output, kind, mediaType: mediaType ?? output.mediaType, width, height }]
}

const readValue = (value: unknown, name: string, depth: number): ReadonlyArray<OutputDraft> => {
  if (depth > maxDepth) return []
  if (typeof value === "string") return readMedia({ [name]: value }, { kind: "image" })
  if (typeof value !== "object" || value === null) return []
  if (Array.isArray(value)) return value.flatMap((each) => readValue(each, name, depth + 1))
  const found = file.safeParse(value)
  return found.success
    ? readFile(name, found.data)
    : Object.entries(value).flatMap(([member, inner]) => readValue(inner, member, depth + 1))
}

/** Models that are trained have weights and archives as results. */
const isMedia = ({ url, mediaType }: OutputDraft): boolean =>
  url == null || kindOf(mediaType) !== undefined || !isOtherFile(url)

/**
 * Reads the files of a result: objects with a `url`, whatever the name of their member is, and links in members with a
 * usual name, such as `audio_url`. Links to files that are not media are in a warning.
 */
export const readFiles = (result: unknown): Pick<SnapshotDraft, "outputs" | "warnings"> => {
  const files = readValue(result, "output", 0)
  const others = files.filter((each) => !isMedia(each)).map(({ url }) => url)
  return {
    outputs: files.filter(isMedia),
    warnings: others.length === 0 ? [] : [`The result has files that are not media: ${others.join(", ")}.`]
  }
}
