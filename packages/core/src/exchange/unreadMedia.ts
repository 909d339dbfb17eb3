import { classifyFailure } from "../provider/classifyFailure.ts"

const maxNodes = 2000
const maxNames = 5
const maxQuotedLength = 120

const link = /^\s*[`'"<]*https?:\/\//i
const media =
  /^data:[a-z]+\/|\.(?:mp4|mov|webm|m4v|png|jpe?g|webp|gif|avif|mp3|wav|m4a|ogg|flac|glb)(?:[?#]|$)/i
const inlineName = /b64|base64/i

interface Leaf {
  readonly path: string
  readonly name: string
  readonly text: string
}

/** Returns the texts of a JSON value with their paths, without recursion: a response may be nested deeply. */
const textsOf = (body: unknown): ReadonlyArray<Leaf> => {
  const leaves: Array<Leaf> = []
  const open: Array<{ readonly path: string; readonly name: string; readonly value: unknown }> = [
    { path: "", name: "", value: body }
  ]
  for (let count = 0; count < maxNodes; count += 1) {
    const node = open.pop()
    if (node === undefined) break
    const { path, name, value } = node
    if (typeof value === "string") leaves.push({ path, name, text: value })
    else if (typeof value === "object" && value !== null) {
      for (const [member, each] of Object.entries(value).slice(0, maxNodes).toReversed()) {
        open.push({ path: path === "" ? member : `${path}.${member}`, name: member, value: each })
      }
    }
  }
  return leaves
}

const quote = (text: string): string => {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim()
  return line.length > maxQuotedLength ? `${line.slice(0, maxQuotedLength)}…` : line
}

/**
 * Returns warnings about a success in which no output was recognized: which members may contain media, and whether the
 * response mentions that the content was blocked.
 */
export const unreadMediaWarnings = (body: unknown): ReadonlyArray<string> => {
  const leaves = textsOf(body)
  const paths = leaves.flatMap(({ path, name, text }) =>
    link.test(text) || media.test(text) || (inlineName.test(name) && text !== "") ? [path] : []
  )
  const blocked = leaves.find(
    ({ text }) => text.length > 8 && !link.test(text) && classifyFailure(text)?.reason === "moderation"
  )
  return [
    ...(paths.length === 0
      ? []
      : [
          `Members of the response that may contain media were not read: ${paths.slice(0, maxNames).join(", ")}.`
        ]),
    ...(blocked === undefined ? [] : [`The response says at ${blocked.path}: "${quote(blocked.text)}".`])
  ]
}
