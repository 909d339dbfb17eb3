import type { MediaFormat } from "../MediaFormat.ts"

/**
 * Returns the results of a task whose request says how many it wants. One result is the default of a task script.
 *
 * @param count The number in the request, if it has one.
 * @param max The most that the vendor documents.
 */
export const requestedMedia = (
  count: unknown,
  max: number,
  format: MediaFormat
): { readonly media?: readonly MediaFormat[] } => {
  if (typeof count !== "number" || !(count >= 2)) return {}
  return { media: Array.from({ length: Math.min(Math.floor(count), max) }, () => format) }
}
