/** The files in a result. Each model defines its own, but all have the same form: https://fal.ai/docs */
import { kindFromUrl, readMedia } from "@gentask/core/provider"
import type { OutputDraft, OutputKind } from "@gentask/core/provider"
import * as z from "zod"

const text = z.string().nullish().catch(null)
const pixels = z.number().nullish().catch(null)

const file = z.object({ url: z.string().min(1), content_type: text, width: pixels, height: pixels })

const maxDepth = 8

const kindOf = (mediaType: string | null | undefined): OutputKind | undefined => {
  const kind = mediaType?.split("/", 1)[0]
  return kind === "image" || kind === "video" || kind === "audio" || kind === "model" ? kind : undefined
}

/**
 * Reads the files of a result: objects with a `url`, whatever the name of their member is, and links in members with a
 * usual name, such as `audio_url`.
 *
 * @param value The result, or a part of it.
 * @param name The name of the member.
 */
export const readFiles = (value: unknown, name = "output", depth = 0): ReadonlyArray<OutputDraft> => {
  if (depth > maxDepth) return []
  if (typeof value === "string") return readMedia({ [name]: value }, { kind: "image" })
  if (typeof value !== "object" || value === null) return []
  if (Array.isArray(value)) return value.flatMap((each) => readFiles(each, name, depth + 1))
  const found = file.safeParse(value)
  if (!found.success)
    return Object.entries(value).flatMap(([member, inner]) => readFiles(inner, member, depth + 1))
  const { url, content_type: mediaType, width, height } = found.data
  // The name of the member implies the kind and the role, such as that of a thumbnail.
  const [output] = readMedia({ [`${name}_url`]: url }, { kind: "image" })
  if (output === undefined) return []
  const kind = kindOf(mediaType) ?? kindFromUrl(url) ?? output.kind
  return [{ ...output, kind, mediaType: mediaType ?? output.mediaType, width, height }]
}
