/** Responses that name other hosts than the vendor's: none of them receives the API key. */
import { describe, expect, it } from "vitest"
import type { ProviderSpec } from "@gentask/core/provider"
import { credentialsIn, recordedCases, runCase } from "./foreignHosts.ts"
import type { RecordedCase } from "./foreignHosts.ts"
import { listen } from "./listen.ts"
import { testVendors } from "./testVendors.ts"

const endpointOf = (spec: ProviderSpec, { account }: RecordedCase) => {
  const { endpoint, baseUrl: ownBaseUrl } = account as { endpoint?: string; baseUrl?: string }
  const name = endpoint ?? spec.defaultEndpoint ?? Object.keys(spec.endpoints)[0] ?? ""
  const { baseUrl = "", hosts = [] } = spec.endpoints[name] ?? {}
  return { origin: new URL(ownBaseUrl ?? baseUrl).origin, hosts }
}

const mayReceiveKey = ({ origin, hosts }: ReturnType<typeof endpointOf>, target: string): boolean =>
  target === origin ||
  hosts.some((host) =>
    host.startsWith("*.")
      ? /^https:\/\/[a-z\d.-]+$/.test(target) && target.endsWith(host.slice(1))
      : target === `https://${host}`
  )

/** Origins, some of which look like that of the vendor. */
const foreignOrigins = (origin: string): ReadonlyArray<string> => {
  const { host, hostname } = new URL(origin)
  const [domain = "", top = ""] = hostname.split(".").slice(-2)
  return [
    "https://evil.test",
    `https://${hostname}.evil.test`,
    `https://api.evil${domain}.${top}`,
    `https://${host}@evil.test`,
    `https://user:password@${host}`,
    `https://${hostname}:8443`,
    `http://${host}`,
    `ftp://${host}`,
    "https://10.0.0.7",
    "https://169.254.169.254",
    "https://[::1]",
    "https://localhost"
  ]
}

const url = /^https?:\/\/[^/]+/

const links = (origin: string) => ({
  polling_url: `${origin}/poll`,
  status_url: `${origin}/status`,
  response_url: `${origin}/response`,
  cancel_url: `${origin}/cancel`,
  upload_url: `${origin}/upload`,
  urls: { get: `${origin}/get`, cancel: `${origin}/cancel`, stream: `${origin}/stream` }
})

const replaceOrigins = (value: unknown, origin: string): unknown => {
  if (typeof value === "string") {
    if (url.test(value)) return value.replace(url, () => origin)
    // JSON inside a text.
    return value.replaceAll(/https?:\/\/[^/"\\]+(?=[/"\\])/g, () => origin)
  }
  if (Array.isArray(value)) return value.map((each) => replaceOrigins(each, origin))
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, replaceOrigins(each, origin)]))
}

/** A body whose links lead to an origin, with the links of all vendors' operations. */
const foreignBody = ({ operation }: RecordedCase, body: unknown, origin: string): unknown => {
  const replaced = replaceOrigins(body, origin)
  const isObject = typeof replaced === "object" && replaced !== null && !Array.isArray(replaced)
  return isObject && operation !== "query" ? { ...links(origin), ...replaced } : replaced
}

const hasLinks = ({ responses }: RecordedCase): boolean => JSON.stringify(responses).includes("://")

/** The headers that contain the key of a vendor, unless it is `authorization`. */
const keyHeaders: Readonly<Record<string, ReadonlyArray<string>>> = {
  bfl: ["x-key"],
  gemini: ["x-goog-api-key"]
}

describe.concurrent.each(testVendors)("$spec.id", (vendor) => {
  const { spec } = vendor
  const cases = recordedCases(vendor).toSorted((a, b) => Number(hasLinks(b)) - Number(hasLinks(a)))
  const firstCases = new Set(new Map(cases.toReversed().map((each) => [each.operation, each])).values())

  it("sends its key to the hosts of its endpoint only", { timeout: 180_000 }, async () => {
    const leaks: Array<string> = []
    const headers = new Set<string>()
    const check = async (each: RecordedCase, origin: string): Promise<void> => {
      const endpoint = endpointOf(spec, each)
      const { requests } = await runCase(spec, each, (count) => {
        const recorded = each.responses[count]
        // A host that requires the key.
        if (recorded === undefined) return { status: 401, body: {} }
        return { ...recorded, body: foreignBody(each, recorded.body, origin) }
      })
      for (const request of requests) {
        const credentials = credentialsIn(request)
        if (mayReceiveKey(endpoint, request.origin)) credentials.forEach((name) => headers.add(name))
        else if (credentials.length > 0)
          leaks.push(`${each.name}, ${origin}: ${credentials.join()} to ${request.origin}`)
      }
    }
    // Together, because most of them wait until a request is repeated.
    await Promise.all(
      cases.flatMap((each, index) => {
        if (!hasLinks(each) && !firstCases.has(each)) return []
        const origins = foreignOrigins(endpointOf(spec, each).origin)
        // All origins for the first recording of each operation, and one for each of the others.
        const isWhole = firstCases.has(each) && (hasLinks(each) || each.operation === "submit")
        return (isWhole ? origins : [origins[index % origins.length] ?? ""]).map((origin) =>
          check(each, origin)
        )
      })
    )
    expect(leaks).toEqual([])
    expect([...headers]).toEqual(keyHeaders[spec.id] ?? ["authorization"])
  })

  it.each([...firstCases])("follows no redirect of $operation to another host", async (each) => {
    let received = 0
    await using other = await listen((_, response) => {
      received += 1
      response.end("{}")
    })
    const redirect = async (status: number): Promise<void> => {
      const location = `${other.baseUrl}/elsewhere`
      const respond = () => ({ status, headers: { location }, body: {} })
      const { requests, error } = await runCase(spec, each, respond, true)
      expect(requests.length, `HTTP ${status}: ${String(error)}`).toBeGreaterThan(0)
      expect(String(error)).toContain(`The host redirects to ${location}`)
    }
    await Promise.all([301, 302, 303, 307, 308].map(redirect))
    expect(received).toBe(0)
  })
})
