/** The portable name of a task: `provider[@account]:taskId[?hint=value]`. Holds no secret. */

/** The parts of a task ref. */
export interface TaskRef {
  readonly provider: string
  /** The account's name; undefined means the provider's default account. */
  readonly account: string | undefined
  /** The vendor's task id, untouched: it may hold colons and any other character. */
  readonly id: string
  /** What the vendor needs again at query time, such as `req_key`. */
  readonly params: Readonly<Record<string, string>>
}

/** A text that is no task ref, with the sentence that says why and what one looks like. */
export class InvalidTaskRef extends Error {
  readonly _tag = "InvalidTaskRef"
  override readonly name = "InvalidTaskRef"
  /** The text as it was given. */
  readonly input: string
  constructor(input: string, why: string) {
    const shown = JSON.stringify(input.length > 80 ? `${input.slice(0, 80)}…` : input)
    super(`${shown} is no task ref: ${why}. A task ref is provider:taskId, such as jimmy:1234`)
    this.input = input
  }
}

/** What a provider's id looks like: lower-case letters, digits and hyphens, a letter first. */
export const providerIdPattern = /^[a-z][a-z0-9-]*$/

/** What an account's name looks like: lower-case letters, digits and hyphens. */
export const accountNamePattern = /^[a-z0-9][a-z0-9-]*$/

/** What must be escaped so that a ref is one word, shows as written, and reads back the same. */
// oxlint-disable-next-line no-control-regex -- control characters are what it is for
const unsafeInId = /[%?\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu
const unsafeInHint = /[%?&=+\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

const utf8 = new TextEncoder()

/** Escapes a character by the bytes of its UTF-8 form: `%0A`. */
export const escapeCharacter = (character: string): string => {
  const unit = character.charCodeAt(0)
  // A lone surrogate has no UTF-8 form; `%u` cannot clash, since a literal percent sign is always escaped.
  if (character.length === 1 && unit >= 0xd800 && unit <= 0xdfff)
    return `%u${unit.toString(16).toUpperCase()}`
  return Array.from(
    utf8.encode(character),
    (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`
  ).join("")
}

const unescape = (text: string): string =>
  text.includes("%")
    ? text.replace(/%u([0-9A-Fa-f]{4})|(?:%[0-9A-Fa-f]{2})+/g, (run, surrogate: string | undefined) => {
        if (surrogate !== undefined) return String.fromCharCode(Number.parseInt(surrogate, 16))
        try {
          return decodeURIComponent(run)
        } catch {
          return run
        }
      })
    : text

const parseHints = (text: string): Record<string, string> => {
  const hints: Record<string, string> = Object.create(null) as Record<string, string>
  for (const pair of text.split("&")) {
    if (pair === "") continue
    const equals = pair.indexOf("=")
    if (equals === -1) hints[unescape(pair)] = ""
    else hints[unescape(pair.slice(0, equals))] = unescape(pair.slice(equals + 1))
  }
  return { ...hints }
}

/**
 * Reads a ref. The first colon ends the account, so ids with colons travel intact; the first question mark begins
 * the hints. A malformed escape stands for itself.
 *
 * @throws {InvalidTaskRef} with a sentence that says what is wrong
 */
export const parse = (text: string): TaskRef => {
  const colon = text.indexOf(":")
  if (colon === -1) throw new InvalidTaskRef(text, "it has no provider before a colon")
  const [provider = "", ...rest] = text.slice(0, colon).split("@")
  const account = rest.length === 0 ? undefined : rest.join("@")
  if (!providerIdPattern.test(provider)) {
    throw new InvalidTaskRef(text, "its provider is not made of lower-case letters, digits and hyphens")
  }
  if (account !== undefined && !accountNamePattern.test(account)) {
    throw new InvalidTaskRef(text, "its account is not made of lower-case letters, digits and hyphens")
  }
  const question = text.indexOf("?", colon + 1)
  const id = unescape(question === -1 ? text.slice(colon + 1) : text.slice(colon + 1, question))
  if (id === "") throw new InvalidTaskRef(text, "it has no task id after the colon")
  return { provider, account, id, params: question === -1 ? {} : parseHints(text.slice(question + 1)) }
}

/** Writes a ref as one word, hints in alphabetical order, so that equal refs are equal texts. */
export const format = (ref: TaskRef): string => {
  const account = ref.account === undefined ? "" : `@${ref.account}`
  const names = Object.keys(ref.params)
  const id = ref.id.replace(unsafeInId, escapeCharacter)
  if (names.length === 0) return `${ref.provider}${account}:${id}`
  const escape = (text: string): string => text.replace(unsafeInHint, escapeCharacter)
  const hints = names.toSorted().map((name) => `${escape(name)}=${escape(ref.params[name] ?? "")}`)
  return `${ref.provider}${account}:${id}?${hints.join("&")}`
}

/** Reads a ref from text or from its parts; the parts are checked as strictly as text is. */
export const from = (ref: string | TaskRef): TaskRef => parse(typeof ref === "string" ? ref : format(ref))
