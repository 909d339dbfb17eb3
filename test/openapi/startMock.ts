/** A server that validates requests with an OpenAPI document and creates a task for each valid one. */
import { text } from "node:stream/consumers"
import { OpenAPIBackend } from "openapi-backend"
import type { Context, Document } from "openapi-backend"
import { listen } from "../listen.ts"

interface Result {
  readonly status: number
  readonly body: unknown
}

/** A request that was not valid, and what is wrong with it. */
export interface InvalidRequest {
  readonly body: unknown
  readonly problems: ReadonlyArray<string>
}

/** Where requests have their key, by the name of the security scheme. */
const keyReaders: Readonly<Record<string, (headers: Context["request"]["headers"]) => string>> = {
  bearer: ({ authorization }) => String(authorization).replace(/^Bearer /, ""),
  APIKeyHeader: ({ "x-key": key }) => String(key)
}

/** Returns the ids of the operations that a document has for `POST`. */
const postOperations = ({ paths = {} }: Document): ReadonlyArray<string> =>
  Object.values(paths).flatMap((path) => path?.post?.operationId ?? [])

/**
 * Starts the server on a free loopback port. Disposing closes it.
 *
 * @param definition The document, whose `POST` operations create tasks.
 * @param keys The valid API keys.
 * @param created The body for a created task.
 */
export const startMock = async (
  definition: Document,
  keys: ReadonlyArray<string>,
  created: (taskId: string) => unknown
) => {
  const invalid: Array<InvalidRequest> = []
  const taskIds: Array<string> = []
  let count = 0
  const createTask = (): Result => {
    count += 1
    const taskId = `task-${count}`
    taskIds.push(taskId)
    return { status: 200, body: created(taskId) }
  }
  const isValidKey =
    (keyOf: (headers: Context["request"]["headers"]) => string) =>
    ({ request }: Context): boolean =>
      keys.includes(keyOf(request.headers))
  const schemes = Object.keys(definition.components?.securitySchemes ?? {})
  const api = new OpenAPIBackend({
    definition,
    strict: true,
    ajvOpts: { discriminator: true },
    securityHandlers: Object.fromEntries(
      Object.entries(keyReaders)
        .filter(([scheme]) => schemes.includes(scheme))
        .map(([scheme, keyOf]) => [scheme, isValidKey(keyOf)])
    ),
    handlers: {
      ...Object.fromEntries(postOperations(definition).map((id) => [id, createTask])),
      validationFail: ({ request, validation }: Context): Result => {
        const problems = (validation.errors ?? []).map(
          ({ instancePath, message, params }) => `${instancePath}: ${message} ${JSON.stringify(params)}`
        )
        invalid.push({ body: request.requestBody, problems })
        return { status: 422, body: { code: 422, msg: problems.join("; ") } }
      },
      unauthorizedHandler: (): Result => ({ status: 401, body: { code: 401, msg: "Unauthorized" } }),
      notFound: (): Result => ({ status: 404, body: { code: 404, msg: "Not found" } }),
      methodNotAllowed: (): Result => ({ status: 405, body: { code: 405, msg: "Method not allowed" } })
    }
  })
  await api.init()
  const server = await listen(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost")
    const { status, body } = (await api.handleRequest({
      method: request.method ?? "",
      path: pathname,
      query: Object.fromEntries(searchParams),
      headers: request.headers as Record<string, string>,
      body: await text(request)
    })) as Result
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
  })
  return {
    baseUrl: server.baseUrl,
    /** The requests that the document does not allow. */
    invalid: invalid as ReadonlyArray<InvalidRequest>,
    /** The tasks that were created, in order. */
    taskIds: taskIds as ReadonlyArray<string>,
    /** Forgets the requests and the tasks. Ids are not used again. */
    reset: (): void => {
      invalid.length = 0
      taskIds.length = 0
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]()
  }
}
