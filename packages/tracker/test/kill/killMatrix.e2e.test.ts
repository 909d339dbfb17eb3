/**
 * Kills trackers at each point at which something could be lost or repeated.
 *
 * GENTASK_KILL_MATRIX=all runs all combinations of points and killed processes. By default, a few of them run.
 */
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { hasPostgres, skipReason, startPostgres } from "@gentask/tooling/postgres"
import type { PostgresServer } from "@gentask/tooling/postgres"
import { newFolder } from "../support/folders.ts"
import { noViolations } from "./checkInvariants.ts"
import { startFaultyPostgres } from "./faultyPostgres.ts"
import { killPoints } from "./killPoints.ts"
import type { KillPoint } from "./killPoints.ts"
import { maxTakeOverMs, startTrackers } from "./startTrackers.ts"
import type { Runner } from "./startTrackers.ts"

const isFull = process.env["GENTASK_KILL_MATRIX"] === "all"
const timeout = 120_000
const wait = { timeout: 60_000, interval: 25 }

const victims = ["owner", "other", "all"] as const

const isFew = ({ isWebhook, heldAt }: KillPoint, victim: (typeof victims)[number]): boolean =>
  victim === (isWebhook === true ? "all" : "owner") && (isWebhook === true || heldAt === "name")

const cases = killPoints.flatMap((point) =>
  victims
    .filter((victim) => isFull || isFew(point, victim))
    .map((victim) => ({ point, victim, name: point.name }))
)

describe.skipIf(!hasPostgres)(`trackers on Postgres${skipReason}`, () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.close())

  const setUp = async ({ isWebhook = false, heldAt }: Partial<KillPoint> = {}) => {
    await using stack = new AsyncDisposableStack()
    const state = { isConfirming: !isWebhook }
    const message = Promise.withResolvers<void>()
    const onMessage = (): boolean => {
      message.resolve()
      return state.isConfirming
    }
    const marker = join(stack.use(newFolder()).path, "held")
    const preload = new URL(`./heldFile.mjs?step=${heldAt}&marker=${marker}`, import.meta.url)
    const proxy = stack.use(await startFaultyPostgres(server.port))
    const trackers = stack.use(await startTrackers({ server, onMessage }))
    const throughProxy = trackers.postgres.replace(`:${server.port}/`, `:${proxy.port}/`)
    const start = () => trackers.start(throughProxy, heldAt === undefined ? [] : ["--import", preload.href])
    const [first, second] = await Promise.all([start(), start()])
    const owner = await trackers.owner()
    const other = owner === first ? second : first
    const moved = stack.move()
    return {
      trackers,
      owner,
      other,
      cutAt: proxy.cutAt,
      marker,
      unconfirmed: message.promise,
      confirm: () => {
        state.isConfirming = true
      },
      [Symbol.asyncDispose]: () => moved.disposeAsync()
    }
  }

  it.each(cases)(
    "lose and repeat nothing if $victim is killed when $name",
    { timeout },
    async ({ point, victim }) => {
      await using scene = await setUp(point)
      const { trackers, owner, other } = scene
      await point.reach(scene)
      const killed: Record<typeof victim, ReadonlyArray<Runner>> = {
        owner: [owner],
        other: [other],
        all: [owner, other]
      }
      const killedAt = performance.now()
      await Promise.all(killed[victim].map((each) => each.kill()))
      scene.confirm()
      if (victim === "owner") expect(await trackers.takenOver(owner, killedAt)).toBeLessThan(maxTakeOverMs)
      if (victim === "all") await trackers.start()
      expect(await trackers.settled()).toEqual(noViolations)
    }
  )

  it.each(victims.filter((victim) => isFull || victim === "owner"))(
    "never submit a task twice if %s is killed before its id is recorded",
    { timeout },
    async (victim) => {
      await using scene = await setUp()
      const { trackers, owner, other, cutAt } = scene
      const { store } = trackers.database
      const reached = cutAt("before", /"task\.submitted"/)
      const request = { account: "jimmy", model: "gpt-image-2", prompt: "A fox" }
      const submit = { id: "lost", account: "jimmy", idempotencyKey: "lost", digest: "lost", request }
      await Effect.runPromise(store.queueSubmit(submit))
      await reached
      const killed = { owner: [owner], other: [other], all: [owner, other] }[victim]
      await Promise.all(killed.map((each) => each.kill()))
      if (victim === "all") await trackers.start()
      await vi.waitFor(async () => {
        expect((await Effect.runPromise(store.submit("lost")))?.state).not.toBe("queued")
      }, wait)
      expect(trackers.emulator.submitCounts()).toMatchObject([{ posts: 1, tasks: 1 }])
    }
  )
})
