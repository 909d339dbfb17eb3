import { UsageError } from "../UsageError.ts"

const maxLines = 20

/**
 * Returns the error that reports the invalid lines of a batch.
 *
 * @param problems A sentence for each line.
 */
export const invalidBatch = (problems: ReadonlyArray<string>): UsageError => {
  const more = problems.length - maxLines
  const lines = [
    "Invalid batch. Nothing was sent.",
    ...problems.slice(0, maxLines),
    ...(more > 0 ? [`${more} more ${more === 1 ? "line is" : "lines are"} invalid.`] : [])
  ]
  return new UsageError({ message: lines.join("\n") })
}
