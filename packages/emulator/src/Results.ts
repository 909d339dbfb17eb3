/** What a task results in, as its vendor hands it out: signed links, or the bytes in base64. */
import type { LinkPlan, Origins } from "./faults/LinkFaults.ts"
import { faultyExpiry, faultyLink, markOf } from "./faults/LinkFaults.ts"
import { formatLinkPath } from "./LinkPath.ts"
import type { MediaLibrary, MediaType } from "./Media.ts"
import type { LinkSigner, LinkStyle } from "./SignedLink.ts"
import type { EmulatedTask, Vendor } from "./TaskScript.ts"
import { momentOf } from "./Timeline.ts"

/** A task, and the fault that the links of one answer about it have. */
export interface LinkingTask extends EmulatedTask {
  readonly linkPlan?: LinkPlan
}

/** What the vendors' formats need to hand out results. */
export interface Results {
  /** The emulator's own address, without a slash at its end. */
  readonly origin: string
  /** A signed link to a result of a task, asked for at `now`. The file is percent-encoded and ends in `.<media type>`. */
  readonly link: (task: LinkingTask, file: string, now: number) => string
  /** A signed link to a small file that goes with a result, such as its thumbnail. */
  readonly sideLink: (task: LinkingTask, file: string, now: number) => string
  /** A result's bytes in base64. */
  readonly base64: (task: EmulatedTask, type: MediaType) => string
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

/** Results that are served at `origins.own`. */
export const makeResults = (origins: Origins, signer: LinkSigner, media: MediaLibrary): Results => {
  const linkTo = (task: LinkingTask, file: string, size: number | undefined, now: number): string => {
    const signedAt = task.renewLinks ? now : momentOf(task, now).endedAt
    const expiresAt = Math.max(0, Math.min(signedAt + task.linkLifetime, latest))
    const path = signer.sign({
      vendor: task.vendor,
      path: formatLinkPath({ taskId: task.id, size, mark: markOf(task.linkPlan), file }),
      style: styles[task.vendor](task),
      signedAt,
      expiresAt: faultyExpiry(task.linkPlan, expiresAt, now)
    })
    return faultyLink(task.linkPlan, path, origins)
  }
  return {
    origin: origins.own,
    link: (task, file, now) => linkTo(task, file, task.mediaSize ?? undefined, now),
    sideLink: (task, file, now) => linkTo(task, file, undefined, now),
    base64: (task, type) => media.base64(type, task.mediaSize ?? undefined)
  }
}
