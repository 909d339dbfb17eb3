/** The right reading, with something else in its snapshots or in its follow-up. */
import { snapshot } from "@gentask/core/provider"
import type { FollowUp, QueryOutcome, SnapshotDraft } from "@gentask/core/provider"
import { interpret } from "./orbit.ts"
import type { Body, Job } from "./orbit.ts"

const withFollowUp = (
  outcome: QueryOutcome,
  change: (exchange: FollowUp) => Partial<FollowUp>
): QueryOutcome =>
  outcome._tag === "FollowUp"
    ? { ...outcome, followUp: { ...outcome.followUp, ...change(outcome.followUp) } }
    : outcome

/** Changes each snapshot. */
export const reading =
  (change: (draft: SnapshotDraft, job: Job, body: Body) => SnapshotDraft | undefined) =>
  (body: Body): QueryOutcome => {
    const alter = (outcome: QueryOutcome): QueryOutcome =>
      outcome._tag === "Snapshot"
        ? snapshot({ ...outcome.draft, ...change(outcome.draft, body.job ?? {}, body) })
        : withFollowUp(outcome, (exchange) => ({
            decode: (next, http) => alter(exchange.decode(next, http))
          }))
    return alter(interpret(body))
  }

/** Changes the follow-up. */
export const followingUp =
  (change: (exchange: FollowUp) => Partial<FollowUp>) =>
  (body: Body): QueryOutcome =>
    withFollowUp(interpret(body), change)
