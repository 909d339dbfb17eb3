/** The decoding of the valid provider, with changed snapshots or a changed follow-up. */
import { snapshot } from "@gentask/core/provider"
import type { FollowUp, QueryOutcome, SnapshotDraft } from "@gentask/core/provider"
import { decode } from "./orbit.ts"
import type { Body, Job } from "./orbit.ts"

const withFollowUp = (
  outcome: QueryOutcome,
  change: (followUp: FollowUp) => Partial<FollowUp>
): QueryOutcome =>
  outcome._tag === "FollowUp"
    ? { _tag: "FollowUp", followUp: { ...outcome.followUp, ...change(outcome.followUp) } }
    : outcome

/** Changes the members of every snapshot. */
export const alterSnapshot =
  (change: (draft: SnapshotDraft, job: Job, body: Body) => SnapshotDraft | undefined) =>
  (body: Body): QueryOutcome => {
    const alter = (outcome: QueryOutcome): QueryOutcome =>
      outcome._tag === "Snapshot"
        ? snapshot({ ...outcome.draft, ...change(outcome.draft, body.job ?? {}, body) })
        : withFollowUp(outcome, (followUp) => ({
            decode: (next, http) => alter(followUp.decode(next, http))
          }))
    return alter(decode(body))
  }

/** Changes the members of the follow-up. */
export const alterFollowUp =
  (change: (followUp: FollowUp) => Partial<FollowUp>) =>
  (body: Body): QueryOutcome =>
    withFollowUp(decode(body), change)
