/** Checks that a submit can be sent again with the same bytes. */
import { isDeepStrictEqual } from "node:util"
import type { Check } from "../Check.ts"
import { fail } from "../ConformanceError.ts"
import { formatDiff } from "../json/formatDiff.ts"
import { toRecordedRequest } from "../operations/canonicalSpec.ts"
import type { OperationContext } from "../operations/OperationContext.ts"
import { submitCases } from "./submitRequestChecks.ts"

const key = "5f0c2a1e-7d3b-4c59-9d52-0c6f5d2e8147"

const checkRepeated = (context: OperationContext): void => {
  const tested = submitCases(context)
  // Other submits in between must not change the request.
  const describeAll = (idempotencyKey: string) =>
    tested.map(({ submit, account, request }) =>
      toRecordedRequest(account, submit.request({ ...request, idempotencyKey }, account.settings))
    )
  const first = describeAll(key)
  describeAll("another-key")
  const second = describeAll(key)
  if (!isDeepStrictEqual(second, first)) {
    fail(
      `submit.request describes another request when the same submit is sent again. Let it depend on its arguments alone.\n${formatDiff(second, first)}`
    )
  }
}

const checkKey = (context: OperationContext): void => {
  for (const { name, submit, account, request } of submitCases(context)) {
    const idempotency = submit.idempotency?.(account.settings)
    const spec = submit.request({ ...request, idempotencyKey: key }, account.settings)
    const text = JSON.stringify(spec)
    if (idempotency === undefined) {
      if (text.includes(key)) {
        fail(
          `${name}: the request has the idempotency key, but submit.idempotency does not describe it. Add it with the URL of its documentation, or do not send the key.`
        )
      }
      continue
    }
    const { header, docs } = idempotency
    if (URL.parse(docs)?.protocol !== "https:") {
      fail(`submit.idempotency has the docs ${JSON.stringify(docs)}, which is not an https URL.`)
    }
    if (header === undefined) {
      if (!text.includes(key)) {
        fail(
          `${name}: submit.idempotency has no header, and the request does not contain the key. Add the header, or send the key in the body.`
        )
      }
      continue
    }
    if (!/^[a-z0-9-]+$/.test(header)) {
      fail(`submit.idempotency has the header ${JSON.stringify(header)}. Write it in lower case.`)
    }
    if (Object.keys(spec.headers ?? {}).some((each) => each.toLowerCase() === header)) {
      fail(`submit.request sends the header ${header}, which core adds. Remove it from the headers.`)
    }
  }
}

/** The checks of idempotency keys. */
export const idempotencyChecks = (context: OperationContext): ReadonlyArray<Check> =>
  context.spec.submit === undefined
    ? []
    : [
        {
          name: "the same submit with the same key makes the same request",
          run: () => checkRepeated(context)
        },
        { name: "the idempotency key is sent as submit.idempotency says", run: () => checkKey(context) }
      ]
