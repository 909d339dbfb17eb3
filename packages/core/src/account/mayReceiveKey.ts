import { hostNamePattern } from "../provider/hostName.ts"
import type { ResolvedAccount } from "./ResolvedAccount.ts"

/**
 * Checks whether a host, as a provider or a task ref names it, may receive an account's API key: it is that of the base
 * URL, or one that the endpoint lists. `*.example.com` lists the names below `example.com`, and not that name itself.
 *
 * @param host A bare name in lower case. Anything else, such as a port, is not a host.
 */
export const mayReceiveKey = (
  { baseUrl, hosts }: Pick<ResolvedAccount, "baseUrl" | "hosts">,
  host: string
): boolean =>
  hostNamePattern.test(host) &&
  (baseUrl.origin === `https://${host}` ||
    hosts.some((listed) => (listed.startsWith("*.") ? host.endsWith(listed.slice(1)) : host === listed)))
