import type { FailureReason } from "../task/Failure.ts"
import * as patterns from "./failurePatterns.ts"

/** The meaning of a failure's code and message. */
export interface FailureClass {
  /** The reason. */
  readonly reason: Exclude<FailureReason, "unknown">
  /**
   * False if the same input would be rejected again. Undefined if that is unknown. After a rejected result, for example,
   * the next one may pass.
   */
  readonly canResubmit?: false
}

/** The first match wins. Specific reasons come first: a model may fail *because* its input is invalid. */
const rules: ReadonlyArray<readonly [RegExp, FailureClass]> = [
  [patterns.rateLimit, { reason: "upstream" }],
  [patterns.quota, { reason: "quota" }],
  [patterns.unreadableInput, { reason: "invalid-input" }],
  [patterns.timeout, { reason: "timeout" }],
  [patterns.invalidInput, { reason: "invalid-input", canResubmit: false }],
  [patterns.canceled, { reason: "canceled" }],
  [patterns.upstream, { reason: "upstream" }]
]

const aboutResult =
  /\b(?:outputs?|(?<!as a )results?|generated|created|post)\b|we (?:have )?created|输出|生成的|结果/u

const rejectedInput: FailureClass = { reason: "moderation", canResubmit: false }
const rejectedResult: FailureClass = { reason: "moderation" }

/** Splits camel case, so that `OutputAudioSensitiveContentDetected` reads as words. */
const toWords = (text: string): string =>
  text
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/[_:]+/g, " ")
    .replace(/\s+/g, " ")
    .toLowerCase()

/** Removes what only sounds like moderation. */
const withoutLookalikes = (text: string): string =>
  text
    .split(/[.;。；]/)
    .filter((sentence) => !patterns.technicalPolicy.test(sentence))
    .join(" ")
    .replace(patterns.notModeration, " ")

/** Longer texts repeat the request or contain a stack trace. */
const maxLength = 2000

/**
 * Classifies a vendor's failure by its code and message, in English or Chinese. Use it for texts that the vendor does not
 * document. Core classifies each failure that a provider gives no reason for.
 *
 * ```ts
 * classifyFailure("CONTENT_POLICY_BLOCKED: the input was flagged") // { reason: "moderation", canResubmit: false }
 * classifyFailure("422", "The image could not be downloaded") // { reason: "invalid-input" }
 * classifyFailure("Task failed") // undefined
 * ```
 *
 * @param texts Codes and messages. Absent ones are ignored.
 * @returns Undefined if no reason is recognized.
 */
export const classifyFailure = (
  ...texts: ReadonlyArray<string | number | null | undefined>
): FailureClass | undefined => {
  const text = toWords(
    texts
      .filter((each) => each != null && each !== "")
      .join(" ")
      .slice(0, maxLength)
  )
  if (text === "") return undefined
  if (patterns.moderation.test(text) && patterns.moderation.test(withoutLookalikes(text))) {
    return aboutResult.test(text) ? rejectedResult : rejectedInput
  }
  return rules.find(([pattern]) => pattern.test(text))?.[1]
}
