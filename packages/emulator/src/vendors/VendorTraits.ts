/** What the emulator has to know about a vendor besides its wire format: the defaults of its tasks and links. */
import type { EmulatedTask } from "../EmulatedTask.ts"
import type { LinkStyle } from "../LinkSigner.ts"
import type { MediaFormat } from "../MediaFormat.ts"
import type { TaskKind } from "../TaskScript.ts"
import type { Dialect } from "./vendorNames.ts"

/** What a new task id depends on. */
export interface NewTask {
  /** The model of the task. */
  readonly model: string
  /** What the task makes. */
  readonly kind: TaskKind
  /** The variant of the wire format, or undefined for the form that the vendor's document shows. */
  readonly dialect: Dialect | undefined
  /** When the task is added, in milliseconds since 1970. */
  readonly now: number
}

/** The defaults and the properties of a vendor. */
export interface VendorTraits {
  /** What a task makes whose script does not say so and whose first result is not an mp4 or a wav. @default "image" */
  readonly kind?: TaskKind
  /** The prompt of tasks without one. */
  readonly prompt: string
  /** The model of tasks without one. */
  readonly model: (kind: TaskKind) => string
  /** Creates an id in the vendor's form. */
  readonly newId: (task: NewTask) => string
  /** The results of tasks without a list of them. @default one mp4, wav or png */
  readonly media?: (kind: TaskKind) => readonly MediaFormat[]
  /** Milliseconds that links work for. Infinity never expires. */
  readonly linkLifetime: (kind: TaskKind) => number
  /** How links are signed. `public` links show neither a signature nor an expiry. */
  readonly linkStyle: (task: EmulatedTask) => LinkStyle
  /** Whether responses contain a list of results, rather than one. @default never */
  readonly hasResultList?: (kind: TaskKind) => boolean
  /** Codes of transient errors, for `business` faults of a chaos profile. */
  readonly transientCodes: readonly [number | string, ...(number | string)[]]
  /** Whether all error codes are numbers. @default false */
  readonly hasNumericCodes?: boolean
  /** Whether errors can contain the seconds until the client should retry in their body. @default false */
  readonly hasRetryAfterInBody?: boolean
  /** The credit of each API key at the start, in the vendor's unit. @default 1_000_000 */
  readonly credit?: number
  /** What each task costs, in the vendor's unit. @default 0 */
  readonly price?: number
}
