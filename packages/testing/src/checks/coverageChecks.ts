/** Whether the recordings show everything that the spec knows. */
import type { StatusWords } from "@gentask/core/provider"
import { isTerminal } from "@gentask/core/internal"
import type { TaskStatus } from "@gentask/core/provider"
import { fail } from "../Check.ts"
import type { Check } from "../Check.ts"
import { meaningOf, tidy } from "../Expectation.ts"
import type { Meaning, SnapshotMeaning } from "../Expectation.ts"
import { readingOfCase } from "../replay.ts"
import type { Case, Subject } from "../replay.ts"

const folded = (word: string): string => word.trim().toLowerCase()

/** A recording that means a snapshot; what a person wrote stands before what the provider reads. */
interface Shown {
  readonly name: string
  readonly means: SnapshotMeaning
  /** The vendor's words that mean this. */
  readonly words: ReadonlyArray<string>
}

const meansOf = (subject: Subject, asking: Case): Meaning | undefined => {
  const { means } = asking.recording
  if (means !== undefined) return tidy(means)
  const reading = readingOfCase(subject, asking)
  return reading._tag === "FollowUp" ? undefined : meaningOf(reading, 200)
}

const shownBy = (subject: Subject): ReadonlyArray<Shown> =>
  subject.cases.flatMap((asking) => {
    const means = meansOf(subject, asking)
    if (means === undefined || "fault" in means) return []
    const words = [means.rawStatus ?? [], asking.recording.words ?? []].flat().map(folded)
    return [{ name: asking.name, means, words }]
  })

const wordsOf = (statuses: StatusWords | undefined): ReadonlyMap<string, TaskStatus> =>
  new Map(
    Object.entries(statuses ?? {}).flatMap(([status, words]) =>
      words.map((word) => [folded(word), status as TaskStatus] as const)
    )
  )

/** Whether a recording may contradict `statuses`: it shows what decides a bad end instead of the word, or tells no end. */
const isDecidedOtherwise = ({ means }: Shown): boolean =>
  !isTerminal(means.status) ||
  (means.status !== "succeeded" && (means.failure?.code ?? means.failure?.message) !== undefined)

const checkWords = (subject: Subject): void => {
  const shown = shownBy(subject)
  const words = wordsOf(subject.spec.statuses)
  for (const [word, status] of words) {
    const all = shown.filter((each) => each.words.includes(word))
    if (all.length === 0) {
      fail(
        `No recording shows the word ${JSON.stringify(word)} of statuses.${status}. Record an answer with it, or add it to the "words" of one that means the same.`
      )
    }
    const other = all.find(({ means }) => means.status !== status)
    if (other === undefined) continue
    const isElsewhere = all.some(({ means }) => means.status === status)
    if (!isElsewhere || !isDecidedOtherwise(other)) {
      fail(
        `statuses says that ${JSON.stringify(word)} is ${status}, and ${other.name} says that it is ${other.means.status}. Mend whichever is wrong; where the vendor's code decides, record the word with either meaning, and the code or message in the failure.`
      )
    }
  }
  for (const { name, means } of shown) {
    if (means.rawStatus !== undefined && means.status !== "unknown" && !words.has(folded(means.rawStatus))) {
      fail(
        `${name} says that ${JSON.stringify(means.rawStatus)} is ${means.status}, and statuses has no such word. Add it there.`
      )
    }
  }
}

/** The checks of what is recorded. */
export const coverageChecks = (subject: Subject): ReadonlyArray<Check> => [
  {
    name: "the recordings show a task that goes on, one that succeeded with an output, and one that failed",
    run: () => {
      const shown = shownBy(subject)
      const need = (what: string, has: (means: SnapshotMeaning) => boolean): void => {
        if (!shown.some(({ means }) => has(means)))
          fail(`No recording shows ${what}. Record one; say in "source" if its values are made up.`)
      }
      need("a task that goes on", ({ status }) => status === "queued" || status === "running")
      need(
        "a task that succeeded with an output",
        ({ status, outputs }) => status === "succeeded" && outputs !== undefined
      )
      need("a task that failed", ({ status }) => status === "failed")
    }
  },
  {
    name: "every word of statuses is recorded, and means there what statuses says",
    run: () => checkWords(subject)
  },
  {
    name: "the recorded results are of kinds in makes",
    run: () => {
      for (const { name, means } of shownBy(subject)) {
        const odd = means.outputs?.find(
          ({ kind, role }) => role === undefined && subject.spec.mediaKinds?.includes(kind) !== true
        )
        if (odd !== undefined)
          fail(
            `${name} has a result of the kind ${odd.kind}, which makes does not name. Add it to makes, or mend the output's kind.`
          )
      }
    }
  }
]
