/** What becomes of the answer to a query when a fault strikes it. */
import type { EmulatedTask, Phase } from "../TaskScript.ts"
import { ends } from "../TaskScript.ts"
import { hasEnded } from "../Timeline.ts"
import type { Moment } from "../Timeline.ts"
import type { VendorFormat } from "../vendors/VendorFormat.ts"
import type { WireAnswer } from "../WireAnswer.ts"
import type { AnswerFault, QueryFault, StateFault } from "./Fault.ts"
import { isDeliveryFault, mannerOf } from "./Manner.ts"
import { emptyAnswer, htmlPage, retryAfterOf, withRetryAfter } from "./Pages.ts"
import { hugeJson, invalidJson, wrongShape } from "./WrongJson.ts"

/** A query about a task that is known, and the ways to answer it. */
export interface AskedTask {
  readonly task: EmulatedTask
  readonly format: VendorFormat
  /** Milliseconds since the epoch. */
  readonly now: number
  /** The answer that is due. */
  readonly plain: () => WireAnswer
  /** What the timeline of another task would say in its place. */
  readonly told: (seen: EmulatedTask) => WireAnswer
}

/** What a task's answers have said so far. */
export interface Told {
  readonly phase: Phase
  readonly progress: number
}

const rankOf = (phase: Phase): number => ["queued", "running"].indexOf(phase) + (hasEnded(phase) ? 3 : 0)

const usualBackProgress = 0.01

/** Whether the task has gone beyond the phase to which the fault takes it back. */
export const leavesPhase = (
  fault: Extract<StateFault, { fault: "status-back" }>,
  { phase }: Pick<Told, "phase">
): boolean => rankOf(phase) > rankOf(fault.to ?? "queued")

/** Whether a fault can strike at this moment, after what has been told. */
export const canStrike = (fault: QueryFault, moment: Moment, told: Told | undefined): boolean => {
  switch (fault.fault) {
    case "no-output":
      return moment.phase === "succeeded"
    case "status-back":
      return told !== undefined && leavesPhase(fault, told)
    case "progress-back":
      return told !== undefined && told.progress > (fault.progress ?? usualBackProgress)
    default:
      return true
  }
}

const wholeSecond = 1000

/** The task as if it were running with this progress at `now`. */
const asRunning = (task: EmulatedTask, now: number, progress: number): EmulatedTask => ({
  ...task,
  end: "never",
  queuedFor: now - task.addedAt - Math.round(progress * wholeSecond),
  runningFor: wholeSecond
})

const asQueued = (task: EmulatedTask): EmulatedTask => ({ ...task, queuedFor: Number.POSITIVE_INFINITY })

const phases: readonly Phase[] = ["queued", "running", ...ends.filter((end) => end !== "never")]

const withWord = (task: EmulatedTask, word: string): EmulatedTask => ({
  ...task,
  words: Object.fromEntries(phases.map((phase) => [phase, word]))
})

const stateAnswer = (
  fault: StateFault,
  { task, now, format, told }: AskedTask,
  { progress }: Moment
): WireAnswer => {
  switch (fault.fault) {
    case "lag":
      return format.unknownTask(task.id)
    case "unknown-word":
      return told(withWord(asRunning(task, now, Math.min(progress, 0.99)), fault.word ?? "warming_up"))
    case "status-back":
      return told(fault.to === "running" ? asRunning(task, now, Math.min(progress, 0.99)) : asQueued(task))
    case "no-output":
      return told({ ...task, media: [] })
    default:
      return told(asRunning(task, now, fault.progress ?? usualBackProgress))
  }
}

const statusAnswer = (
  fault: Extract<AnswerFault, { fault: "status" }>,
  { format }: AskedTask
): WireAnswer => {
  const { status, body = "json" } = fault
  const wait = retryAfterOf(fault.retryAfter)
  const pages = {
    html: () => htmlPage(status),
    empty: () => emptyAnswer(status),
    json: () => format.failure(status, wait?.as === "body" ? wait.seconds : undefined)
  }
  return withRetryAfter(pages[body](), wait)
}

const answerWith = (fault: AnswerFault, asked: AskedTask): WireAnswer => {
  const { plain } = asked
  switch (fault.fault) {
    case "status":
      return statusAnswer(fault, asked)
    case "business":
      return asked.format.businessError(fault.code, fault.retryAfter)
    case "invalid-json":
      return invalidJson(plain())
    case "wrong-shape":
      return wrongShape(plain(), fault.as)
    case "empty":
      return { ...plain(), body: "" }
    case "html":
      return htmlPage(200)
    default:
      return hugeJson(plain(), fault.megabytes, fault.framing ?? "chunked")
  }
}

const isStateFault = (fault: AnswerFault | StateFault): fault is StateFault =>
  ["lag", "unknown-word", "status-back", "progress-back", "no-output"].includes(fault.fault)

/** The answer to a query, spoiled by a fault. */
export const spoiledAnswer = (fault: QueryFault, asked: AskedTask, moment: Moment): WireAnswer => {
  if (isDeliveryFault(fault)) {
    const answer = asked.plain()
    const manner = mannerOf(fault)
    return manner === undefined ? answer : { ...answer, manner }
  }
  return isStateFault(fault) ? stateAnswer(fault, asked, moment) : answerWith(fault, asked)
}
