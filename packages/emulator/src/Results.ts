/** What a task results in, as its vendor hands it out: signed links, or the bytes in base64. */
import type { MediaLibrary, MediaType } from "./Media.ts"
import type { LinkSigner, LinkStyle } from "./SignedLink.ts"
import type { EmulatedTask, Vendor } from "./TaskScript.ts"
import { momentOf } from "./Timeline.ts"

/** What the vendors' formats need to hand out results. */
export interface Results {
  /** The emulator's own address, without a slash at its end. */
  readonly origin: string
  /** A signed link to a file of a task, asked for at `now`. The path is percent-encoded and ends in `.<media type>`. */
  readonly link: (task: EmulatedTask, path: string, now: number) => string
  /** A file's bytes in base64. */
  readonly base64: (type: MediaType) => string
}

const styles: Record<Vendor, (task: EmulatedTask) => LinkStyle> = {
  jimmy: () => "token",
  sora: () => "azure-sas",
  // Both forms are in use at ByteDance; a client must read the expiry of either.
  jimeng: (task) => (task.kind === "video" ? "x-tos" : "x-expires"),
  aigptimage: () => "token"
}

// The last day that a link can show: years of five digits have no place in its forms.
const latest = Date.UTC(9999, 11, 31)

/** Results that are served at `origin`. */
export const makeResults = (origin: string, signer: LinkSigner, media: MediaLibrary): Results => ({
  origin,
  link: (task, path, now) => {
    const signedAt = task.renewLinks ? now : momentOf(task, now).endedAt
    return (
      origin +
      signer.sign({
        vendor: task.vendor,
        path: `${encodeURIComponent(task.id)}/${path}`,
        style: styles[task.vendor](task),
        signedAt,
        expiresAt: Math.max(0, Math.min(signedAt + task.linkLifetime, latest))
      })
    )
  },
  base64: (type) => media[type].base64
})
