/** Links that are signed and expire, each in the style of the store that a vendor keeps its results in. */
import { createHmac, createSecretKey, randomBytes, timingSafeEqual } from "node:crypto"
import { vendors } from "./TaskScript.ts"
import type { Vendor } from "./TaskScript.ts"

/**
 * How a link shows its signature and, if at all, its expiry.
 *
 * - `azure-sas`: `st`, `se`, `sig` and the rest, as in the api.jxincm.cn query document
 * - `x-expires`: `x-expires` (Unix seconds) and `x-signature`, as ByteDance's image hosts sign
 * - `x-tos`: `X-Tos-Date`, `X-Tos-Expires` (seconds) and `X-Tos-Signature`, as Volcengine's object store signs
 * - `token`: a signature alone; the expiry shows nowhere, yet holds
 */
export type LinkStyle = "azure-sas" | "x-expires" | "x-tos" | "token"

/** What a link is to lead to. Instants are milliseconds since the epoch. */
interface LinkTarget {
  /** The first folder of the path. */
  readonly vendor: Vendor
  /** The percent-encoded rest of the path. */
  readonly path: string
  readonly style: LinkStyle
  readonly signedAt: number
  readonly expiresAt: number
}

/** What a link proved to be. Only a valid one may be served. */
export type LinkVerdict =
  | { readonly state: "forged" }
  | {
      readonly state: "valid" | "expired"
      readonly vendor: Vendor
      readonly path: string
      /** Milliseconds since the epoch. */
      readonly expiresAt: number
    }

/** Signs links and tells its own from others'. */
export interface LinkSigner {
  /** The link's path and query, to be put after an origin. */
  readonly sign: (target: LinkTarget) => string
  readonly verify: (pathAndQuery: string, now: number) => LinkVerdict
}

interface Shown {
  readonly before: string
  readonly name: string
  readonly after: string
}

const encodings = new Map<string, "hex" | "base64" | "base64url">([
  ["sig", "base64"],
  ["x-signature", "base64"],
  ["X-Tos-Signature", "hex"],
  ["token", "base64url"]
])

const hour = 3_600_000

// Shown instants are whole seconds, rounded up: a link that still works never looks dead.
const upToSecond = (instant: number): number => Math.ceil(instant / 1000)

const isoSecond = (second: number): string =>
  encodeURIComponent(new Date(second * 1000).toISOString().replace(".000Z", "Z"))

const compactSecond = (second: number): string =>
  new Date(second * 1000).toISOString().replace(".000Z", "Z").replaceAll(/[-:]/g, "")

const azureSas = ({ signedAt, expiresAt }: LinkTarget): Shown => {
  const start = isoSecond(upToSecond(signedAt - hour))
  const end = isoSecond(upToSecond(expiresAt))
  return {
    before:
      `st=${start}&se=${end}&sks=b&skt=${start}&ske=${end}&sktid=a48cca56-e6da-484e-a814-9c849652bcb3` +
      "&skoid=8ebb0df1-a278-4e2e-9c20-f2d373479b3a&skv=2019-02-02&sv=2018-11-09&sr=b&sp=r&spr=https%2Chttp&",
    name: "sig",
    after: "&az=oaivgprodscus"
  }
}

const xExpires = ({ expiresAt }: LinkTarget): Shown => ({
  before: `rk3s=7f9e702d&x-expires=${upToSecond(expiresAt)}&`,
  name: "x-signature",
  after: ""
})

const xTos = ({ signedAt, expiresAt }: LinkTarget): Shown => {
  const date = Math.floor(signedAt / 1000)
  const day = compactSecond(date).slice(0, 8)
  return {
    before:
      `X-Tos-Algorithm=TOS4-HMAC-SHA256&X-Tos-Credential=emulator%2F${day}%2Fcn-north-1%2Ftos%2Frequest` +
      `&X-Tos-Date=${compactSecond(date)}&X-Tos-Expires=${Math.max(0, upToSecond(expiresAt) - date)}` +
      "&X-Tos-SignedHeaders=host&",
    name: "X-Tos-Signature",
    after: ""
  }
}

const styles: Record<LinkStyle, (target: LinkTarget) => Shown> = {
  "azure-sas": azureSas,
  "x-expires": xExpires,
  "x-tos": xTos,
  token: () => ({ before: "", name: "token", after: "" })
}

const decoded = (value: string): string => {
  try {
    return decodeURIComponent(value)
  } catch {
    return ""
  }
}

/** A signer with a secret of its own: what it has signed, no other one accepts. */
export const makeLinkSigner = (): LinkSigner => {
  // A key object is made ready once; from raw bytes each signature would take seven times as long.
  const secret = createSecretKey(randomBytes(32))
  const digest = (signed: string): Buffer => createHmac("sha256", secret).update(signed).digest()

  return {
    sign: (target) => {
      // The exact expiry is a folder of the path, so that it holds to the millisecond in every style.
      const expiry = Math.ceil(target.expiresAt).toString(36)
      const path = `/media/${target.vendor}/${expiry}/${target.path}`
      const { before, name, after } = styles[target.style](target)
      const signature = digest(`${path}?${before}${after}`).toString(encodings.get(name))
      return `${path}?${before}${name}=${encodeURIComponent(signature)}${after}`
    },
    verify: (pathAndQuery, now) => {
      const place = /^(\/media\/([^/?]+)\/([0-9a-z]+)\/([^?]+))\?(.*)$/.exec(pathAndQuery)
      const signature = /(?:^|&)(sig|x-signature|X-Tos-Signature|token)=([^&]*)/.exec(place?.[5] ?? "")
      const vendor = vendors.find((each) => each === place?.[2])
      if (place === null || signature === null || vendor === undefined) return { state: "forged" }
      const [, path = "", , expiry = "", rest = "", query = ""] = place
      const [, name = "", value = ""] = signature
      const signed = `${path}?${query.replace(`${name}=${value}`, "")}`
      const given = Buffer.from(decoded(value), encodings.get(name))
      const expected = digest(signed)
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { state: "forged" }
      const expiresAt = Number.parseInt(expiry, 36)
      return { state: now < expiresAt ? "valid" : "expired", vendor, path: rest, expiresAt }
    }
  }
}
