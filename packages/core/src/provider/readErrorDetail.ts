import { parseJsonPrefix } from "./parseJsonPrefix.ts"
import { valueAt } from "./valueAt.ts"

/** A vendor's code and message. */
export interface ErrorText {
  /** The code, as text. */
  readonly code?: string
  /** The message. */
  readonly message?: string
}

/** What a member may be, by its name. */
type Meaning = "code" | "error" | "message" | "data" | "input" | "other"

/** Which texts of an object are messages: those of `other` objects are, only if their name speaks of an error. */
type Context = "error" | "data" | "other"

const meanings: ReadonlyArray<readonly [Meaning, RegExp]> = [
  ["code", /^(?:(?:err(?:or)?|fail|ret|status|task_status)_?)?code$|^err_?no$/],
  [
    "error",
    /^(?:err(?:or)?s?|fail(?:ure|ed)?|exception)$|_errors?$|^(?:task_)?status_(?:msg|message)$|(?:filtered|block(?:ed)?|reject(?:ed|ion)?|refus(?:al|ed))_(?:reasons?|message)$|^(?:\w+_)?(?:err(?:or)?|fail(?:ure|ed)?|exception)_?(?:messages?|msg|reasons?|text|details?|info|desc(?:ription)?)$/
  ],
  ["message", /^(?:messages?|msg|reason|detail|desc|description)$/],
  [
    "data",
    /^(?:details|data|results?|result_json|responses?|resp(?:onse)?_data|outputs?|body|task|task_result|base_resp|response_metadata)$/
  ],
  ["input", /^(?:inputs?|params?|parameters?|requests?|prompt|payload|metadata|usage)$/]
]

const meaningOf = (name: string): Meaning => {
  const snakeCase = name.replace(/([a-z\d])([A-Z])/g, "$1_$2").toLowerCase()
  return meanings.find(([, pattern]) => pattern.test(snakeCase))?.[0] ?? "other"
}

/** Not a reason: some vendors repeat the message of the envelope, or the link of an earlier result. */
const noReason =
  /^(?:ok|okay|success|succeed(?:ed)?|successful(?:ly)?|true|none|null|成功|请求成功|操作成功|https?:\/\/\S+)[.!。！]?$/i

/** A message without a reason, which may be elsewhere in the response. */
const generic =
  /^(?:(?:the |your )?(?:\w+ ){0,2}(?:has |is |was )?(?:fail(?:ed|ure)?|errored)|(?:unknown |internal )?error|bad request|unauthorized|forbidden|not found|unprocessable entity|too many requests|internal server error|bad gateway|service unavailable|gateway timeout|(?:任务|请求|生成|视频生成|图片生成|执行|处理)?(?:失败|错误)|未知错误)[.!。！]?$/i

const successCode = /^(?:0|200|ok|success)$/i

/** How specific a message is. */
const rank = { none: 0, generic: 1, message: 2, error: 3 } as const

interface Found extends ErrorText {
  readonly rank: number
}

const nothing: Found = { rank: rank.none }

const maxDepth = 8
const maxMembers = 200
const maxItems = 3

const textOf = (value: unknown): string | undefined => {
  if (!Array.isArray(value)) return typeof value === "string" && value.trim() !== "" ? value : undefined
  const texts = value.filter((item): item is string => typeof item === "string" && item.trim() !== "")
  return texts.length === 0 ? undefined : texts.slice(0, maxItems).join("; ")
}

const codeOf = (value: unknown): string | undefined => {
  const code = typeof value === "number" || typeof value === "string" ? String(value).trim() : ""
  return code === "" || successCode.test(code) ? undefined : code
}

