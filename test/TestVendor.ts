import type { Service, TaskEnd, TaskScript } from "@gentask/emulator"
import type { ProviderAccount, ProviderSpec } from "@gentask/core"

/** A system that one of the documents describes. */
export interface System {
  readonly name: string
  /** A task of the system that succeeds at once. */
  readonly script: TaskScript
  /** Returns the ref of the task with an id. */
  readonly ref: (id: string) => string
  /** The media type of a saved result. */
  readonly mediaType: string
  /** Whether tasks have a word for their status. @default true */
  readonly hasStatusWords?: boolean
  /** Whether the vendor has no API keys. @default false */
  readonly isKeyless?: boolean
  /** Returns a task id in the vendor's form, for a vendor that does not accept just any text. @default `task-INDEX` */
  readonly id?: (index: number) => string
  /** Whether a task can have several outputs. @default false */
  readonly listsOutputs?: boolean
  /** The ends without success that a response can report. @default failed */
  readonly failures?: readonly [TaskEnd, ...ReadonlyArray<TaskEnd>]
}

/** A format and a vendor that accepts submits in it. */
export interface SubmitSystem {
  readonly name: string
  /** The account, as in a task ref. */
  readonly account: string
  /** The service of the emulator. */
  readonly service: Service
  /** A model that needs a prompt only. */
  readonly model: string
  /** A model that accepts images. */
  readonly imageModel: string
  /** What `imageModel` requires besides a prompt and an image. @default nothing */
  readonly imageInput?: Readonly<Record<string, unknown>>
  /** Whether the vendor documents that it created no task when it responds with its own 429. @default false */
  readonly repeats429?: boolean
  /** Whether the vendor documents an idempotency key. @default false */
  readonly replays?: boolean
  /** Whether the vendor can cancel a task. @default false */
  readonly cancels?: boolean
  /** Whether a canceled task can no longer be queried. @default false */
  readonly forgetsCanceled?: boolean
}

/** Where an emulator is. */
export interface EmulatorAddress {
  readonly url: string
  readonly apiKey: string
  readonly accessKey: string
}

/** What the tests of all vendors need of one. Each is the default export of a file in `vendors/`. */
export interface TestVendor {
  readonly spec: ProviderSpec
  /** The systems that tasks are queried at. */
  readonly systems: ReadonlyArray<System>
  /** Accounts of the systems on one host. */
  readonly accounts: (baseUrl: string, apiKey: string) => ReadonlyArray<ProviderAccount>
  /** The prefixes of the environment variables of the accounts, such as `JIMMY`. */
  readonly variables: ReadonlyArray<string>
  /** The systems that tasks are submitted to. @default none */
  readonly submitSystems?: ReadonlyArray<SubmitSystem>
  /** Accounts that submit to an emulator. @default none */
  readonly submitAccounts?: (address: EmulatorAddress) => ReadonlyArray<ProviderAccount>
}
