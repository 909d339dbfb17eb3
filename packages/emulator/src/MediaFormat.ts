/** The file formats of results. */

/** The file formats that a task can have as results. */
export const mediaFormats = ["png", "jpeg", "webp", "gif", "mp4", "wav"] as const

/** The format of a result file, which is also the file extension of its links. */
export type MediaFormat = (typeof mediaFormats)[number]

/** The minimum size of a padded file in bytes. Every sample is smaller. */
export const minMediaSize = 32_768

/** The maximum size of a padded file in bytes. */
export const maxMediaSize = 2 ** 44
