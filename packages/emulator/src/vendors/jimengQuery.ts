/** Parses queries to Jimeng: two parameters in the URL, and a JSON body that contains JSON in a string. */
import { parseObject } from "../json.ts"
import type { EmulatorRequest, QueryParseResult } from "./VendorFormat.ts"
import { parameter } from "./VendorFormat.ts"

const action = "CVSync2AsyncGetResult"
// Documented for OmniHuman 1.5.
const omniHumanAction = "CVGetResult"
const version = "2022-08-31"

const returnsLinks = (reqJson: unknown): boolean | undefined => {
  // The relays require req_json, the origin does not. Without it, both return base64.
  if (reqJson === undefined) return false
  const options = typeof reqJson === "string" ? parseObject(reqJson) : undefined
  return options && options["return_url"] === true
}

/** Parses a query to Jimeng. */
export const parseJimengQuery = ({ search, body }: EmulatorRequest): QueryParseResult => {
  const requested = parameter(search, "Action")
  if (requested !== action && requested !== omniHumanAction)
    return { problem: `The parameter Action must be ${action}.` }
  if (parameter(search, "Version") !== version)
    return { problem: `The parameter Version must be ${version}.` }
  const fields = parseObject(body)
  if (fields === undefined) return { problem: "The body must be a JSON object." }
  const { req_key: reqKey, task_id: taskId, req_json: reqJson } = fields
  if (typeof reqKey !== "string" || reqKey === "") return { problem: "req_key is required." }
  if (typeof taskId !== "string" || taskId === "") return { problem: "task_id is required." }
  const returnUrl = returnsLinks(reqJson)
  if (returnUrl === undefined) return { problem: "req_json must be a JSON object, serialized to a string." }
  return { query: { taskId, reqKey, returnUrl } }
}