const fromText = (text: string, isError: boolean, depth: number): Found => {
  // Gateways put the error of their upstream into the message, as JSON.
  const value = parseJsonPrefix(text)
  const embedded = fromValue(value, "error", depth + 1)
  if (embedded.rank > rank.none) return embedded
  // JSON that is not that of an error is the data of the task.
  if (value !== undefined && !isError && embedded.code === undefined) return nothing
  const trimmed = text.trim()
  if (noReason.test(trimmed)) return nothing
  if (generic.test(trimmed)) return { rank: rank.generic, message: text }
  const isCode = embedded.code !== undefined
  // An embedded object without a message says no more than its code.
  return {
    rank: isError ? rank.error : rank.message,
    message: isCode ? embedded.code : text,
    ...definedCode(embedded.code)
  }
}

const fromMember = (meaning: Meaning, value: unknown, context: Context, depth: number): Found => {
  const text = textOf(value)
  if (text === undefined) {
    const isOther = meaning === "other" || context === "other"
    return fromValue(
      value,
      meaning === "error" || context === "error" ? "error" : isOther ? "other" : "data",
      depth + 1
    )
  }
  const isMessage = context !== "other" && (meaning === "message" || meaning === "data")
  if (meaning !== "error" && !isMessage) return nothing
  return fromText(text, meaning === "error" || context === "error", depth)
}

/** OpenRouter puts the error of its upstream there, and its own message says only that there is one. */
const fromMetadata = (metadata: unknown, depth: number): Found => {
  const raw = valueAt(metadata, "raw")
  if (typeof raw !== "string" || raw.trim() === "") return nothing
  const { rank, message } = fromText(raw, true, depth + 1)
  return message === undefined ? nothing : { rank, message }
}

/** Of two equally specific messages, the inner one is that of the upstream. */
const better = (own: Found, nested: Found): Found => (own.rank > nested.rank ? own : nested)

const fromObject = (members: object, context: Context, depth: number): Found => {
  let code: string | undefined
  let own = nothing
  let nested = nothing
  for (const [name, value] of Object.entries(members).slice(0, maxMembers)) {
    const meaning = meaningOf(name)
    if (meaning === "code" && context !== "other") code ??= codeOf(value)
    const isMetadata = context === "error" && name === "metadata"
    if (meaning === "code" || (meaning === "input" && !isMetadata)) continue
    const found = isMetadata ? fromMetadata(value, depth) : fromMember(meaning, value, context, depth)
    if (typeof value === "string") own = found.rank > own.rank ? found : own
    else if (found.rank > nested.rank || (nested.code === undefined && found.rank === nested.rank))
      nested = found
  }
  const best = better(own, nested)
  return { ...best, ...definedCode(best.code ?? code ?? nested.code) }
}

const definedCode = (code: string | undefined): ErrorText => (code === undefined ? {} : { code })

const fromValue = (value: unknown, context: Context, depth: number): Found => {
  if (typeof value !== "object" || value === null || depth > maxDepth) return nothing
  if (!Array.isArray(value)) return fromObject(value, context, depth)
  return value
    .slice(0, maxItems)
    .map((item) => fromValue(item, context, depth + 1))
    .reduce((best, found) => (found.rank > best.rank ? found : best), nothing)
}

/**
 * Reads the vendor's code and message of an error or of a failed task, wherever vendors usually put them: `error` as text
 * or object, `error_message`, `failMsg`, `fail_reason`, `detail.error`, `data.message` and others, at any depth, and in
 * JSON as text. A message such as "Task failed" or "Bad Request" is used only if there is no better one. Of several, the
 * innermost wins, since gateways wrap the error of their upstream.
 *
 * ```ts
 * readErrorDetail({ error: { code: "insufficient_quota", message: "Top up" } })
 * // { code: "insufficient_quota", message: "Top up" }
 * readErrorDetail({ message: "Task failed", detail: { error_message: "The image is too large" } })
 * // { message: "The image is too large" }
 * ```
 *
 * @param body The response, or the part of it that describes the task.
 * @returns An object without `code` and `message` where they are not found. Codes of success, such as 0 and 200, are none.
 */
export const readErrorDetail = (body: unknown): ErrorText => {
  const { rank: _, ...detail } =
    typeof body === "string" ? fromText(body, true, 0) : fromValue(body, "data", 0)
  return detail
}
