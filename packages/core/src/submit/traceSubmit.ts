import * as Effect from "effect/Effect"
import type { ResolvedAccount } from "../account/ResolvedAccount.ts"
import { traceOperation } from "../exchange/traceOperation.ts"
import {
  mediaKindOf,
  operationAttributes,
  promptAttributes,
  taskAttributes
} from "../telemetry/attributes.ts"
import { attributeNames as names } from "../telemetry/names.ts"
import type { SubmitSpans } from "../telemetry/SubmitSpans.ts"
import type { SubmitInput, Submitted } from "./SubmitInput.ts"

/** The outcomes of submits that failed. All others are named as the tag of the error. */
const outcomes: Readonly<Record<string, string | undefined>> = {
  SubmitRejected: "rejected",
  SubmitOutcomeUnknown: "unknown",
  SubmitAborted: "aborted"
}

/** Remembers the current span as that of the tasks. Later queries are linked to it. */
const remember = (spans: SubmitSpans, { refs, isReplay }: Submitted): Effect.Effect<void> =>
  Effect.withFiber(({ cache }) => {
    if (!isReplay && cache.tracer !== undefined && cache.span !== undefined) spans.add(refs, cache.span)
    return Effect.void
  })

/** Traces and counts a submit: from its validation to the record of its outcome. */
export const traceSubmit = <E extends { readonly _tag: string }>(
  account: ResolvedAccount,
  { model, prompt }: Partial<Pick<SubmitInput, "model" | "prompt">>,
  spans: SubmitSpans,
  submit: Effect.Effect<Submitted, E>
): Effect.Effect<Submitted, E> =>
  traceOperation(
    "submit",
    account,
    {
      // JavaScript may pass anything as the model.
      attributes: () => ({
        ...operationAttributes(typeof model === "string" ? mediaKindOf(account, model) : undefined),
        ...(typeof model === "string" ? { [names.requestModel]: model } : {}),
        ...promptAttributes(prompt)
      }),
      onSuccess: ({ isReplay }) => (isReplay ? "replayed" : "accepted"),
      onError: ({ _tag }) => outcomes[_tag] ?? _tag,
      taskOf: ({ snapshot }) => taskAttributes(snapshot.ref, snapshot.id)
    },
    Effect.tap(submit, (submitted) => remember(spans, submitted))
  )
