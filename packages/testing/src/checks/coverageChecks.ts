/** Checks that the recordings cover the spec. */
import { isTerminal } from "@gentask/core/internal"
import type { TaskStatus } from "@gentask/core/provider"
import type { Check } from "../Check.ts"
import { fail } from "../ConformanceError.ts"
import { normalizeExpectation, toExpectation } from "../recording/Expectation.ts"
import type { Expectation, ExpectedSnapshot } from "../recording/Expectation.ts"
import { decodeCase } from "../replay/replay.ts"
import type { RecordedCase, TestContext } from "../replay/TestContext.ts"

const normalizeWord = (word: string): string => word.trim().toLowerCase()

/** A recording of a snapshot. */
interface RecordedSnapshot {
  readonly name: string
  /** The recording's `means`, or what the response decodes to if `means` is absent. */
  readonly snapshot: ExpectedSnapshot
  /** The normalized status words that the recording has. */
  readonly words: ReadonlyArray<string>
}

const resultOf = (context: TestContext, recorded: RecordedCase): Expectation | undefined => {
  const { means } = recorded.recording
  if (means !== undefined) return normalizeExpectation(means)
  const decoded = decodeCase(context, recorded)
  return decoded._tag === "FollowUp" ? undefined : toExpectation(decoded)
}

const recordedSnapshots = (context: TestContext): ReadonlyArray<RecordedSnapshot> =>
  context.cases.flatMap((recorded) => {
    const snapshot = resultOf(context, recorded)
    if (snapshot === undefined || "fault" in snapshot) return []
    const words = [snapshot.rawStatus ?? [], recorded.recording.words ?? []].flat().map(normalizeWord)
    return [{ name: recorded.name, snapshot, words }]
  })

const checkStates = (context: TestContext): void => {
  const recorded = recordedSnapshots(context)
  const expectState = (state: string, isState: (snapshot: ExpectedSnapshot) => boolean): void => {
    if (!recorded.some(({ snapshot }) => isState(snapshot))) {
      fail(`No recording shows ${state}. Add one. If its values are made up, say so in "source".`)
    }
  }
  expectState("a queued or running task", ({ status }) => status === "queued" || status === "running")
  expectState(
    "a succeeded task with an output",
    ({ status, outputs }) => status === "succeeded" && outputs !== undefined
  )
  expectState("a failed task", ({ status }) => status === "failed")
}

/**
 * Returns whether a recording may have another status than `statuses` says: the status is not terminal, or the vendor's
 * failure code or message decides.
 */
const mayDiffer = ({ snapshot: { status, failure } }: RecordedSnapshot): boolean =>
  !isTerminal(status) || (status !== "succeeded" && (failure?.code ?? failure?.message) !== undefined)

const checkWord = (recorded: ReadonlyArray<RecordedSnapshot>, word: string, status: TaskStatus): void => {
  const withWord = recorded.filter(({ words }) => words.includes(word))
  if (withWord.length === 0) {
    fail(
      `No recording has the word ${JSON.stringify(word)} of statuses.${status}. Record a response with it, or add it to "words" of a recording with the same result.`
    )
  }
  const other = withWord.find(({ snapshot }) => snapshot.status !== status)
  if (other === undefined) return
  const isConfirmed = withWord.some(({ snapshot }) => snapshot.status === status)
  if (!isConfirmed || !mayDiffer(other)) {
    fail(
      `statuses maps ${JSON.stringify(word)} to ${status}, but ${other.name} has it as ${other.snapshot.status}. Correct one of them. If the vendor's code decides, record the word with both statuses, and the code or message in the failure.`
    )
  }
}

const checkStatusWords = (context: TestContext): void => {
  const recorded = recordedSnapshots(context)
  const known = new Set<string>()
  for (const [status, words = []] of Object.entries(context.spec.statuses ?? {})) {
    for (const word of words.map(normalizeWord)) {
      known.add(word)
      checkWord(recorded, word, status as TaskStatus)
    }
  }
  for (const { name, snapshot } of recorded) {
    const { status, rawStatus } = snapshot
    if (rawStatus !== undefined && status !== "unknown" && !known.has(normalizeWord(rawStatus))) {
      fail(`${name} has ${JSON.stringify(rawStatus)} as ${status}, but statuses does not have it. Add it.`)
    }
  }
}

const checkKinds = (context: TestContext): void => {
  const { mediaKinds = [] } = context.spec
  for (const { name, snapshot } of recordedSnapshots(context)) {
    const other = snapshot.outputs?.find(({ kind, role }) => role === undefined && !mediaKinds.includes(kind))
    if (other !== undefined) {
      fail(
        `${name} has a result of kind ${other.kind}, which mediaKinds does not have. Add it to mediaKinds, or correct the output's kind.`
      )
    }
  }
}

/** The checks of the recordings as a whole. */
export const coverageChecks = (context: TestContext): ReadonlyArray<Check> => [
  {
    name: "the recordings show an unfinished task, a succeeded one with an output, and a failed one",
    run: () => checkStates(context)
  },
  { name: "every word of statuses is recorded with its status", run: () => checkStatusWords(context) },
  { name: "the recorded results are of kinds in mediaKinds", run: () => checkKinds(context) }
]
