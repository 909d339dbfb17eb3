/** The interface of a vendor that has a folder, a base URL and an entry in `vendorModules.ts` of its own. */
import type { EmulatedTask } from "../EmulatedTask.ts"
import type { RateLimitRejection } from "../RateLimiter.ts"
import type { ResultLinks } from "../ResultLinks.ts"
import type { EndpointContext, ParsedSubmit } from "../submit/VendorEndpoint.ts"
import type { UploadStore } from "../submit/UploadStore.ts"
import type { TaskScript } from "../TaskScript.ts"
import type { TaskView } from "../TaskView.ts"
import type { WireResponse } from "../WireResponse.ts"
import type { EmulatorRequest, RequestHead } from "./VendorFormat.ts"
import type { VendorTraits } from "./VendorTraits.ts"

/** A request to a route, whose path has matched. */
export interface VendorRequest extends EmulatorRequest {
  /** The decoded named groups of the route's path. A group that took no part is absent. */
  readonly params: Readonly<Record<string, string>>
}

/** What every route has. */
interface Route {
  /** The HTTP method, in upper case. */
  readonly method: string
  /** Matches the whole path below the vendor's base URL, with named groups such as `^\/v1\/tasks\/(?<id>[^/]+)$`. */
  readonly path: RegExp
  /** The largest body in bytes. @default 1 MiB */
  readonly maxBodySize?: number
}

/** A route that reports a task. All faults of queries apply to it, and each request to it counts as a poll. */
export interface QueryRoute extends Route {
  /** What the route is for. */
  readonly purpose: "query"
  /** The id of the task, or undefined if the request has none. @default the path's group `id` */
  readonly taskId?: (request: VendorRequest) => string | undefined
  /** Whether the route finds the task with this id. @default always */
  readonly matchesTask?: (task: EmulatedTask, request: VendorRequest) => boolean
  /** The response that reports the task's state at `now`, in milliseconds since 1970. */
  readonly respond: (task: TaskView, now: number, request: VendorRequest) => WireResponse
}

/** A route that creates a task. All faults of submits apply to it. */
export interface SubmitRoute extends Route {
  /** What the route is for. */
  readonly purpose: "submit"
  /** The header with the idempotency key, in lower case. Absent if the vendor documents none. */
  readonly idempotencyHeader?: string
  /** Validates the request. Returns the vendor's error if it is invalid. */
  readonly parse: (
    request: VendorRequest,
    context: EndpointContext
  ) => ParsedSubmit | { readonly rejection: WireResponse }
}

/**
 * Any other route: `cancel` changes or deletes the task of the path's group `id`, `upload` stores a file, and `account`
 * is for lists, account data and keys.
 */
export interface PlainRoute extends Route {
  /** What the route is for. */
  readonly purpose: "cancel" | "upload" | "account"
  /** Whether the request must have a valid API key. @default "key" */
  readonly access?: "key" | "none"
  /** The response. */
  readonly respond: (request: VendorRequest, context: EndpointContext) => WireResponse
}

/** The file of a task. */
export interface TaskFile {
  /** The id of the task. */
  readonly taskId: string
  /** Any name that ends in `.{media format}`. Requests for the same name are requests for the same file. */
  readonly file: string
}

/** A route that serves a result. All faults of media apply to it. Responses link to it with `links.endpointLink`. */
export interface DownloadRoute extends Route {
  /** What the route is for. */
  readonly purpose: "download"
  /** Whether the request must have a valid API key. @default "key" */
  readonly access?: "key" | "none"
  /** Returns which file the request is for, or the vendor's error. */
  readonly resolve: (
    request: VendorRequest,
    context: EndpointContext
  ) => TaskFile | { readonly rejection: WireResponse }
}

/** A route of a vendor. The first one that matches a request receives it. */
export type VendorRoute = QueryRoute | SubmitRoute | PlainRoute | DownloadRoute

/** What an error response contains. */
export interface ErrorDetails {
  /** The vendor's code. */
  readonly code?: number | string | undefined
  /** The vendor's message. */
  readonly message?: string | undefined
  /** Seconds until the client should retry, for a vendor that includes it in the body. */
  readonly retryAfter?: number | undefined
}

