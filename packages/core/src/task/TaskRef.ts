/** Parsing and formatting of task refs: `provider[@account]:taskId[?param=value]`. */
import { escapeCharacter } from "./escapeCharacter.ts"
import { InvalidTaskRef } from "./InvalidTaskRef.ts"
import { isRefLike } from "./isRefLike.ts"
import { accountNamePattern, providerIdPattern } from "./namePatterns.ts"

/** The parts of a task ref, the portable name of a task. It contains no secret and no URL. */
export interface TaskRef {
  /** The provider's id. */
  readonly provider: string
  /** The account's name. Undefined for the provider's default account. */
  readonly account: string | undefined
  /** The vendor's task id, unchanged. It may contain colons and any other character. */
  readonly id: string
  /** What the vendor needs besides the id to query the task, such as `req_key`. */
  readonly params: Readonly<Record<string, string>>
}

// Escaped so that a ref is one word, is displayed as written, and parses to the same parts.
// oxlint-disable-next-line no-control-regex -- control characters are escaped too
const unsafeInId = /[%?\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu
const unsafeInParam = /[%?&=+\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

const unescape = (text: string): string =>
  text.includes("%")
    ? text.replace(/%u([0-9A-Fa-f]{4})|(?:%[0-9A-Fa-f]{2})+/g, (sequence, surrogate: string | undefined) => {
        if (surrogate !== undefined) return String.fromCharCode(Number.parseInt(surrogate, 16))
        try {
          return decodeURIComponent(sequence)
        } catch {
          return sequence
        }
      })
    : text

const parseParams = (text: string): Record<string, string> => {
  const params: Record<string, string> = Object.create(null) as Record<string, string>
  for (const pair of text.split("&")) {
    if (pair === "") continue
    const equals = pair.indexOf("=")
    if (equals === -1) params[unescape(pair)] = ""
    else params[unescape(pair.slice(0, equals))] = unescape(pair.slice(equals + 1))
  }
  return { ...params }
}

/**
 * Parses a task ref. The id starts after the first colon, so it may contain colons. The first question mark after that
 * colon starts the params. Malformed escapes are kept as they are.
 *
 * ```ts
 * TaskRef.parse("jimeng@octopusx:67fb9e82?req_key=jimeng_t2i_v40")
 * // { provider: "jimeng", account: "octopusx", id: "67fb9e82", params: { req_key: "jimeng_t2i_v40" } }
 * ```
 *
 * @param text The ref.
 * @throws {InvalidTaskRef} If the text is not a task ref.
 */
export const parse = (text: string): TaskRef => {
  const invalid = (problem: string): InvalidTaskRef => new InvalidTaskRef({ input: text, problem })
  const colon = text.indexOf(":")
  if (colon === -1) throw invalid("expected provider:taskId")
  const name = text.slice(0, colon)
  const at = name.indexOf("@")
  const provider = at === -1 ? name : name.slice(0, at)
  const account = at === -1 ? undefined : name.slice(at + 1)
  if (!providerIdPattern.test(provider)) {
    throw invalid(
      "the provider must start with a lowercase letter and contain only lowercase letters, digits and hyphens"
    )
  }
  if (account !== undefined && !accountNamePattern.test(account)) {
    throw invalid("the account must contain only lowercase letters, digits and hyphens")
  }
  const queryStart = text.indexOf("?", colon + 1)
  const id = unescape(queryStart === -1 ? text.slice(colon + 1) : text.slice(colon + 1, queryStart))
  if (id === "") throw invalid("the task id after the colon is missing")
  return { provider, account, id, params: queryStart === -1 ? {} : parseParams(text.slice(queryStart + 1)) }
}

/**
 * Formats a task ref as one word, with its params in alphabetical order, so that equal refs have equal text.
 * `parse(format(ref))` equals `ref`.
 *
 * ```ts
 * TaskRef.format({ provider: "jimmy", account: undefined, id: "1234", params: { kind: "video" } })
 * // "jimmy:1234?kind=video"
 * ```
 */
export const format = (ref: TaskRef): string => {
  const account = ref.account === undefined ? "" : `@${ref.account}`
  const names = Object.keys(ref.params)
  const id = ref.id.replace(unsafeInId, escapeCharacter)
  if (names.length === 0) return `${ref.provider}${account}:${id}`
  const escape = (text: string): string => text.replace(unsafeInParam, escapeCharacter)
  const params = names.toSorted().map((name) => `${escape(name)}=${escape(ref.params[name] ?? "")}`)
  return `${ref.provider}${account}:${id}?${params.join("&")}`
}

/**
 * Returns the parts of a ref that is given as text or as parts. Both are validated.
 *
 * @throws {InvalidTaskRef} If the ref is invalid.
 */
export const from = (ref: string | TaskRef): TaskRef => {
  if (typeof ref === "string") return parse(ref)
  if (isRefLike(ref)) return parse(format({ ...ref, params: ref.params ?? {} }))
  throw new InvalidTaskRef({
    input: describe(ref),
    problem: "expected text such as provider:taskId, or an object with provider and id"
  })
}

/** Returns a ref, or whatever was given as one, as text for a message. */
export const describe = (ref: unknown): string => {
  if (typeof ref === "string") return ref
  if (isRefLike(ref)) return format({ ...ref, params: ref.params ?? {} })
  for (const format of [JSON.stringify, String]) {
    try {
      const text = format(ref) as string | undefined
      if (text !== undefined) return text
    } catch {
      // For example a cyclic object.
    }
  }
  return `(${typeof ref})`
}
