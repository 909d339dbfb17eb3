import type { ErrorJson } from "@gentask/core/schema"

/** The URL that the `type` of each problem starts with. */
export const problemTypePrefix = "https://github.com/gentask/gentask/blob/main/docs/tracker-api.md#problem-"

/** An error of the HTTP API: a problem of RFC 9457. */
export interface ProblemJson {
  /** What kind of problem it is. Stable: programs may compare it. */
  readonly type: string
  /** What kind of problem it is, for people. */
  readonly title: string
  /** The HTTP status. */
  readonly status: number
  /** What is wrong and what to do. */
  readonly detail?: string
  /** The invalid parts of the request. */
  readonly errors?: ReadonlyArray<{ readonly path: ReadonlyArray<string | number>; readonly message: string }>
  /** The error of gentask. */
  readonly error?: ErrorJson
}

/** The header of all responses that says which version of the HTTP API the server has. */
export const apiVersionHeader = "gentask-api"

/** The version of the HTTP API. */
export const apiVersion = "1"
