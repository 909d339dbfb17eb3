/** Accounts that submit to an emulator, and a request of each. */
import { startEmulator } from "@gentask/emulator"
import type { Emulator, EmulatorOptions, ReceivedSubmit, Service, SubmitFault } from "@gentask/emulator"
import { createGentask, memoryLedger, PollPolicy } from "@gentask/core"
import type { Ledger, ProviderAccount, SubmitInput } from "@gentask/core"
import { aigptimage } from "@gentask/provider-aigptimage"
import { jimeng } from "@gentask/provider-jimeng"
import { jimmy } from "@gentask/provider-jimmy"
import { sora } from "@gentask/provider-sora"

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
  /** Whether the vendor documents that it created no task when it responds with its own 429. */
  readonly repeats429: boolean
  /** Whether the vendor documents an idempotency key. */
  readonly replays: boolean
}

const common = { repeats429: false, replays: false }

/** All formats. */
export const submitSystems: ReadonlyArray<SubmitSystem> = [
  {
    ...common,
    name: "jimmy",
    account: "jimmy",
    service: "jimmy",
    model: "gpt-image-2",
    imageModel: "gpt-image-2"
  },
  { ...common, name: "sora", account: "sora", service: "sora", model: "sora-2", imageModel: "sora-2" },
  {
    ...common,
    name: "jimeng at octopusx",
    account: "jimeng@octopusx",
    service: "jimeng",
    model: "jimeng_t2i_v40",
    imageModel: "jimeng_i2i_v30",
    repeats429: true
  },
  {
    ...common,
    name: "jimeng at volcengine",
    account: "jimeng@volcengine",
    service: "jimeng",
    model: "jimeng_t2i_v40",
    imageModel: "jimeng_i2i_v30",
    repeats429: true
  },
  {
    name: "aigptimage",
    account: "aigptimage",
    service: "aigptimage",
    model: "gpt-image-2-text-to-image",
    imageModel: "gpt-image-2-image-to-image",
    repeats429: true,
    replays: true
  },
  {
    ...common,
    name: "kie",
    account: "aigptimage@kie",
    service: "kie",
    model: "nano-banana-2",
    imageModel: "nano-banana-2",
    repeats429: true
  }
]

/** Where an emulator is. */
export interface EmulatorAddress {
  readonly url: string
  readonly apiKey: string
  readonly accessKey: string
}

/** Accounts of all formats on an emulator. */
export const submitAccounts = ({
  url,
  apiKey,
  accessKey
}: EmulatorAddress): ReadonlyArray<ProviderAccount> => [
  jimmy({ apiKey, baseUrl: url }),
  sora({ apiKey, baseUrl: url, consoleToken: "console-token", consoleUser: "1" }),
  jimeng({ account: "octopusx", endpoint: "octopusx", apiKey, baseUrl: url }),
  jimeng({ account: "volcengine", endpoint: "volcengine", apiKey: accessKey, baseUrl: url }),
  aigptimage({ apiKey, baseUrl: url, tier: "enterprise" }),
  aigptimage({ account: "kie", endpoint: "kie", apiKey, baseUrl: `${url}/kie` })
]

/** A request that needs a prompt only. */
export const requestOf = ({ account, model }: SubmitSystem, prompt = "A fox in the snow"): SubmitInput => ({
  account,
  model,
  prompt
})

/** Starts an emulator, and a client that submits to it. Disposing closes both. */
export const startSubmits = async (
  options: EmulatorOptions = {},
  clientOptions: {
    readonly ledger?: Ledger | false
    readonly accounts?: (emulator: Emulator) => ReadonlyArray<ProviderAccount>
  } = {}
) => {
  const emulator = await startEmulator(options)
  const ledger = clientOptions.ledger ?? memoryLedger()
  const gentask = createGentask({
    providers: (clientOptions.accounts ?? submitAccounts)(emulator),
    pollPolicy: PollPolicy.growing({ min: 50 }),
    ledger
  })
  return {
    emulator,
    gentask,
    /** The ledger of the client. Do not use it if the client has none. */
    ledger: ledger as Ledger,
    /** The faults of the next submits to a system. */
    script: ({ service }: SubmitSystem, ...faults: ReadonlyArray<SubmitFault>) =>
      emulator.scriptSubmits(service, { faults }),
    [Symbol.asyncDispose]: async () => {
      await gentask.close()
      await emulator.close()
    }
  }
}

/** How many requests the emulator received, and how many tasks they made. */
export const countPosts = (posts: ReadonlyArray<ReceivedSubmit>) => ({
  posts: posts.length,
  tasks: posts.filter(({ created }) => created).length
})
