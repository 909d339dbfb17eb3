/** The right reading, with something else in its snapshots or in its follow-up. */
import { snapshot } from "@gentask/core/provider"
import type { FollowUp, Outcome, SnapshotDraft } from "@gentask/core/provider"
import { interpret } from "./orbit.ts"
import type { Body, Job } from "./orbit.ts"

const withFollowUp = (outcome: Outcome, change: (exchange: FollowUp) => Partial<FollowUp>): Outcome =>
  outcome._tag === "FollowUp"
    ? { ...outcome, exchange: { ...outcome.exchange, ...change(outcome.exchange) } }
    : outcome

/** Changes each snapshot. */
export const reading =
  (change: (draft: SnapshotDraft, job: Job, body: Body) => SnapshotDraft | undefined) =>
  (body: Body): Outcome => {
    const alter = (outcome: Outcome): Outcome =>
      outcome._tag === "Snapshot"
        ? snapshot({ ...outcome.draft, ...change(outcome.draft, body.job ?? {}, body) })
        : withFollowUp(outcome, (exchange) => ({
            interpret: (next, http) => alter(exchange.interpret(next, http))
          }))
    return alter(interpret(body))
  }

/** Changes the follow-up. */
export const followingUp =
  (change: (exchange: FollowUp) => Partial<FollowUp>) =>
  (body: Body): Outcome =>
    withFollowUp(interpret(body), change)
