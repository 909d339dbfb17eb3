/** The paths behind result links: the task, what the emulator must remember about the link, and the file. */

/** What a link remembers of the fault that its task's script gave it. */
export interface LinkMark {
  /** The fault's place in the script's list. */
  readonly index: number
  /** How many answers of the task had handed out links before the one with this link. */
  readonly handing: number
  /** How many redirects are still to come. */
  readonly hops: number
}

/** A path behind a link, taken apart. */
export interface LinkPath {
  readonly taskId: string
  /** Bytes of the file; undefined for a sample as it is. */
  readonly size?: number | undefined
  readonly mark?: LinkMark | undefined
  /** The percent-encoded name that the vendor gave the file. */
  readonly file: string
}

/** The percent-encoded path of these parts. */
export const formatLinkPath = ({ taskId, size, mark, file }: LinkPath): string =>
  encodeURIComponent(taskId) +
  (size === undefined ? "" : `/~s${size}`) +
  (mark === undefined ? "" : `/~l${mark.index}.${mark.handing}.${mark.hops}`) +
  `/${file}`

const form = /^([^/]+)(?:\/~s(\d+))?(?:\/~l(\d+)\.(\d+)\.(\d+))?\/(.*)$/

/** Takes a path apart that {@link formatLinkPath} has made; undefined for any other. */
export const parseLinkPath = (path: string): LinkPath | undefined => {
  const [, taskId, size, index, handing, hops, file] = form.exec(path) ?? []
  if (taskId === undefined || file === undefined) return undefined
  return {
    taskId: decodeURIComponent(taskId),
    size: size === undefined ? undefined : Number(size),
    mark:
      index === undefined
        ? undefined
        : { index: Number(index), handing: Number(handing), hops: Number(hops) },
    file
  }
}
