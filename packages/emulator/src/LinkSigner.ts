/** Signed links that expire, in the styles of the object stores that vendors use. */
import { createHmac, createSecretKey, randomBytes, timingSafeEqual } from "node:crypto"
import { vendors } from "./vendors/vendorNames.ts"
import type { Vendor } from "./vendors/vendorNames.ts"

/**
 * The query parameters of a signed link.
 *
 * - `azure-sas`: `st`, `se`, `sig` and others, as in the api.jxincm.cn query document
 * - `x-expires`: `x-expires` (Unix seconds) and `x-signature`, as on ByteDance's image hosts
 * - `x-tos`: `X-Tos-Date`, `X-Tos-Expires` (seconds) and `X-Tos-Signature`, as on Volcengine's object store
 * - `oss`: `Expires` (Unix seconds) and `Signature`, as on Alibaba Cloud's object store
 * - `token`: only a signature. The link expires, but does not show when.
 * - `public`: no parameters. The signature is part of the path, which looks like a random name.
 */
export type LinkStyle = "azure-sas" | "x-expires" | "x-tos" | "oss" | "token" | "public"

/** What to sign. Times are milliseconds since 1970. */
export interface LinkTarget {
  /** The vendor, which is part of the path. */
  readonly vendor: Vendor
  /** The rest of the path, percent-encoded. */
  readonly path: string
  /** The style of the query parameters. */
  readonly style: LinkStyle
  /** When the link is signed. */
  readonly signedAt: number
  /** When the link expires. */
  readonly expiresAt: number
}

/** The result of a verification. Only the target of a valid link may be served. */
export type LinkVerification =
  | { readonly state: "forged" }
  | {
      readonly state: "valid" | "expired"
      readonly vendor: Vendor
      readonly path: string
      /** Milliseconds since 1970. */
      readonly expiresAt: number
    }

/** Signs and verifies links. */
export interface LinkSigner {
  /** Returns the path and query of a link. */
  readonly sign: (target: LinkTarget) => string
  /** Verifies the path and query of a link. `now` is in milliseconds since 1970. */
  readonly verify: (pathAndQuery: string, now: number) => LinkVerification
}

/** The query of a link: the signature's parameter, and what surrounds it. */
interface QueryTemplate {
  readonly before: string
  readonly name: string
  readonly after: string
}

const encodings = new Map<string, "hex" | "base64" | "base64url">([
  ["sig", "base64"],
  ["x-signature", "base64"],
  ["X-Tos-Signature", "hex"],
  ["Signature", "base64"],
  ["token", "base64url"]
])

const hour = 3_600_000

// Rounded up, so that a link that still works never looks expired.
const toSeconds = (milliseconds: number): number => Math.ceil(milliseconds / 1000)

const isoDate = (seconds: number): string =>
  encodeURIComponent(new Date(seconds * 1000).toISOString().replace(".000Z", "Z"))

const compactDate = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace(".000Z", "Z").replaceAll(/[-:]/g, "")

const azureSas = ({ signedAt, expiresAt }: LinkTarget): QueryTemplate => {
  const start = isoDate(toSeconds(signedAt - hour))
  const end = isoDate(toSeconds(expiresAt))
  return {
    before:
      `st=${start}&se=${end}&sks=b&skt=${start}&ske=${end}&sktid=a48cca56-e6da-484e-a814-9c849652bcb3` +
      "&skoid=8ebb0df1-a278-4e2e-9c20-f2d373479b3a&skv=2019-02-02&sv=2018-11-09&sr=b&sp=r&spr=https%2Chttp&",
    name: "sig",
    after: "&az=oaivgprodscus"
  }
}

const xExpires = ({ expiresAt }: LinkTarget): QueryTemplate => ({
  before: `rk3s=7f9e702d&x-expires=${toSeconds(expiresAt)}&`,
  name: "x-signature",
  after: ""
})

