/** Errors of the stores that keep results. */
import type { WireAnswer } from "./WireAnswer.ts"

/** An error as object stores send it. */
export const storeError = (status: number, code: string, message: string): WireAnswer => ({
  status,
  headers: { "content-type": "application/xml" },
  body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`
})
