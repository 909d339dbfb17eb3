import { tryParseJson } from "./tryParseJson.ts"

/** A vendor's code and message. */
export interface ErrorText {
  readonly code?: string
  readonly message?: string
}

const messageNames = [
  "message",
  "msg",
  "error_message",
  "error_msg",
  "errmsg",
  "errorMessage",
  "detail",
  "reason"
]
const codeNames = ["code", "error_code", "errcode", "errorCode"]
const containerNames = ["error", "errors", "detail", "data"]

/** Some gateways put the upstream's error into the message as JSON, which may itself contain another one. */
const maxDepth = 4

type Members = Readonly<Record<string, unknown>>

const asMembers = (value: unknown): Members | undefined => {
  const unpacked = typeof value === "string" && /^\s*[[{]/.test(value) ? tryParseJson(value) : value
  const first: unknown = Array.isArray(unpacked) ? unpacked[0] : unpacked
  return typeof first === "object" && first !== null ? (first as Members) : undefined
}

const findCode = (members: Members): string | undefined => {
  const code = codeNames
    .map((name) => members[name])
    .find((value) => (typeof value === "string" && value !== "") || typeof value === "number")
  return code === undefined ? undefined : String(code)
}

const findMessage = (members: Members): string | undefined =>
  [...messageNames, "error"]
    .map((name) => members[name])
    .find((value): value is string => typeof value === "string" && value.trim() !== "")

/**
 * Reads the vendor's code and message from where error bodies usually have them. The innermost error wins: gateways
 * wrap the one of their upstream.
 *
 * ```ts
 * readErrorDetail({ error: { code: "insufficient_quota", message: "Top up" } })
 * // { code: "insufficient_quota", message: "Top up" }
 * ```
 *
 * @returns An object without `code` and `message` where they are not found.
 */
export const readErrorDetail = (body: unknown, depth = 0): ErrorText => {
  const members = asMembers(body)
  if (members === undefined || depth > maxDepth) return {}
  const message = findMessage(members)
  const code = findCode(members)
  const nested = [...containerNames.map((name) => members[name]), message]
    .map((each) => readErrorDetail(each, depth + 1))
    .find((detail) => detail.code !== undefined || detail.message !== undefined)
  const found = { code: nested?.code ?? code, message: nested?.message ?? message }
  return {
    ...(found.code === undefined ? {} : { code: found.code }),
    ...(found.message === undefined ? {} : { message: found.message })
  }
}
