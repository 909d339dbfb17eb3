/** The hosts of the vendor's clusters. See https://docs.bfl.ai/api_integration/integration_guidelines */
import * as z from "zod"

/** The path of all polling URLs. */
export const resultPath = "/v1/get_result"

const hostPattern = /^(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+bfl\.ai$/

/** The params of a ref: the host of the cluster that has the task. Core checks it against the endpoint's hosts, too. */
export const params = z.strictObject({
  host: z.string().regex(hostPattern, "expected a host below bfl.ai").optional()
})

/**
 * Returns the host of a polling URL, which the vendor requires to use. Only the host is remembered, and only one of the
 * vendor: a URL of another host, with a port or with credentials, is ignored.
 */
export const hostOf = (pollingUrl: string | undefined): string | undefined => {
  const url = URL.parse(pollingUrl ?? "")
  if (url?.protocol !== "https:" || url.port !== "" || url.username !== "" || url.password !== "")
    return undefined
  return hostPattern.test(url.hostname) ? url.hostname : undefined
}

/** Checks whether a polling URL has the path that the provider builds. */
export const hasResultPath = (pollingUrl: string | undefined): boolean =>
  pollingUrl === undefined || URL.parse(pollingUrl)?.pathname.endsWith(resultPath) === true
