/** The defaults and the properties of the vendors of the emulator's root URL. */
import { randomBytes, randomUUID } from "node:crypto"
import type { RootVendor } from "./vendorNames.ts"
import type { VendorTraits } from "./VendorTraits.ts"

const hour = 3_600_000

const crockford = "0123456789abcdefghjkmnpqrstvwxyz"

const base32 = (value: bigint, length: number): string =>
  Array.from(
    { length },
    (_, index) => crockford[Number((value >> BigInt(5 * (length - 1 - index))) & 31n)]
  ).join("")

const randomInteger = (bytes: number): bigint => BigInt(`0x${randomBytes(bytes).toString("hex")}`)

/** A ULID with a prefix, such as `task_01k74ynm13exf9ha36zz7820hv`. */
const prefixedUlid = (prefix: string, now: number): string =>
  `${prefix}_${base32((BigInt(Math.trunc(now)) << 80n) | randomInteger(10), 26)}`

/** The traits of each vendor. */
export const rootTraits: Readonly<Record<RootVendor, VendorTraits>> = {
  jimmy: {
    prompt: "A cat",
    model: (kind) => (kind === "video" ? "sora2-12s" : "gpt-image-2"),
    newId: () => randomUUID(),
    linkLifetime: () => 72 * hour,
    linkStyle: () => "token",
    transientCodes: ["50000"],
    price: 10
  },
  sora: {
    kind: "video",
    prompt: "make animate",
    model: () => "sora-2",
    newId: ({ model, now }) => `${model}:${prefixedUlid("task", now)}`,
    linkLifetime: () => 144 * hour,
    linkStyle: () => "azure-sas",
    transientCodes: ["upstream_error", "rate_limit_exceeded"],
    credit: 1_000_000_000,
    price: 50_000
  },
  jimeng: {
    prompt: "A cat",
    model: (kind) => (kind === "video" ? "jimeng-video-3.0-pro" : "jimeng-4.0"),
    newId: ({ dialect }) =>
      // Volcengine's ids are decimal numbers above 2^53, which only a string can represent.
      dialect === "volcengine"
        ? String(7_000_000_000_000_000_000n + (randomInteger(7) % 10n ** 18n))
        : randomUUID(),
    media: (kind) => (kind === "video" ? ["mp4"] : ["jpeg"]),
    linkLifetime: (kind) => (kind === "video" ? hour : 24 * hour),
    // ByteDance uses both forms, and a client must read the expiry of both.
    linkStyle: (task) => (task.kind === "video" ? "x-tos" : "x-expires"),
    hasResultList: (kind) => kind === "image",
    transientCodes: [50_429, 50_430, 50_500],
    hasNumericCodes: true
  },
  aigptimage: {
    prompt: "A cinematic portrait of a robot painter",
    model: (kind) => (kind === "video" ? "sora-2-text-to-video" : "gpt-image-2-text-to-image"),
    newId: () => randomUUID(),
    linkLifetime: () => 24 * hour,
    linkStyle: () => "token",
    hasResultList: () => true,
    transientCodes: [429, 455, 500],
    hasNumericCodes: true,
    hasRetryAfterInBody: true
  }
}
