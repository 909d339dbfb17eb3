/** Between the answers and the socket: decides which exchanges are disturbed, and how. */
import type { EmulatedTask } from "../TaskScript.ts"
import { momentOf } from "../Timeline.ts"
import type { Moment } from "../Timeline.ts"
import type { WireAnswer } from "../WireAnswer.ts"
import type { Chaos } from "./Chaos.ts"
import { makeDisturbanceCounter } from "./Disturbances.ts"
import type { Disturbed } from "./Disturbances.ts"
import type { MediaFault, MediaFaultName, QueryFault, QueryFaultName, Times } from "./Fault.ts"
import { makeFaultCursor } from "./FaultCursor.ts"
import type { FaultCursor } from "./FaultCursor.ts"
import type { AskedFile } from "./FileFaults.ts"
import { canStrikeFile, isRanged, spoiledFile } from "./FileFaults.ts"
import type { LinkFault, LinkFaultName } from "./LinkFault.ts"
import type { AskedTarget, LinkFaults, LinkPlan } from "./LinkFaults.ts"
import type { AskedTask, Told } from "./QueryFaults.ts"
import { canStrike, leavesPhase, spoiledAnswer } from "./QueryFaults.ts"

/** A query about a task that is known. */
export interface AskedQuery extends Omit<AskedTask, "plain"> {
  /** How many queries about the task came before. */
  readonly nth: number
  /** The answer that is due. It asks for a plan if it hands out links, which then have the plan's fault. */
  readonly plain: (planLinks: () => LinkPlan | undefined) => WireAnswer
}

/** A request for a result of a task that is known, by a link that is valid. */
export interface AskedResult extends AskedTarget, AskedFile {
  readonly task: EmulatedTask
}

/** An answer, and the fault that struck it; undefined when none did. */
export interface Struck<Name extends string> {
  readonly answer: WireAnswer
  readonly fault: Name | undefined
}

/** Disturbs exchanges by the scripts of their tasks, else by the profile of the whole emulator. */
export interface FaultLayer {
  readonly query: (asked: AskedQuery) => Struck<QueryFaultName>
  readonly media: (asked: AskedResult) => Struck<MediaFaultName | LinkFaultName>
  readonly disturbed: () => Disturbed
  /** Forgets what has been counted; what has been used up of the scripts stays so. */
  readonly clear: () => void
}

/** What has happened to a task so far. */
interface History {
  readonly queries: FaultCursor<QueryFault>
  readonly media: FaultCursor<MediaFault>
  readonly links: FaultCursor<LinkFault>
  /** How many answers have handed out links. */
  handings: number
  /** Requests by file, and refused requests by link. */
  readonly requests: Map<string, number>
  told: Told | undefined
}

const timesOfQuery = (fault: QueryFault): Times =>
  ("polls" in fault ? fault.polls : undefined) ?? ("times" in fault ? fault.times : undefined) ?? 1

const timesOfLink = ({ link, queries }: LinkFault): Times =>
  queries ?? (link === "expired" || link === "forbidden" ? 1 : "forever")

const newHistory = (task: EmulatedTask): History => ({
  queries: makeFaultCursor(task.faults, timesOfQuery),
  media: makeFaultCursor(task.mediaFaults, ({ times = 1 }) => times),
  links: makeFaultCursor(task.links, timesOfLink),
  handings: 0,
  requests: new Map(),
  told: undefined
})

const countUp = (counts: Map<string, number>, name: string): number => {
  const before = counts.get(name) ?? 0
  counts.set(name, before + 1)
  return before
}

/** A layer that disturbs by scripts and, if there is one, by a profile. */
export const makeFaultLayer = (linkFaults: LinkFaults, chaos: Chaos | undefined): FaultLayer => {
  const histories = new WeakMap<EmulatedTask, History>()
  const queries = makeDisturbanceCounter<QueryFaultName>()
  const media = makeDisturbanceCounter<MediaFaultName | LinkFaultName>()

  const historyOf = (task: EmulatedTask): History => {
    const known = histories.get(task)
    if (known !== undefined) return known
    const made = newHistory(task)
    histories.set(task, made)
    return made
  }

  const planFor = (task: EmulatedTask, { phase }: Moment): LinkPlan | undefined => {
    if (task.links.length === 0 || phase !== "succeeded") return undefined
    const history = historyOf(task)
    const fault = history.links.take()
    const handing = history.handings
    history.handings += 1
    return fault && { fault, index: task.links.indexOf(fault), handing }
  }

  const chaosOf = ({ task, nth }: AskedQuery, moment: Moment): QueryFault | undefined => {
    const fault = chaos?.query(task.vendor, task.id, nth)
    // What cannot be taken back is put in other words, so that the exchange is disturbed all the same.
    return fault?.fault === "status-back" && !leavesPhase(fault, moment) ? { fault: "unknown-word" } : fault
  }

  const strike = (asked: AskedQuery): Struck<QueryFaultName> => {
    const { task, now } = asked
    const history = historyOf(task)
    const moment = momentOf(task, now)
    const fault =
      history.queries.take((each) => canStrike(each, moment, history.told)) ?? chaosOf(asked, moment)
    const plain = (): WireAnswer => asked.plain(() => planFor(task, moment))
    if (fault === undefined || fault.fault === "none") {
      history.told = moment
      return { answer: plain(), fault: undefined }
    }
    return { answer: spoiledAnswer(fault, { ...asked, plain }, moment), fault: fault.fault }
  }

  const linkFault = (asked: AskedResult): Struck<LinkFaultName> | undefined => {
    const { mark, file } = asked.target
    const fault = mark && asked.task.links[mark.index]
    if (fault === undefined) return undefined
    const refused = countUp(historyOf(asked.task).requests, `${mark?.handing} ${file}`)
    const answer = linkFaults.answer(fault, asked, refused)
    return answer && { answer, fault: fault.link }
  }

  const fileFault = (asked: AskedResult): Struck<MediaFaultName> => {
    const { task, headers, target } = asked
    const { requests, media: cursor } = historyOf(task)
    const nth = countUp(requests, target.file)
    const fault =
      cursor.take((each) => canStrikeFile(each, asked)) ??
      chaos?.media(task.vendor, task.id, target.file, nth, isRanged(asked))
    return fault === undefined || fault.fault === "none"
      ? { answer: asked.serve(headers), fault: undefined }
      : { answer: spoiledFile(fault, asked), fault: fault.fault }
  }

  const isQuiet = (task: EmulatedTask): boolean =>
    chaos === undefined && task.faults.length + task.mediaFaults.length + task.links.length === 0

  return {
    query: (asked) => {
      const struck = isQuiet(asked.task)
        ? { answer: asked.plain(() => undefined), fault: undefined }
        : strike(asked)
      queries.count(struck.fault)
      return struck
    },
    media: (asked) => {
      const struck = isQuiet(asked.task)
        ? { answer: asked.serve(asked.headers), fault: undefined }
        : (linkFault(asked) ?? fileFault(asked))
      media.count(struck.fault)
      return struck
    },
    disturbed: () => {
      const [ofQueries, ofMedia] = [queries.read(), media.read()]
      return {
        exchanges: ofQueries.exchanges + ofMedia.exchanges,
        disturbed: ofQueries.disturbed + ofMedia.disturbed,
        queries: ofQueries,
        media: ofMedia
      }
    },
    clear: () => {
      queries.clear()
      media.clear()
    }
  }
}
