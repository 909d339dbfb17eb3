import type { Check } from "../Check.ts"
import { fail } from "../ConformanceError.ts"
import { descendants, formatPath } from "../json/JsonNode.ts"
import type { JsonNode } from "../json/JsonNode.ts"
import type { RecordingFile } from "../recording/readRecordings.ts"

/** Values that replace a removed secret. */
const placeholder = /^(x+|\*+|…|\.{3}|<[^<>]*>|\$?\{[^{}]*\}|redacted|example\w*|your[-_ ].*|)$/i

/** Names of members, headers and parameters with a secret value, in lowercase and without `-` and `_`. */
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

/** Parameters that sign a link. Its other parameters, such as its expiry, are not secret. */
const signatureParameter =
  /^(sig|sign|signature|token|policy|hmac|auth[-_]?key|key-pair-id|q-signature|q-ak|awsaccesskeyid|ossaccesskeyid|googleaccessid|x-(signature|expires-signature)|x-(amz|goog|tos|oss|bce|cos)-(signature|credential|security-token))$/i

const secretPatterns: ReadonlyArray<readonly [name: string, pattern: RegExp]> = [
  ["a bearer token", /\b(?:bearer|basic)\s+[\w.~+/=-]{8,}/i],
  ["a JSON web token", /\beyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]*/],
  ["an API key", /\b(?:sk|pk|rk|ak|key|fal|r8|hf|ghp|gho|xai|tgp|luma|runway)[-_][A-Za-z0-9_-]{20,}/],
  ["an API key", /\bsk-[A-Za-z0-9_-]{12,}/],
  ["an AWS access key", /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  ["a Volcengine access key", /\bAK(?:LT|TP)[A-Za-z0-9_-]{20,}/],
  ["a Google API key", /\bAIza[\w-]{30,}/],
  ["a signature", /\bSignature=[0-9a-f]{32,}/i],
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/]
]

const emailAddress =
  /[\w.+-]+@(?!(?:[\w-]+\.)*(?:example(?:\.\w+)?|test|invalid)\b)[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b/i

/** Describes the secret in a link and how to remove it. */
const findInLink = (link: string): string | undefined => {
  const url = URL.parse(link)
  if (url === null) return undefined
  if (url.password !== "") return "a link with a password. Remove the password"
  const [name] =
    [...url.searchParams].find(([key, value]) => signatureParameter.test(key) && !placeholder.test(value)) ??
    []
  return (
    name && `a signed link. Replace the value of its parameter ${name} with x, and keep its other parameters`
  )
}

/** Describes the secret in a text and how to remove it, without quoting it. */
const findInText = (text: string): string | undefined => {
  for (const [link] of text.matchAll(/\bhttps?:\/\/[^\s"'`<>\\]+/gi)) {
    const found = findInLink(link)
    if (found !== undefined) return found
  }
  const [name] = secretPatterns.find(([, pattern]) => pattern.test(text)) ?? []
  if (name !== undefined) return `${name}. Replace it with x`
  return emailAddress.test(text) ? "an email address. Replace it with one at example.com" : undefined
}

/** Secrets that a recording of a webhook needs. They are made up. */
const madeUpSecrets: ReadonlySet<string> = new Set(["webhook.secret", "submit.webhook.secret"])

const findInNode = ({ path, value }: JsonNode): string | undefined => {
  if (typeof value !== "string" || placeholder.test(value)) return undefined
  const name = String(path.at(-1)).replaceAll(/[-_]/g, "").toLowerCase()
  const isMadeUp = madeUpSecrets.has(path.map(String).join("."))
  return secretNames.has(name) && !isMadeUp
    ? "a value that is secret according to its name. Remove it, or replace it with x"
    : findInText(value)
}

/** The check that a recording file contains nothing that must not be in a repository. */
export const secretCheck = ({ name, json }: RecordingFile): Check => ({
  name: `${name}: the file contains no secret`,
  run: () => {
    for (const node of descendants(json)) {
      const found = findInNode(node)
      if (found !== undefined) fail(`${name} contains a secret at ${formatPath(node.path)}: ${found}.`)
    }
  }
})
