import { ConfigurationError } from "../account/ConfigurationError.ts"
import { oneLine } from "../task/oneLine.ts"

/** One problem of a submit's input. */
export interface InputProblem {
  /** The dotted path of the input, such as `images.0`. Empty for the request as a whole. */
  readonly path: string
  /** What is wrong and what to do, as a sentence without the path. */
  readonly message: string
}

const sentence = (text: string): string => (/[.!?。！？]$/u.test(text) ? text : `${text}.`)

/** Returns the error that reports all problems of an input at once. */
export const invalidInput = (
  account: string,
  model: string,
  problems: ReadonlyArray<InputProblem>
): ConfigurationError => {
  const lines = problems.map(({ path, message }) =>
    sentence(path === "" ? oneLine(message) : `${path}: ${oneLine(message)}`)
  )
  const [only = ""] = lines
  const detail = lines.length === 1 ? ` ${only}` : `\n${lines.map((line) => `  ${line}`).join("\n")}`
  return new ConfigurationError({
    reason: { _tag: "InvalidInput", account, model, problems },
    message: `Invalid input for ${account} ${oneLine(model)}. Nothing was sent.${detail}`
  })
}
