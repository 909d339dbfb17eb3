/** Whether a task's end is believed only where the vendor says it. */
import { isTerminal } from "@gentask/core/internal"
import { fail } from "../Check.ts"
import type { Check } from "../Check.ts"
import { nameOf, readingOfCase, rehearseCase, statusOf } from "../replay.ts"
import type { Case, Subject } from "../replay.ts"
import { statusPlace, unheardOf, withWord } from "../statusPath.ts"

/**
 * A word that nobody knows is `unknown`, and is kept. Only where the answer tells by its code or its message that the
 * task ended badly, may it be that end still, or a fault.
 */
const checkUnknownWord = (subject: Subject, asking: Case): void => {
  const recorded = readingOfCase(subject, asking)
  if (recorded._tag !== "Snapshot" || recorded.snapshot.rawStatus === null) return
  const { status, rawStatus, failure } = recorded.snapshot
  const place = statusPlace(subject, asking)
  if (place === undefined) {
    return fail(
      `rawStatus is ${JSON.stringify(rawStatus)}, and the answer holds no such word. Give the vendor's own word, as it is.`
    )
  }
  // There is no third boolean.
  if (place.places.every(({ value }) => typeof value === "boolean")) return
  const word = unheardOf(place)
  const reading = rehearseCase(subject, asking, withWord(asking, place, word))
  const now = statusOf(reading)
  if (now === "unknown" && place.isFollowed) return
  const hasBadNews =
    isTerminal(status) && status !== "succeeded" && (failure?.code ?? failure?.message ?? null) !== null
  if (hasBadNews && (reading._tag === "Error" || now === status)) return
  fail(
    now === "unknown"
      ? `A word that nobody knows in the place of ${JSON.stringify(rawStatus)} is not kept. Give the vendor's own word as rawStatus.`
      : `A word that nobody knows in the place of ${JSON.stringify(rawStatus)} makes the task ${nameOf(reading)}. Give its status as unknown, so that asking goes on: leave status out of the snapshot, and the spec's statuses decide.`
  )
}

/** A good answer under HTTP 500 or 503 is no end; at a follow-up, where a vendor may tell a failure so, no success. */
const checkServerErrors = (subject: Subject, asking: Case): void => {
  for (const httpStatus of [500, 503]) {
    asking.answers.forEach((answer, index) => {
      const answers = asking.answers.with(index, { ...answer, status: httpStatus })
      const status = statusOf(rehearseCase(subject, asking, answers))
      const isRecorded = subject.cases.some(
        (other) =>
          other.answers[index]?.status === httpStatus && statusOf(readingOfCase(subject, other)) === status
      )
      if (isRecorded) return
      if (status === "succeeded" || (index === 0 && status !== undefined && isTerminal(status))) {
        fail(
          `The answer is ${status} also where HTTP says ${httpStatus}. Let interpretError answer undefined there, so that the HTTP status decides.`
        )
      }
    })
  }
}

/** The checks of where tasks stand. */
export const statusChecks = (subject: Subject): ReadonlyArray<Check> =>
  subject.cases.flatMap((asking) => {
    const unknown = {
      name: `${asking.name}: a word that nobody knows is unknown, and asking goes on`,
      run: () => checkUnknownWord(subject, asking)
    }
    const reading = readingOfCase(subject, asking)
    const status = statusOf(reading)
    if (status === undefined) return []
    if (isTerminal(status) && status !== "succeeded") return [unknown]
    return [
      unknown,
      {
        name: `${asking.name}: it is no end where HTTP says 500 or 503`,
        run: () => checkServerErrors(subject, asking)
      }
    ]
  })
