import type { MediaSource } from "@gentask/core"
import { isLoopback, isPrivateNetwork } from "@gentask/core/internal"
import { isPublicLiteral } from "@gentask/core/internal/addresses"
import { CallError } from "../results/errorResult.ts"
import type { FileRoots } from "./FileRoots.ts"

/** A URL, or the vendor's name of an asset. A single letter before the colon is a drive of Windows. */
const linkPattern = /^[a-z][a-z0-9+.-]+:/i

/** Schemes that name something on this machine. */
const localScheme = /^(?:file|blob|ftps?|sftp|smb|unix):/i

const maxDepth = 20

const isPrivate = ({ hostname }: URL): boolean =>
  isLoopback(hostname) || isPrivateNetwork(hostname) || !isPublicLiteral(hostname.replace(/\.$/, ""))

/** Removes what parsers of URLs ignore: tabs and line breaks, and control characters and spaces at both ends. */
const toLink = (text: string): string =>
  // eslint-disable-next-line no-control-regex
  text.replaceAll(/[\t\n\r]/g, "").replaceAll(/^[\u0000-\u0020]+|[\u0000-\u0020]+$/g, "")

/** @throws {CallError} If a URL leads to this machine, to a private network, or contains a password. */
const checkUrl = (text: string): void => {
  const link = toLink(text)
  if (localScheme.test(link))
    throw new CallError(`${JSON.stringify(text)} is not an http or https URL. Use a path instead.`)
  if (!/^https?:/i.test(link)) return
  const url = URL.parse(link)
  if (url === null) throw new CallError(`${JSON.stringify(text)} is not a valid URL.`)
  if (isPrivate(url))
    throw new CallError(
      `${JSON.stringify(text)} leads to this machine or to a private network. Use a public URL, or the path of a file.`
    )
  if (url.username !== "" || url.password !== "")
    throw new CallError(`The URL at ${url.host} contains a user name or a password. Use a URL without them.`)
}

/** Opens an input that is a URL or the path of a file. Nothing outside of the roots is read. */
export const inputMedia = async (text: string, roots: FileRoots): Promise<MediaSource> => {
  if (!linkPattern.test(text.trim())) return roots.readFile(text)
  checkUrl(text)
  return text
}

/** Whether text with spaces is a sentence, and not a URL that parsers accept. */
const isProse = (text: string): boolean => {
  const link = toLink(text)
  return /\s/.test(text.trim()) && !(/^https?:/i.test(link) && URL.canParse(link))
}

const isPath = (value: object): value is { readonly path: string } =>
  "path" in value && typeof value.path === "string" && Object.keys(value).length === 1

/**
 * Opens the files of the vendor's own input, `{ path }`, as core would without the roots, and checks its URLs.
 *
 * @throws {CallError} If a file is outside of the roots, or a URL is private.
 */
export const openVendorInput = async (value: unknown, roots: FileRoots, depth = 0): Promise<unknown> => {
  if (depth > maxDepth) throw new CallError(`The input has more than ${maxDepth} levels.`)
  if (typeof value === "string") {
    // A prompt that starts like a URL is not one.
    if (!isProse(value)) checkUrl(value)
    return value
  }
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) {
    const items: Array<unknown> = []
    for (const item of value) items.push(await openVendorInput(item, roots, depth + 1))
    return items
  }
  if (isPath(value)) return roots.readFile(value.path)
  const members: Array<readonly [string, unknown]> = []
  for (const [name, member] of Object.entries(value))
    members.push([name, await openVendorInput(member, roots, depth + 1)])
  return Object.fromEntries(members)
}
