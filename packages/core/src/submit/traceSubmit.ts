import type * as Effect from "effect/Effect"
import type { ResolvedAccount } from "../account/ResolvedAccount.ts"
import { traceOperation } from "../exchange/traceOperation.ts"
import type { Submitted } from "./SubmitInput.ts"

/** The outcomes of submits that failed. All others are named as the tag of the error. */
const outcomes: Readonly<Record<string, string | undefined>> = {
  SubmitRejected: "rejected",
  SubmitOutcomeUnknown: "unknown",
  SubmitAborted: "aborted"
}

/** Traces and counts a submit: from its validation to the record of its outcome. */
export const traceSubmit = <E extends { readonly _tag: string }>(
  account: ResolvedAccount,
  model: unknown,
  submit: Effect.Effect<Submitted, E>
): Effect.Effect<Submitted, E> =>
  traceOperation(
    "submit",
    account,
    {
      attributes: { "gentask.model": typeof model === "string" ? model : undefined },
      onSuccess: ({ isReplay }) => (isReplay ? "replayed" : "accepted"),
      onError: ({ _tag }) => outcomes[_tag] ?? _tag,
      taskOf: ({ snapshot }) => snapshot.id
    },
    submit
  )
