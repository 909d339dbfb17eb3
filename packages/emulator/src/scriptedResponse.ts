/** The responses that task scripts define. */
import type { ScriptedResponse } from "./TaskScript.ts"
import { jsonResponse } from "./WireResponse.ts"
import type { WireResponse } from "./WireResponse.ts"

const toLowerCaseNames = (headers: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

const toWireResponse = ({ status = 200, headers, body, text = "" }: ScriptedResponse): WireResponse => {
  // Lower case, so that the script's "Content-Type" replaces the default.
  const scripted = toLowerCaseNames(headers)
  if (body !== undefined) return jsonResponse(status, body, scripted)
  return { status, headers: { "content-type": "text/plain; charset=utf-8", ...scripted }, body: text }
}

/** The scripted response to a poll, where 0 is the first one. Undefined if the script has none left. */
export const scriptedResponseTo = (
  poll: number,
  responses: readonly ScriptedResponse[]
): WireResponse | undefined => {
  let end = 0
  for (const response of responses) {
    end += response.times === "forever" ? Number.POSITIVE_INFINITY : (response.times ?? 1)
    if (poll < end) return toWireResponse(response)
  }
  return undefined
}