const xTos = ({ signedAt, expiresAt }: LinkTarget): QueryTemplate => {
  const date = Math.floor(signedAt / 1000)
  const day = compactDate(date).slice(0, 8)
  return {
    before:
      `X-Tos-Algorithm=TOS4-HMAC-SHA256&X-Tos-Credential=emulator%2F${day}%2Fcn-north-1%2Ftos%2Frequest` +
      `&X-Tos-Date=${compactDate(date)}&X-Tos-Expires=${Math.max(0, toSeconds(expiresAt) - date)}` +
      "&X-Tos-SignedHeaders=host&",
    name: "X-Tos-Signature",
    after: ""
  }
}

const oss = ({ expiresAt }: LinkTarget): QueryTemplate => ({
  before: `Expires=${toSeconds(expiresAt)}&OSSAccessKeyId=emulator&`,
  name: "Signature",
  after: ""
})

const styles: Record<Exclude<LinkStyle, "public">, (target: LinkTarget) => QueryTemplate> = {
  "azure-sas": azureSas,
  "x-expires": xExpires,
  "x-tos": xTos,
  oss,
  token: () => ({ before: "", name: "token", after: "" })
}

const decode = (value: string): string => {
  try {
    return decodeURIComponent(value)
  } catch {
    return ""
  }
}

/** Parses the path of a link whose signature is `received`, and compares the signature with the expected one. */
const check = (path: string, received: Buffer, expected: Buffer, now: number): LinkVerification => {
  const [, name = "", expiry = "", rest = ""] = /^\/media\/([^/]+)\/([0-9a-z]+)\/(.+)$/.exec(path) ?? []
  const vendor = vendors.find((each) => each === name)
  if (vendor === undefined) return { state: "forged" }
  if (received.length !== expected.length || !timingSafeEqual(received, expected)) return { state: "forged" }
  const expiresAt = Number.parseInt(expiry, 36)
  return { state: now < expiresAt ? "valid" : "expired", vendor, path: rest, expiresAt }
}

/** Creates a signer with a random secret. No other signer accepts its links. */
export const makeLinkSigner = (): LinkSigner => {
  // A key object is prepared once. With raw bytes each signature would take seven times as long.
  const secret = createSecretKey(randomBytes(32))
  const digest = (signed: string): Buffer => createHmac("sha256", secret).update(signed).digest()

  return {
    sign: (target) => {
      // The exact expiry is part of the path, so that every style expires to the millisecond.
      const expiry = Math.ceil(target.expiresAt).toString(36)
      if (target.style === "public") {
        const unsigned = `/media/${target.vendor}/${expiry}/${target.path}`
        return `/media/${target.vendor}/${expiry}.${digest(unsigned).toString("hex")}/${target.path}`
      }
      const path = `/media/${target.vendor}/${expiry}/${target.path}`
      const { before, name, after } = styles[target.style](target)
      const signature = digest(`${path}?${before}${after}`).toString(encodings.get(name))
      return `${path}?${before}${name}=${encodeURIComponent(signature)}${after}`
    },
    verify: (pathAndQuery, now) => {
      const open = /^(\/media\/[^/?]+\/[0-9a-z]+)\.([0-9a-f]+)(\/[^?]+)\?$/.exec(pathAndQuery)
      if (open !== null) {
        const [, prefix = "", signature = "", rest = ""] = open
        return check(prefix + rest, Buffer.from(signature, "hex"), digest(prefix + rest), now)
      }
      const match = /^(\/media\/[^/?]+\/[0-9a-z]+\/[^?]+)\?(.*)$/.exec(pathAndQuery)
      const signature = /(?:^|&)(sig|x-signature|X-Tos-Signature|Signature|token)=([^&]*)/.exec(
        match?.[2] ?? ""
      )
      if (match === null || signature === null) return { state: "forged" }
      const [, path = "", query = ""] = match
      const [, name = "", value = ""] = signature
      const signed = `${path}?${query.replace(`${name}=${value}`, "")}`
      const received = Buffer.from(decode(value), encodings.get(name))
      return check(path, received, digest(signed), now)
    }
  }
}
