/** Makes a URL safe for messages and manifests. */

/** A URL without query and fragment, which may contain a signature. Empty if the URL is invalid. */
export const withoutQuery = (url: string): string => {
  if (!URL.canParse(url)) return ""
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}
