import { tryParseJson } from "../provider/tryParseJson.ts"

/** Shorter texts are not secrets, and may occur in a response by chance. */
const minSecretLength = 8

const replacement = "<secret>"

/** The texts that must not appear anywhere: an API key, and the token that it was exchanged for. */
export type Secrets = string | ReadonlyArray<string>

const eachSecret = (secrets: Secrets): ReadonlyArray<string> =>
  typeof secrets === "string" ? [secrets] : secrets

const textsOf = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : []
}

/** The parts of a key pair `ID|SECRET`, or the texts of a key that is JSON, such as that of a service account. */
const partsOf = (key: string): ReadonlyArray<string> => {
  const json = /^\s*\{/.test(key) ? tryParseJson(key) : undefined
  if (json !== undefined) return textsOf(json)
  return key.includes("|") ? key.split("|") : []
}

/** The API key and its parts. */
const secretsOf = (key: string): ReadonlyArray<string> =>
  [key, ...partsOf(key)].filter((secret) => secret.length >= minSecretLength)

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")

const hex = (character: string, digits: number): string =>
  character.charCodeAt(0).toString(16).padStart(digits, "0")

// Repetitions of escapes have limits, since a response may consist of megabytes of them.
const maxBackslashes = 15

/** Names of characters in HTML, of those that are escaped. */
const entityNames: Readonly<Record<string, string | undefined>> = {
  "&": "amp",
  "<": "lt",
  ">": "gt",
  '"': "quot",
  "'": "apos",
  "/": "sol",
  "+": "plus",
  "=": "equals"
}

/** Matches a character that is escaped in HTML. The ampersand of an escape may be escaped, too. */
const entityPattern = (character: string): string => {
  const code = `#(?:0{0,6}${character.charCodeAt(0)}|x0{0,6}${hex(character, 2)})`
  const name = entityNames[character]
  return `&(?:amp;){0,4}(?:${name === undefined ? code : `${code}|${name}`});`
}

/**
 * Matches one character of a key as it is, percent-encoded, escaped in HTML, or escaped in a string of JSON or of a
 * programming language, which may be nested.
 */
const characterPattern = (character: string): string => {
  const code = hex(character, 2)
  const unicode = `\\\\{1,${maxBackslashes}}(?:u00${code}|u\\{0{0,6}${code}\\}|x${code})`
  const percent = `%(?:25){0,8}(?:u00)?${code}`
  const backslash = /[/"\\]/.test(character) ? `\\\\{0,${maxBackslashes}}` : ""
  const newline = character === "\n" ? `|\\\\{1,${maxBackslashes}}n` : ""
  return `(?:${backslash}${escapeRegExp(character)}|${unicode}|${percent}|${entityPattern(character)}${newline})`
}

/** The characters of base64 that a secret determines, wherever it begins within the encoded text. */
const base64Cores = (secret: string): ReadonlyArray<string> =>
  [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.from(`${"\0".repeat(offset)}${secret}`)
      .toString("base64")
      .replace(/=+$/, "")
    const skipped = Math.ceil((offset * 8) / 6)
    // The last character may depend on what follows.
    const core = encoded.slice(skipped, -1)
    return core.length < minSecretLength ? [] : [core, core.replaceAll("+", "-").replaceAll("/", "_")]
  })

/** How to find a key in a text. */
interface Matcher {
  /** Cheap to search for: at least one is in every text that contains the key without escapes. */
  readonly plain: ReadonlyArray<string>
  /** Found in every text in which JSON escapes hide the key. */
  readonly escapes: RegExp
  readonly pattern: RegExp
}

const createMatcher = (key: string): Matcher | undefined => {
  const secrets = secretsOf(key)
  if (secrets.length === 0) return undefined
  const cores = secrets.flatMap(base64Cores)
  const alternatives = [
    ...secrets.map((secret) => Array.from(secret, characterPattern).join("")),
    // A neighboring character of base64 carries bits of the secret too.
    ...cores.map((core) => `[A-Za-z0-9+/_-]?${escapeRegExp(core)}[A-Za-z0-9+/_-]?=*`)
  ]
  return {
    plain: [...new Set([...secrets, ...cores])],
    escapes: /["\\/]/.test(key) ? /\\/ : /\\[ux]/,
    pattern: new RegExp(alternatives.join("|"), "giu")
  }
}

const matchers = new Map<string, Matcher | undefined>()

/** Creating a matcher is expensive, and a process has few keys. */
const maxMatchers = 1000

const matcherOf = (key: string): Matcher | undefined => {
  if (matchers.has(key)) return matchers.get(key)
  if (matchers.size >= maxMatchers) matchers.clear()
  const matcher = createMatcher(key)
  matchers.set(key, matcher)
  return matcher
}

/**
 * Replaces an API key in a text with `<secret>`, since vendors may quote the key in their messages. The key is also found
 * if it is percent-encoded, escaped in JSON or HTML, or encoded in base64.
 *
 * @param secrets The API key, and its token if it has one. Both parts of a key pair `ID|SECRET` are replaced, too, and the
 *   texts of 8 characters and more of a key that is JSON.
 */
export const redact = (text: string, secrets: Secrets): string =>
  eachSecret(secrets).reduce((redacted, secret) => {
    const matcher = matcherOf(secret)
    return matcher === undefined ? redacted : redacted.replace(matcher.pattern, replacement)
  }, text)

/** Checks whether a JSON text may contain an API key in any of the forms that `redact` finds, without parsing it. */
export const mayContainKey = (text: string, secrets: Secrets): boolean =>
  typeof secrets === "string" ? mayContain(text, secrets) : secrets.some((secret) => mayContain(text, secret))

const mayContain = (text: string, key: string): boolean => {
  const matcher = matcherOf(key)
  if (matcher === undefined) return false
  for (const each of matcher.plain) if (text.includes(each)) return true
  // Most texts have no escapes.
  if (!/[\\%&]/.test(text)) return false
  // JSON escapes may be nested, so that only the parsed values show the key.
  if (matcher.escapes.test(text)) return true
  if (!/%|&(?:#|[a-z]+;)/i.test(text)) return false
  matcher.pattern.lastIndex = 0
  return matcher.pattern.test(text)
}

/** A JSON container that is being copied. */
interface Frame {
  readonly source: object
  readonly copy: unknown
}

const copyContainer = (source: object): unknown => (Array.isArray(source) ? [] : {})

/**
 * Replaces an API key in a JSON value with `<secret>`, in the names of members, too. Needs no recursion, because responses
 * may be nested deeply.
 */
export const redactJson = (value: unknown, secrets: Secrets): unknown => {
  if (typeof value === "string") return redact(value, secrets)
  if (typeof value !== "object" || value === null) return value
  const root = copyContainer(value)
  const open: Array<Frame> = [{ source: value, copy: root }]
  for (let frame = open.pop(); frame !== undefined; frame = open.pop()) {
    const target = frame.copy as Record<string, unknown>
    for (const [name, member] of Object.entries(frame.source) as ReadonlyArray<[string, unknown]>) {
      let copy: unknown = member
      if (typeof member === "string") copy = redact(member, secrets)
      else if (typeof member === "object" && member !== null) {
        copy = copyContainer(member)
        open.push({ source: member, copy })
      }
      // Not an assignment: `__proto__` is a member like any other in JSON.
      Object.defineProperty(target, redact(name, secrets), {
        value: copy,
        configurable: true,
        enumerable: true,
        writable: true
      })
    }
  }
  return root
}
