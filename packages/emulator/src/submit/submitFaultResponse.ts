/** Applies a fault to the response to a submit. */
import { emptyResponse, htmlPage } from "../faults/proxyPages.ts"
import { isRecord, parseJson } from "../json.ts"
import type { WireResponse } from "../WireResponse.ts"
import type { FaultAfterTask, FaultWithoutTask } from "./SubmitFault.ts"
import type { ServiceErrors } from "./VendorEndpoint.ts"

type ErrorBody = "json" | "html" | "empty"

const reset = (response: WireResponse): WireResponse => ({
  ...response,
  delivery: { stop: { at: "headers", by: "reset" } }
})

const errorResponse = (status: number, body: ErrorBody, errors: ServiceErrors): WireResponse => {
  if (body === "json") return errors.error(status)
  return body === "html" ? htmlPage(status) : emptyResponse(status)
}

const parse = ({ body }: WireResponse): Readonly<Record<string, unknown>> => {
  const value = parseJson(typeof body === "string" ? body : "{}")
  return isRecord(value) ? value : {}
}

const defaultIdFields = ["id", "task_id", "taskId"] as const

const withoutIds = (value: unknown, idFields: readonly string[]): unknown => {
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      idFields.includes(name) ? [] : [[name, withoutIds(member, idFields)]]
    )
  )
}

/** The error, with the data of the accepted task. */
const withId = (error: WireResponse, accepted: WireResponse): WireResponse => {
  const body = parse(accepted)
  const added = isRecord(body["data"]) ? { data: body["data"] } : body
  return { ...error, body: JSON.stringify({ ...parse(error), ...added }) }
}

/** The response to a submit that made no task. */
export const responseWithoutTask = (fault: FaultWithoutTask, errors: ServiceErrors): WireResponse => {
  switch (fault.fault) {
    case "rejected": {
      const response = errors.error(fault.status ?? 429, fault.code, fault.retryAfter)
      if (fault.retryAfter === undefined || response.retryAfter !== undefined) return response
      return { ...response, headers: { ...response.headers, "retry-after": String(fault.retryAfter) } }
    }
    case "proxy-error":
      return errorResponse(fault.status ?? 502, fault.body ?? "html", errors)
    default:
      return reset(emptyResponse(502))
  }
}

/** The response to a submit that made a task, or that repeats one. */
export const responseAfterTask = (
  fault: FaultAfterTask,
  accepted: WireResponse,
  errors: ServiceErrors,
  idFields: readonly string[] = defaultIdFields
): WireResponse => {
  switch (fault.fault) {
    case "reset-after-task":
      return reset(accepted)
    case "truncated-after-task":
      return {
        ...accepted,
        delivery: { ...accepted.delivery, framing: "length", stop: { at: undefined, by: "end" } }
      }
    case "error-after-task":
      return errorResponse(fault.status ?? 500, fault.body ?? "json", errors)
    case "error-with-id":
      return withId(errors.error(fault.status ?? 400), accepted)
    case "without-id":
      return { ...accepted, body: JSON.stringify(withoutIds(parse(accepted), idFields)) }
    case "html":
      return htmlPage(200)
    default:
      return { ...accepted, delivery: { delay: (accepted.delivery?.delay ?? 0) + fault.ms } }
  }
}
