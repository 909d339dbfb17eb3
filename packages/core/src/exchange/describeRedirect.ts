/**
 * Says where a redirect leads to. Undefined for other responses.
 *
 * @param baseUrl What a relative location is resolved against. Without it, the location is returned as it is.
 */
export const describeRedirect = (
  status: number,
  { location }: Readonly<Record<string, string | undefined>>,
  baseUrl?: URL
): string | undefined => {
  if (status < 300 || status >= 400 || location === undefined) return undefined
  const target = URL.parse(location, baseUrl?.href)?.href ?? location
  return `The host redirects to ${target}. Redirects are not followed: set the base URL to the new host`
}
