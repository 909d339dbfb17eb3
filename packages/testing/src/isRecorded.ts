import { isDeepStrictEqual } from "node:util"
import type { TestContext } from "./TestContext.ts"

/** Returns whether a recording has exactly this first response, so that its result is the vendor's decision. */
export const isRecorded = ({ cases }: TestContext, status: number, body: unknown): boolean =>
  cases.some(
    ({ responses: [response] }) =>
      (response?.status ?? 200) === status && isDeepStrictEqual(response?.body, body)
  )
