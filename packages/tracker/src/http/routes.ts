import * as HttpApi from "effect/http-api/HttpApi"
import { TrackerApi } from "./TrackerApi.ts"

const makeRoutes = (): ReadonlyArray<{ readonly method: string; readonly pattern: RegExp }> => {
  const found: Array<{ readonly method: string; readonly pattern: RegExp }> = []
  HttpApi.reflect(TrackerApi, {
    onGroup: () => undefined,
    onEndpoint: ({ endpoint }) => {
      const pattern = new RegExp(`^${endpoint.path.replaceAll(".", "\\.").replaceAll(/:\w+/g, "[^/]+")}$`)
      found.push({ method: endpoint.method, pattern })
    }
  })
  return found
}

let routes: ReturnType<typeof makeRoutes> | undefined

/** Returns the methods that a path supports. Empty if there is no such path. */
export const methodsOf = (path: string): ReadonlyArray<string> => {
  routes ??= makeRoutes()
  const methods = new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))
  if (methods.has("GET")) methods.add("HEAD")
  return [...methods].toSorted()
}

/** Checks whether a path needs no token. Webhooks of vendors have their own secret. */
export const isPublic = (path: string): boolean =>
  path === "/healthz" || path === "/readyz" || /^\/v1\/hooks\/[^/]+\/[^/]+$/.test(path)
