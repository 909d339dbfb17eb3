/** The hosts that have a base URL of their own, because they share paths with others. */

import { moduleNames } from "./vendors/vendorNames.ts"

/** Hosts whose responses differ from those of other hosts with the same paths, and vendors that have a module. */
export const hostNames = ["kie", "octopusx", "zhubo", "anyapi", ...moduleNames] as const

/** A host with a base URL of its own: `{url}/{host}`. */
export type HostName = (typeof hostNames)[number]

/** Splits the prefix of a host from a path. */
export const splitHost = (path: string): { readonly host: HostName | null; readonly path: string } => {
  const host = hostNames.find((each) => path.startsWith(`/${each}/`)) ?? null
  return host === null ? { host, path } : { host, path: path.slice(host.length + 1) }
}
