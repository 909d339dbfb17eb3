/**
 * Loads undici's agents for proxies. A module of its own, so that a bundle can contain only undici's `Agent` for programs
 * without a proxy.
 */
export const loadProxyAgents = async () => {
  const { default: undici } = await import("undici")
  return undici
}
