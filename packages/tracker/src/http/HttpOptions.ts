import type { TargetConnection } from "@gentask/core"
import * as Context from "effect/Context"

/** What handlers need to know about the server. */
export interface HttpSettings {
  /** The folder of saved files. Files outside of it are not served. */
  readonly dir: string
  /** Where files are saved instead. Undefined if they are saved in the folder. */
  readonly target: TargetConnection | undefined
  /** The limit of a request's body, in bytes. */
  readonly maxBodyBytes: number
  /** How many streams of events may be open at the same time. */
  readonly maxStreams: number
  /** How often an idle stream of events sends a comment, in milliseconds. */
  readonly heartbeatMs: number
  /** For how long a submit waits for its outcome by default, in milliseconds. */
  readonly submitWaitMs: number
}

/** What handlers need to know about the server. */
export class Settings extends Context.Service<Settings, HttpSettings>()("@gentask/tracker/HttpSettings") {}
