import type { SnapshotDraft } from "../provider/SnapshotDraft.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { classifyFailure } from "../provider/classifyFailure.ts"
import { tryParseJson } from "../provider/tryParseJson.ts"

const maxNodes = 2000
const maxNames = 5
const maxQuotedLength = 120

/** Shorter texts are words of a status. Longer ones are not messages. */
const minSentenceLength = 8
const maxSentenceLength = 1000

/** How many texts are searched for a message about blocked content. */
const maxSentences = 200

const link = /^\s*[`'"<]*https?:\/\//i
const media =
  /^data:[a-z]+\/|\.(?:mp4|mov|webm|m4v|png|jpe?g|webp|gif|avif|mp3|wav|m4a|ogg|flac|glb)(?:[?#]|$)/i
const inlineName = /b64|base64/i

/** What the task was created from, and where the vendor reports it to: not its result. */
const inputName =
  /^(?:input|inputs|params?|parameters|request|prompt|\w*_prompt|reference\w*)$|call_?back|webhook/i

/** Links to further requests about the task, and to its page. */
const requestLinkName = /^(?:get|cancel|self|stream|web)$|(?:status|cancel|response|poll(?:ing)?)_url$/i

/** A member whose text is that of an error, or a member inside of one. */
const errorName = /(?:^|[._])(?:err(?:or)?s?|fail(?:ure|ed)?)(?:$|[._]|[A-Z]|_?(?:message|msg|reason)$)/

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
    const { path, name } = node
    const value =
      typeof node.value === "string" && /^\s*[[{]/.test(node.value)
        ? (tryParseJson(node.value) ?? node.value)
        : node.value
    if (typeof value === "string") leaves.push({ path, name, text: value })
    else if (typeof value === "object" && value !== null) {
      for (const [member, each] of Object.entries(value).slice(0, maxNodes).toReversed()) {
        if (inputName.test(member)) continue
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

const mayBeMedia = ({ name, text }: Leaf): boolean =>
  (link.test(text) && (media.test(text) || !requestLinkName.test(name))) ||
  (media.test(text) && !/file_?name$/i.test(name)) ||
  (inlineName.test(name) && text !== "")

const isSentence = ({ length }: string): boolean => length > minSentenceLength && length <= maxSentenceLength

/**
 * Returns warnings about a success in which no output was recognized: which members may contain media, and whether the
 * response mentions that the content was blocked.
 *
 * @param body The response as JSON.
 */
export const unreadMediaWarnings = (body: unknown): ReadonlyArray<string> => {
  const leaves = textsOf(body)
  const paths = leaves.filter(mayBeMedia).map(({ path }) => path)
  const sentences = leaves.filter((leaf) => isSentence(leaf.text) && !mayBeMedia(leaf)).slice(0, maxSentences)
  const blocked = sentences.find(({ text }) => classifyFailure(text)?.reason === "moderation")
  const error = blocked === undefined ? sentences.find(({ path }) => errorName.test(path)) : undefined
  const warnings: Array<string> = []
  if (paths.length > 0) {
    const more = paths.length > maxNames ? ` and ${paths.length - maxNames} more` : ""
    warnings.push(
      `Members of the response that may contain media were not read: ${paths.slice(0, maxNames).join(", ")}${more}.`
    )
  }
  if (blocked !== undefined)
    warnings.push(`The response mentions blocked content at ${blocked.path}: "${quote(blocked.text)}".`)
  if (error !== undefined)
    warnings.push(`The response mentions an error at ${error.path}: "${quote(error.text)}".`)
  return warnings
}

/** A success in which the provider recognized no output: lists what it may have overlooked. */
export const withUnreadMedia = (
  snapshot: TaskSnapshot,
  draft: SnapshotDraft,
  body: unknown
): TaskSnapshot => {
  if (snapshot.status !== "succeeded" || snapshot.outputs.length > 0) return snapshot
  const isRecognized = draft.outputs?.some(({ url, base64 }) => Boolean(url) || Boolean(base64)) ?? false
  if (isRecognized) return snapshot
  return { ...snapshot, warnings: [...snapshot.warnings, ...unreadMediaWarnings(body)] }
}
