/** Whether recordings hold what should never be in a repository. */
import { fail } from "../Check.ts"
import type { Check } from "../Check.ts"
import { places, showPath } from "../jsonTree.ts"
import type { Place } from "../jsonTree.ts"
import type { RecordingFile } from "../recordingFolder.ts"

/** What stands for a value that was taken out. */
const placeholder = /^(x+|\*+|…|\.{3}|<[^<>]*>|\$?\{[^{}]*\}|redacted|example\w*|your[-_ ].*|)$/i

/** Members, headers and parameters whose value is a secret whatever it looks like; case, `-` and `_` do not matter. */
const secretNames: ReadonlySet<string> = new Set([
  "authorization",
  "proxyauthorization",
  "cookie",
  "setcookie",
  "apikey",
  "xapikey",
  "apisecret",
  "accesskey",
  "accesskeyid",
  "accesskeysecret",
  "secretaccesskey",
  "secretkey",
  "secret",
  "clientsecret",
  "accesstoken",
  "refreshtoken",
  "authtoken",
  "xauthtoken",
  "sessiontoken",
  "securitytoken",
  "password",
  "passwd"
])

/** Parameters that sign a link. Its other parameters say until when it lives, and stay. */
const signature =
  /^(sig|sign|signature|token|policy|hmac|auth[-_]?key|key-pair-id|q-signature|q-ak|awsaccesskeyid|ossaccesskeyid|googleaccessid|x-(signature|expires-signature)|x-(amz|goog|tos|oss|bce|cos)-(signature|credential|security-token))$/i

const patterns: ReadonlyArray<readonly [what: string, pattern: RegExp]> = [
  ["a bearer token", /\b(?:bearer|basic)\s+[\w.~+/=-]{8,}/i],
  ["a JSON web token", /\beyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]*/],
  ["an API key", /\b(?:sk|pk|rk|ak|key|fal|r8|hf|ghp|gho|xai|tgp|luma|runway)[-_][A-Za-z0-9_-]{20,}/],
  ["an API key", /\bsk-[A-Za-z0-9_-]{12,}/],
  ["an access key of AWS", /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  ["an access key of Volcengine", /\bAK(?:LT|TP)[A-Za-z0-9_-]{20,}/],
  ["an access key of Google", /\bAIza[\w-]{30,}/],
  ["a signature", /\bSignature=[0-9a-f]{32,}/i],
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/]
]

const email =
  /[\w.+-]+@(?!(?:[\w-]+\.)*(?:example(?:\.\w+)?|test|invalid)\b)[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b/i

const inLink = (link: string): string | undefined => {
  if (!URL.canParse(link)) return undefined
  const url = new URL(link)
  if (url.password !== "") return "a password before the host of a link; take it out"
  const [name] =
    [...url.searchParams].find(([key, value]) => signature.test(key) && !placeholder.test(value)) ?? []
  return (
    name &&
    `the signature of a link, in its parameter ${name}; replace its value by x, and leave the others, which say until when the link lives`
  )
}

/** What is secret in a text, in words that do not tell it. */
const secretIn = (text: string): string | undefined => {
  for (const [link] of text.matchAll(/\bhttps?:\/\/[^\s"'`<>\\]+/gi)) {
    const found = inLink(link)
    if (found !== undefined) return found
  }
  const [what] = patterns.find(([, pattern]) => pattern.test(text)) ?? []
  if (what !== undefined) return `${what}; replace it by x`
  return email.test(text) ? "an e-mail address; replace it by one at example.com" : undefined
}

const secretAt = ({ path, value }: Place): string | undefined => {
  if (typeof value !== "string" || placeholder.test(value)) return undefined
  const name = String(path.at(-1)).replaceAll(/[-_]/g, "").toLowerCase()
  return secretNames.has(name)
    ? "what its name says is secret; leave it out, or replace it by x"
    : secretIn(value)
}

/** The check of one file. */
export const secretCheck = ({ name, json }: RecordingFile): Check => ({
  name: `${name}: holds no secret`,
  run: () => {
    for (const place of places(json)) {
      const secret = secretAt(place)
      if (secret !== undefined) fail(`${name} holds, at ${showPath(place.path)}, ${secret}.`)
    }
  }
})
