/** The results of a task in its vendor's form: signed links, or base64. */
import type { EmulatedTask } from "./EmulatedTask.ts"
import { expiryWithFault, linkWithFault, markerFor } from "./faults/AssignedLinkFault.ts"
import type { Origins } from "./faults/AssignedLinkFault.ts"
import { formatLinkPath, formatMarker, linkFaultParameter } from "./LinkPath.ts"
import type { LinkSigner, LinkStyle } from "./LinkSigner.ts"
import type { MediaFormat } from "./MediaFormat.ts"
import type { MediaLibrary } from "./MediaLibrary.ts"
import { stateAt } from "./TaskState.ts"
import type { TaskView } from "./TaskView.ts"

/** Creates the result links of all vendors. */
export interface ResultLinks {
  /** The emulator's main origin, without a trailing slash. */
  readonly origin: string
  /** A signed link to a result, requested at `now` by the clock of the task's view. `file` is percent-encoded and ends in `.<media format>`. */
  readonly link: (task: TaskView, file: string, now: number) => string
  /** A signed link to a preview of a result, such as its thumbnail. Previews are never padded. */
  readonly previewLink: (task: TaskView, file: string, now: number) => string
  /**
   * A link to an endpoint of the vendor that serves a result, such as one that requires the API key. `path` is
   * below the vendor's base URL, starts with a slash and can have a query. It has the link fault of the view, except an expiry.
   */
  readonly endpointLink: (task: TaskView, path: string) => string
  /** The content of a result in base64. */
  readonly base64: (task: EmulatedTask, format: MediaFormat) => string
}

// The last date that links can represent: their formats have no room for years with five digits.
const maxExpiry = Date.UTC(9999, 11, 31)

/** Creates the links of results that are served at `origins.own`. `styleOf` returns how the links of a task are signed. */
export const makeResultLinks = (
  origins: Origins,
  signer: LinkSigner,
  media: MediaLibrary,
  styleOf: (task: EmulatedTask) => LinkStyle
): ResultLinks => {
  const linkTo = (task: TaskView, file: string, size: number | undefined, serverNow: number): string => {
    // The storage of the files has a clock of its own, which is right.
    const { clockSkew = 0 } = task
    const now = serverNow - clockSkew
    const signedAt = task.renewLinks ? now : stateAt(task, serverNow).endedAt - clockSkew
    const expiresAt = Math.max(0, Math.min(signedAt + task.linkLifetime, maxExpiry))
    const path = signer.sign({
      vendor: task.vendor,
      path: formatLinkPath({ taskId: task.id, size, marker: markerFor(task.linkFault), file }),
      style: styleOf(task),
      signedAt,
      expiresAt: expiryWithFault(task.linkFault, expiresAt, now)
    })
    return linkWithFault(task.linkFault, path, origins)
  }
  return {
    origin: origins.own,
    link: (task, file, now) => linkTo(task, file, task.mediaSize ?? undefined, now),
    previewLink: (task, file, now) => linkTo(task, file, undefined, now),
    endpointLink: (task, path) => {
      const marker = markerFor(task.linkFault)
      const query = marker && `${path.includes("?") ? "&" : "?"}${linkFaultParameter}=${formatMarker(marker)}`
      return linkWithFault(task.linkFault, `/${task.vendor}${path}${query ?? ""}`, origins)
    },
    base64: (task, format) => media.base64(format, task.mediaSize ?? undefined)
  }
}
