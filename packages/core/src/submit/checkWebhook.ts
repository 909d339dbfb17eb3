import type { InputProblem } from "../account/InputProblem.ts"
import type { SubmitInput } from "./SubmitInput.ts"

const isHttpUrl = (url: unknown): boolean =>
  typeof url === "string" && ["http:", "https:"].includes(URL.parse(url)?.protocol ?? "")

/** Checks the URL that the vendor sends its webhooks to. Plain http is allowed, for servers on this machine. */
export const checkWebhook = (webhook: SubmitInput["webhook"]): ReadonlyArray<InputProblem> => {
  if (webhook === undefined || isHttpUrl((webhook as Partial<typeof webhook> | null)?.url)) return []
  return [{ path: "webhook", message: "expected { url } with the https URL of your server" }]
}
