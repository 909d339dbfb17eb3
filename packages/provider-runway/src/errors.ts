/** See https://docs.dev.runwayml.com/api for errors, and https://docs.dev.runwayml.com/errors/task-failures for failures. */
import { firstStringAt, listAt, readErrorDetail } from "@gentask/core/provider"
import type { ErrorFormat, JsonObject } from "@gentask/core/provider"

/** The vendor's message, and what is wrong with each field. */
const messageOf = (body: JsonObject): string | undefined => {
  const { message } = readErrorDetail(body)
  const issues = listAt(body, "issues").flatMap((issue) => {
    const text = firstStringAt(issue, "message")
    const path = listAt(issue, "path")
    if (text === undefined) return []
    return [path.length > 0 ? `${path.join(".")}: ${text}` : text]
  })
  return [message, ...issues].filter((each) => each !== undefined).join("; ") || undefined
}

export const errors: ErrorFormat = {
  read: (body, { status }) => {
    if (status < 400) return undefined
    const message = messageOf(body)
    if (status === 400 && /\benough credits\b/i.test(message ?? ""))
      return { _tag: "InsufficientCredits", message }
    // "May retry: yes". Another host's response says nothing about the task.
    const isLimit = status === 429 && firstStringAt(body, "error") !== undefined
    return { message, submit: isLimit ? "retry-later" : undefined }
  },
  // The parts of the codes of failures. A code may be longer: `SAFETY.INPUT.TEXT`, `INTERNAL.BAD_OUTPUT.CODE01`.
  codes: [
    // "You should not retry these generations."
    {
      codes: [/^SAFETY(?:\.|$)/, /^INPUT_PREPROCESSING\.SAFETY(?:\.|$)/],
      failure: { reason: "moderation", canResubmit: false }
    },
    { codes: [/^ASSET\.INVALID(?:\.|$)/], failure: { reason: "invalid-input", canResubmit: false } },
    // The vendor rejected the result for its quality, which the input may cause.
    { codes: [/^INTERNAL\.BAD_OUTPUT(?:\.|$)/], failure: { reason: "upstream" } },
    {
      codes: [/^(?:INTERNAL|INPUT_PREPROCESSING\.INTERNAL|THIRD_PARTY\.UNAVAILABLE)(?:\.|$)/],
      failure: { reason: "upstream", canResubmit: true }
    }
  ]
}
