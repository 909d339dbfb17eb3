/** Errors of object stores. */
import type { WireResponse } from "./WireResponse.ts"

/** An error in the XML form of object stores. */
export const storeError = (status: number, code: string, message: string): WireResponse => ({
  status,
  headers: { "content-type": "application/xml" },
  body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`
})
