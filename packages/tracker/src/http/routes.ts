import * as HttpApi from "effect/http-api/HttpApi"
import { InvalidRequest } from "./problems.ts"
import { TrackerApi } from "./TrackerApi.ts"

interface Route {
  readonly method: string
  readonly pattern: RegExp
  /** The names of the parameters of its query. */
  readonly parameters: ReadonlyArray<string>
}

const makeRoutes = (): ReadonlyArray<Route> => {
  const found: Array<Route> = []
  HttpApi.reflect(TrackerApi, {
    onGroup: () => undefined,
    onEndpoint: ({ endpoint }) => {
      const pattern = new RegExp(`^${endpoint.path.replaceAll(".", "\\.").replaceAll(/:\w+/g, "[^/]+")}$`)
      const ast = endpoint.query?.ast
      const parameters = ast?._tag === "Objects" ? ast.propertySignatures.map(({ name }) => String(name)) : []
      found.push({ method: endpoint.method, pattern, parameters })
    }
  })
  return found
}

let routes: ReadonlyArray<Route> | undefined

/** Returns the methods that a path supports. Empty if there is no such path. */
export const methodsOf = (path: string): ReadonlyArray<string> => {
  routes ??= makeRoutes()
  const methods = new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))
  if (methods.has("GET")) methods.add("HEAD")
  return [...methods].toSorted()
}

/** Checks the names of the parameters in a query. Without a filter that was misspelled, a list would have all tasks. */
export const parameterProblem = (
  method: string,
  path: string,
  search: URLSearchParams
): InvalidRequest | undefined => {
  routes ??= makeRoutes()
  const wanted = method === "HEAD" ? "GET" : method
  const route = routes.find((each) => each.method === wanted && each.pattern.test(path))
  if (route === undefined || isPublic(path)) return undefined
  const unknown = [...search.keys()].find((name) => !route.parameters.includes(name))
  if (unknown === undefined) return undefined
  const allowed = route.parameters.length === 0 ? "no parameters" : route.parameters.join(", ")
  return new InvalidRequest({ detail: `Unknown parameter ${unknown.slice(0, 100)}: expected ${allowed}.` })
}

/** Checks whether a path needs no token. Webhooks of vendors have their own secret. */
export const isPublic = (path: string): boolean =>
  path === "/healthz" || path === "/readyz" || /^\/v1\/hooks\/[^/]+\/[^/]+$/.test(path)
