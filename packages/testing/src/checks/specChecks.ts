/** Checks of the data in a spec. */
import { isLoopback } from "@gentask/core/internal"
import { parseProviderSpec } from "@gentask/core/provider"
import type { OutputKind, ProviderSpec, TaskStatus } from "@gentask/core/provider"
import type { Check } from "../Check.ts"
import { fail } from "../ConformanceError.ts"
import { outputKinds, taskStatuses } from "../contractValues.ts"

/** Checks the shape of a spec. The other checks need a spec of the right shape. */
export const checkSpecShape = (
  value: unknown
): { readonly check: Check; readonly spec: ProviderSpec | undefined } => {
  const parsed = parseProviderSpec(value)
  const run = (): void => {
    if (parsed.ok) return
    const problems = parsed.problems.map(({ path, message }) => `${path || "it"} ${message}`)
    fail(`The spec is invalid: ${problems.join("; ")}.`)
  }
  return {
    check: { name: "the spec has every member of the contract", run },
    spec: parsed.ok ? parsed.spec : undefined
  }
}

const isHttps = (text: string): boolean => URL.canParse(text) && new URL(text).protocol === "https:"

/** A server on the user's own machine, which needs neither encryption nor a key. */
const isLocalServer = (text: string, { apiKey = "required" }: ProviderSpec): boolean =>
  apiKey !== "required" && URL.parse(text)?.protocol === "http:" && isLoopback(new URL(text).hostname)

/** Returns whether a URL consists of a host and a path. */
const isBaseUrl = (text: string, spec: ProviderSpec): boolean => {
  if (!isHttps(text) && !isLocalServer(text, spec)) return false
  const { username, password, search, hash } = new URL(text)
  return username + password + search + hash === ""
}

const checkUrls = (spec: ProviderSpec): void => {
  const { docs, endpoints } = spec
  const links = [docs, ...Object.values(endpoints).flatMap((endpoint) => endpoint.docs ?? [])]
  const link = links.find((each) => !isHttps(each))
  if (link !== undefined) {
    fail(
      `docs ${JSON.stringify(link)} is not an https URL. Set it to the page where the vendor documents the format.`
    )
  }
  const [name] = Object.entries(endpoints).find(([, { baseUrl }]) => !isBaseUrl(baseUrl, spec)) ?? []
  if (name !== undefined) {
    fail(
      `The baseUrl of endpoint ${name} is not an https URL of a host and a path, such as https://api.example.com.`
    )
  }
}

const checkDefaultEndpoint = ({ defaultEndpoint, endpoints }: ProviderSpec): void => {
  if (defaultEndpoint !== undefined && !Object.hasOwn(endpoints, defaultEndpoint)) {
    fail(
      `defaultEndpoint ${JSON.stringify(defaultEndpoint)} is not one of the endpoints: ${Object.keys(endpoints).join(", ")}. Use one of them, or remove it.`
    )
  }
}

const checkMediaKinds = ({ mediaKinds = [] }: ProviderSpec): void => {
  const expected = `Use one or more of ${outputKinds.join(", ")}.`
  if (mediaKinds.length === 0) fail(`mediaKinds is missing. ${expected}`)
  const invalid = mediaKinds.find((kind) => !outputKinds.includes(kind))
  if (invalid !== undefined) {
    fail(`mediaKinds contains ${JSON.stringify(invalid)}, which is not a kind of media. ${expected}`)
  }
}

const checkStatuses = ({ statuses }: ProviderSpec): void => {
  if (statuses === undefined) {
    return fail(
      'statuses is missing. List the vendor\'s words by status: { running: ["processing"], … }. Write {} if it has none.'
    )
  }
  const statusByWord = new Map<string, string>()
  for (const [status, words] of Object.entries(statuses)) {
    if (!taskStatuses.includes(status as TaskStatus)) {
      fail(
        `statuses has the member ${status}, which is not a status. Use one or more of ${taskStatuses.join(", ")}.`
      )
    }
    for (const word of words) {
      if (word !== word.trim()) {
        fail(`statuses.${status} contains ${JSON.stringify(word)}. Remove the leading and trailing spaces.`)
      }
      const other = statusByWord.get(word.toLowerCase())
      if (other !== undefined) {
        fail(
          `statuses has the word ${JSON.stringify(word)} under ${other} and under ${status}. Words are compared without case. Keep it once.`
        )
      }
      statusByWord.set(word.toLowerCase(), status)
    }
  }
}

const checkPollHint = ({ pollHint }: ProviderSpec): void => {
  if (pollHint !== undefined && pollHint.minMs > pollHint.maxMs) {
    fail(`pollHint has minMs ${pollHint.minMs} and maxMs ${pollHint.maxMs}. Correct one of them.`)
  }
}

const checkLifetimes = ({ resultLifetimeMs = {}, mediaKinds = [] }: ProviderSpec): void => {
  const other = Object.keys(resultLifetimeMs).find((kind) => !mediaKinds.includes(kind as OutputKind))
  if (other !== undefined) {
    fail(`resultLifetimeMs has ${other}, but mediaKinds does not. Add it to mediaKinds, or remove it here.`)
  }
}

/** The checks of a spec's data. */
export const specChecks = (spec: ProviderSpec): ReadonlyArray<Check> => [
  { name: "docs and base URLs are https URLs", run: () => checkUrls(spec) },
  { name: "defaultEndpoint is one of the endpoints", run: () => checkDefaultEndpoint(spec) },
  { name: "mediaKinds lists the kinds of media that tasks produce", run: () => checkMediaKinds(spec) },
  { name: "statuses maps each word of the vendor to one status", run: () => checkStatuses(spec) },
  { name: "pollHint has minMs at most maxMs", run: () => checkPollHint(spec) },
  {
    name: "resultLifetimeMs has only kinds in mediaKinds",
    run: () => checkLifetimes(spec)
  }
]
