/** gentask, with promises and in Effect, with each of its providers. */
import { createGentask } from "@gentask/core"
import { Tasks } from "@gentask/core/effect"
import type { ProviderAccount, TaskSnapshot } from "@gentask/core"
import { aigptimage } from "@gentask/provider-aigptimage"
import { jimeng } from "@gentask/provider-jimeng"
import { jimmy } from "@gentask/provider-jimmy"
import { sora } from "@gentask/provider-sora"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { loadWithFibers } from "./loadWithFibers.ts"
import { loadWithPromises } from "./QueryContestant.ts"
import type { QueryContestant } from "./QueryContestant.ts"
import { runningPath, taskId } from "./responses.ts"

interface QueriedTask {
  readonly provider: string
  readonly ref: string
  readonly account: (baseUrl: string) => ProviderAccount
}

const apiKey = "sk-bench-0123456789"

/** Removes the documented rate limits, which would be measured otherwise. */
const withoutLimits = (account: ProviderAccount): ProviderAccount => ({
  ...account,
  spec: { ...account.spec, rateLimits: undefined }
})

const queriedTasks: ReadonlyArray<QueriedTask> = [
  { provider: "jimmy", ref: `jimmy:${taskId}`, account: (baseUrl) => jimmy({ apiKey, baseUrl }) },
  { provider: "sora", ref: `sora:sora-2:${taskId}`, account: (baseUrl) => sora({ apiKey, baseUrl }) },
  { provider: "jimeng", ref: `jimeng:${taskId}`, account: (baseUrl) => jimeng({ apiKey, baseUrl }) },
  {
    provider: "aigptimage",
    ref: `aigptimage:${taskId}`,
    account: (baseUrl) => withoutLimits(aigptimage({ apiKey, baseUrl }))
  }
]

/** Throws unless the first snapshot is that of the response. */
const check = (snapshot: TaskSnapshot, baseUrl: string): void => {
  const { status, outputs } = snapshot
  const isExpected = baseUrl.endsWith(runningPath)
    ? status === "running"
    : status === "succeeded" && outputs.length === 1
  if (!isExpected) throw new Error(`Unexpected first snapshot: ${JSON.stringify(snapshot)}`)
}

const promises = queriedTasks.map(({ provider, ref, account }): QueryContestant => ({
  name: `gentask, ${provider}`,
  floor: `undici.request, ${provider}`,
  prepare: async (baseUrl) => {
    const gentask = createGentask({ providers: [account(baseUrl)] })
    check(await gentask.query(ref), baseUrl)
    return loadWithPromises(() => gentask.query(ref))
  }
}))

const effects = queriedTasks.map(({ provider, ref, account }): QueryContestant => ({
  name: `gentask in Effect, ${provider}`,
  floor: `undici.request, ${provider}`,
  prepare: async (baseUrl) => {
    const runtime = ManagedRuntime.make(Tasks.layer({ providers: [account(baseUrl)] }))
    const tasks = await runtime.runPromise(Tasks)
    check(await runtime.runPromise(tasks.query(ref)), baseUrl)
    const query = Effect.suspend(() => tasks.query(ref))
    return loadWithFibers(query, (effect) => runtime.runPromise(effect))
  }
}))

export const gentaskContestants: ReadonlyArray<QueryContestant> = [...promises, ...effects]
