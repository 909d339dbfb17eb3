/** How Jimeng is asked: two parameters in the URL, and a JSON body with JSON in a string inside it. */
import { isRecord, parseJson } from "../Json.ts"
import type { EmulatorRequest, Reading } from "./VendorFormat.ts"
import { parameter } from "./VendorFormat.ts"

const action = "CVSync2AsyncGetResult"
const version = "2022-08-31"

const parseObject = (json: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value = parseJson(json)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

const wantsLinks = (reqJson: unknown): boolean | undefined => {
  // The relays call req_json required and the origin optional; a query without it gets base64 from either.
  if (reqJson === undefined) return false
  const wishes = typeof reqJson === "string" ? parseObject(reqJson) : undefined
  return wishes && wishes["return_url"] === true
}

/** What a query to Jimeng asks for, or what is wrong with it. */
export const readJimengQuery = ({ search, body }: EmulatorRequest): Reading => {
  if (parameter(search, "Action") !== action) return { problem: `The parameter Action must be ${action}.` }
  if (parameter(search, "Version") !== version)
    return { problem: `The parameter Version must be ${version}.` }
  const fields = parseObject(body)
  if (fields === undefined) return { problem: "The body must be a JSON object." }
  const { req_key: reqKey, task_id: taskId, req_json: reqJson } = fields
  if (typeof reqKey !== "string" || reqKey === "") return { problem: "req_key is required." }
  if (typeof taskId !== "string" || taskId === "") return { problem: "task_id is required." }
  const returnUrl = wantsLinks(reqJson)
  if (returnUrl === undefined) return { problem: "req_json must be a JSON object, serialised to a string." }
  return { question: { taskId, reqKey, returnUrl } }
}