/** The errors of a vendor in its own form. Only `error` is required: the others have defaults that call it. */
export interface VendorErrors {
  /** An error with this HTTP status. */
  readonly error: (status: number, details?: ErrorDetails) => WireResponse
  /** The response to an invalid API key. `request` is for a vendor with several APIs. @default HTTP 401 */
  readonly unauthorized?: (request?: RequestHead) => WireResponse
  /** The response to an unknown task id. @default HTTP 404 */
  readonly unknownTask?: (taskId: string) => WireResponse
  /** The response to a malformed query. @default HTTP 400 with the problem as message */
  readonly malformed?: (problem: string) => WireResponse
  /** The response to a request above a rate limit. @default HTTP 429 with a Retry-After header */
  readonly rateLimited?: (rejection: RateLimitRejection) => WireResponse
  /** The response to a submit above the limit of active tasks. @default HTTP 429 */
  readonly tooManyActive?: () => WireResponse
  /** The response to a submit that the account cannot pay for. @default HTTP 402 */
  readonly noCredit?: () => WireResponse
  /** An error with HTTP status 200. @default the body of the error with status 500 */
  readonly businessError?: (details: ErrorDetails) => WireResponse
}

/** The parts of the emulator that a vendor's API can use. */
export interface VendorContext {
  /** The vendor's base URL, without a trailing slash. */
  readonly url: string
  /** Creates links to results. */
  readonly links: ResultLinks
  /** The accepted API keys. */
  readonly apiKeys: ReadonlySet<string>
  /** The emulator's `ACCESS_KEY_ID|SECRET_ACCESS_KEY`, for vendors that sign requests or tokens with a key pair. */
  readonly accessKey: string
  /** The uploaded files. */
  readonly uploads: UploadStore
  /** Returns the vendor's tasks, oldest first. */
  readonly tasks: () => readonly EmulatedTask[]
}

/** A vendor's API at one emulator. State such as webhook keys belongs in the function that creates it. */
export interface VendorApi {
  /** The errors. */
  readonly errors: VendorErrors
  /** The routes. */
  readonly routes: readonly VendorRoute[]
  /** The API key of a request. Empty if absent. @default the bearer token */
  readonly readKey?: (request: RequestHead) => string
  /** Whether a key is valid, at `now` in milliseconds since 1970. @default whether it is one of `apiKeys` */
  readonly acceptsKey?: (key: string, request: RequestHead, now: number) => boolean
  /** The fields of the accepted response that name the task, which `without-id` faults remove. @default ["id"] */
  readonly idFields?: readonly string[]
  /** Changes every response other than those of queries, for example to add headers. */
  readonly finish?: (response: WireResponse) => WireResponse
}

/** An example task of `gentask emulate`. */
export interface VendorExample {
  /** What the task makes and when. */
  readonly description: string
  /** The task, without its vendor. */
  readonly script: Omit<TaskScript, "vendor">
  /** The parameters of its task ref, which the provider needs besides the id. @default {} */
  readonly params?: Readonly<Record<string, string>>
}

/** What connects a client to a vendor of an emulator. */
export interface VendorAccount {
  /** The vendor's base URL. */
  readonly url: string
  /** The API key. */
  readonly apiKey: string
  /** The `ACCESS_KEY_ID|SECRET_ACCESS_KEY`. */
  readonly accessKey: string
}

/** A vendor: what `vendors/NAME/index.ts` exports. */
export interface VendorModule {
  /** The defaults of tasks and links. */
  readonly traits: VendorTraits
  /** The example tasks of `gentask emulate`. */
  readonly examples: readonly VendorExample[]
  /** The environment variables of an account, without the prefix `NAME_`. @default API_KEY and BASE_URL */
  readonly variables?: (account: VendorAccount) => Readonly<Record<string, string>>
  /** Creates the vendor's API for one emulator. */
  readonly create: (context: VendorContext) => VendorApi
}
