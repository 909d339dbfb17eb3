/** The paths of result links: the task, what the emulator encodes about the link, and the file. */

/** What a link encodes about its fault. */
export interface LinkFaultMarker {
  /** The index of the fault in the script's list. */
  readonly index: number
  /** The number of the response that contains the link, counting only the task's responses with faulty links. */
  readonly issue: number
  /** How many redirects remain. */
  readonly hops: number
}

/** The parts of a link's path. */
export interface LinkPath {
  /** The task whose result the link leads to. */
  readonly taskId: string
  /** Bytes of the file, or undefined for the unpadded sample. */
  readonly size?: number | undefined
  /** The link's fault, if it has one. */
  readonly marker?: LinkFaultMarker | undefined
  /** The vendor's file name, percent-encoded. */
  readonly file: string
}

/** The query parameter with a link's fault, for links to endpoints of vendors. */
export const linkFaultParameter = "_fault"

/** Formats what a link encodes about its fault. */
export const formatMarker = ({ index, issue, hops }: LinkFaultMarker): string => `${index}.${issue}.${hops}`

/** Parses what {@link formatMarker} returned. Returns undefined for any other text. */
export const parseMarker = (text: string | null): LinkFaultMarker | undefined => {
  const [, index, issue, hops] = /^(\d+)\.(\d+)\.(\d+)$/.exec(text ?? "") ?? []
  return index === undefined ? undefined : { index: Number(index), issue: Number(issue), hops: Number(hops) }
}

/** Formats the parts of a path. */
export const formatLinkPath = ({ taskId, size, marker, file }: LinkPath): string =>
  encodeURIComponent(taskId) +
  (size === undefined ? "" : `/~s${size}`) +
  (marker === undefined ? "" : `/~l${formatMarker(marker)}`) +
  `/${file}`

const pattern = /^([^/]+)(?:\/~s(\d+))?(?:\/~l([\d.]+))?\/(.*)$/

/** Parses a path that {@link formatLinkPath} returned. Returns undefined for any other. */
export const parseLinkPath = (path: string): LinkPath | undefined => {
  const [, taskId, size, marker, file] = pattern.exec(path) ?? []
  if (taskId === undefined || file === undefined) return undefined
  return {
    taskId: decodeURIComponent(taskId),
    size: size === undefined ? undefined : Number(size),
    marker: parseMarker(marker ?? null),
    file
  }
}
