import { ConfigurationError } from "../account/ConfigurationError.ts"
import type { InputProblem } from "../account/InputProblem.ts"
import { oneLine } from "../task/oneLine.ts"

const sentence = (text: string): string => (/[.!?。！？]$/u.test(text) ? text : `${text}.`)

/** Returns the error that reports all problems of an input at once. */
export const invalidInput = (
  account: string,
  model: string,
  given: ReadonlyArray<InputProblem>
): ConfigurationError => {
  const problems = given.map((problem) => ({ ...problem, code: problem.code ?? "invalid" }))
  const lines = problems.map(({ path, commonInput, message }) => {
    const field = commonInput === undefined ? path : `${path} (${commonInput})`
    return sentence(field === "" ? oneLine(message) : `${field}: ${oneLine(message)}`)
  })
  const [only = ""] = lines
  const detail = lines.length === 1 ? ` ${only}` : `\n${lines.map((line) => `  ${line}`).join("\n")}`
  return new ConfigurationError({
    reason: { _tag: "InvalidInput", account, model, problems },
    message: `Invalid input for ${account} ${oneLine(model)}. Nothing was sent.${detail}`
  })
}
