/** Turns a vendor's API into the two interfaces that handle its requests: a format of queries, and endpoints. */
import type { ServiceEndpoints, VendorEndpoint } from "../submit/VendorEndpoint.ts"
import { mebibyte } from "../submit/VendorEndpoint.ts"
import { authorizationKey } from "./credentials.ts"
import type { Caller, EmulatorRequest, RequestHead, VendorFormat } from "./VendorFormat.ts"
import type { ModuleName } from "./vendorNames.ts"
import type { QueryRoute, VendorApi, VendorErrors, VendorRequest, VendorRoute } from "./VendorModule.ts"

/** Decodes a part of a path. Leaves it unchanged if it is not percent-encoded UTF-8. */
const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const paramsOf = ({ path }: VendorRoute, request: Pick<EmulatorRequest, "path">) => {
  const groups = path.exec(request.path)?.groups ?? {}
  const found = Object.entries(groups).filter(
    ([, value]: [string, string | undefined]) => value !== undefined
  )
  return Object.fromEntries(found.map(([name, value]) => [name, decode(value)]))
}

const withParams = (route: VendorRoute, request: EmulatorRequest): VendorRequest => ({
  ...request,
  params: paramsOf(route, request)
})

const matches = (
  { method, path, purpose }: VendorRoute,
  request: Pick<EmulatorRequest, "method" | "path">
): boolean =>
  path.test(request.path) &&
  (method === request.method || (purpose === "download" && method === "GET" && request.method === "HEAD"))

/** The errors of a vendor, with all defaults applied. */
export const completeErrors = ({ error, ...errors }: VendorErrors): Required<VendorErrors> => ({
  error,
  unauthorized: () => error(401),
  unknownTask: () => error(404),
  malformed: (message) => error(400, { message }),
  rateLimited: ({ retryAfter }) => {
    const response = error(429, { retryAfter })
    return { ...response, headers: { ...response.headers, "retry-after": String(retryAfter) } }
  },
  tooManyActive: () => error(429),
  noCredit: () => error(402),
  businessError: (details) => ({ ...error(500, details), status: 200 }),
  ...errors
})

/** The parts of an emulator that handle a vendor's requests. */
export interface ModuleParts {
  /** Handles queries. */
  readonly format: VendorFormat
  /** Handles all other requests. */
  readonly endpoints: ServiceEndpoints
}

const endpointOf = (route: Exclude<VendorRoute, QueryRoute>): VendorEndpoint => {
  const { maxBodySize = mebibyte } = route
  switch (route.purpose) {
    case "submit":
      return {
        ...route,
        maxBodySize,
        parse: (request, context) => route.parse(withParams(route, request), context)
      }
    case "download":
      return {
        purpose: "download",
        maxBodySize,
        access: route.access ?? "key",
        resolve: (request, context) => route.resolve(withParams(route, request), context)
      }
    default:
      return {
        purpose: route.purpose,
        maxBodySize,
        access: route.access === "none" ? "self" : "key",
        taskId: (request) => paramsOf(route, request)["id"] ?? null,
        respond: (request, context) => route.respond(withParams(route, request), context)
      }
  }
}

const isQuery = (route: VendorRoute): route is QueryRoute => route.purpose === "query"

const isEndpoint = (route: VendorRoute): route is Exclude<VendorRoute, QueryRoute> => !isQuery(route)

const formatOf = (
  name: ModuleName,
  routes: readonly QueryRoute[],
  errors: Required<VendorErrors>,
  authenticate: (request: RequestHead, now: number) => Caller
): VendorFormat => ({
  vendor: name,
  matches: (method, path) => routes.some((route) => matches(route, { method, path })),
  authenticateSignature: authenticate,
  parse: (request) => {
    const route = routes.find((each) => matches(each, request))
    const routed = route && withParams(route, request)
    const taskId = routed && (route.taskId === undefined ? routed.params["id"] : route.taskId(routed))
    if (route === undefined || routed === undefined || taskId === undefined || taskId === "") {
      return { problem: "The request names no task." }
    }
    return {
      query: {
        taskId,
        matchesTask: (task) => route.matchesTask?.(task, routed) ?? true,
        respond: (task, now) => route.respond(task, now, routed)
      }
    }
  },
  matchesTask: (task, query) => query.matchesTask?.(task) ?? true,
  respond: (task, now, query) => query.respond?.(task, now) ?? errors.unknownTask(task.id),
  unauthorized: errors.unauthorized,
  unknownTask: errors.unknownTask,
  malformed: errors.malformed,
  rateLimited: errors.rateLimited,
  httpError: (status, retryAfter) => errors.error(status, { retryAfter }),
  businessError: (code, retryAfter) => errors.businessError({ code, retryAfter })
})

/** Creates the parts that handle a vendor's requests. `apiKeys` are the accepted keys. */
export const moduleParts = (name: ModuleName, api: VendorApi, apiKeys: ReadonlySet<string>): ModuleParts => {
  const { readKey = authorizationKey("Bearer"), acceptsKey = (key) => apiKeys.has(key), routes } = api
  const errors = completeErrors(api.errors)
  const authenticate = (request: RequestHead, now: number): Caller => {
    const apiKey = readKey(request)
    return acceptsKey(apiKey, request, now) ? { apiKey } : { apiKey, rejection: errors.unauthorized(request) }
  }
  const endpoints = routes.filter(isEndpoint).map((route) => ({ route, endpoint: endpointOf(route) }))
  return {
    format: formatOf(name, routes.filter(isQuery), errors, authenticate),
    endpoints: {
      service: name,
      errors: {
        unauthorized: errors.unauthorized,
        rateLimited: errors.rateLimited,
        tooManyActive: errors.tooManyActive,
        noCredit: errors.noCredit,
        error: (status, code, retryAfter) => errors.error(status, { code, retryAfter })
      },
      authenticateSignature: authenticate,
      readKey,
      ...(api.idFields && { idFields: api.idFields }),
      ...(api.finish && { finish: api.finish }),
      find: (request) => endpoints.find(({ route }) => matches(route, request))?.endpoint
    }
  }
}
