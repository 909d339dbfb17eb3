/** gentask, in both of its ways and with each of its providers. */
import { createGentask } from "@gentask/core"
import { Tasks } from "@gentask/core/effect"
import type { ProviderAccount, TaskSnapshot } from "@gentask/core"
import { aigptimage } from "@gentask/provider-aigptimage"
import { jimeng } from "@gentask/provider-jimeng"
import { jimmy } from "@gentask/provider-jimmy"
import { sora } from "@gentask/provider-sora"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { taskId, unfinished } from "./answers.ts"
import { byFibers } from "./byFibers.ts"
import { byPromises } from "./Contestant.ts"
import type { Contestant } from "./Contestant.ts"

interface Asked {
  readonly provider: string
  readonly ref: string
  readonly account: (baseUrl: string) => ProviderAccount
}

const apiKey = "sk-of-nobody-0123456789"

/** The documented rate of a vendor would be measured in place of gentask. */
const withoutLimits = (account: ProviderAccount): ProviderAccount => ({
  ...account,
  spec: { ...account.spec, rateLimits: undefined }
})

const asked: ReadonlyArray<Asked> = [
  { provider: "jimmy", ref: `jimmy:${taskId}`, account: (baseUrl) => jimmy({ apiKey, baseUrl }) },
  { provider: "sora", ref: `sora:sora-2:${taskId}`, account: (baseUrl) => sora({ apiKey, baseUrl }) },
  { provider: "jimeng", ref: `jimeng:${taskId}`, account: (baseUrl) => jimeng({ apiKey, baseUrl }) },
  {
    provider: "aigptimage",
    ref: `aigptimage:${taskId}`,
    account: (baseUrl) => withoutLimits(aigptimage({ apiKey, baseUrl }))
  }
]

/** Fails where the first answer is not the one that was asked for. */
const check = (snapshot: TaskSnapshot, baseUrl: string): void => {
  const { status, outputs } = snapshot
  const isWhole = baseUrl.endsWith(unfinished)
    ? status === "running"
    : status === "succeeded" && outputs.length === 1
  if (!isWhole) throw new Error(`The first answer was read as ${JSON.stringify(snapshot)}`)
}

const promises = asked.map(({ provider, ref, account }): Contestant => ({
  name: `gentask, ${provider}`,
  floor: `undici.request, ${provider}`,
  prepare: async (baseUrl) => {
    const gentask = createGentask({ providers: [account(baseUrl)] })
    check(await gentask.query(ref), baseUrl)
    return byPromises(() => gentask.query(ref))
  }
}))

const effects = asked.map(({ provider, ref, account }): Contestant => ({
  name: `gentask in Effect, ${provider}`,
  floor: `undici.request, ${provider}`,
  prepare: async (baseUrl) => {
    const runtime = ManagedRuntime.make(Tasks.layer({ providers: [account(baseUrl)] }))
    const tasks = await runtime.runPromise(Tasks)
    check(await runtime.runPromise(tasks.query(ref)), baseUrl)
    const ask = Effect.suspend(() => tasks.query(ref))
    return byFibers(ask, (effect) => runtime.runPromise(effect))
  }
}))

export const ours: ReadonlyArray<Contestant> = [...promises, ...effects]
