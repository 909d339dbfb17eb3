/** Cancels that wait for the owner of their account. */
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { describeStores } from "../support/stores.ts"

const run = Effect.runPromise

describeStores((create) => {
  it("passes cancels to the owner of their account, and their outcomes back", async () => {
    const database = await create()
    const [first, second] = [(await database.open()).store, (await database.open()).store]
    const owner = await run(first.take("acme", "me"))
    const cancel = { id: "c1", account: "acme", ref: "acme:1" }
    await run(second.queueCancel(cancel))
    await run(second.queueCancel({ ...cancel, id: "c2", account: "acme@other" }))
    expect(await run(first.queuedCancels("acme", 10))).toEqual([cancel])
    expect(await run(second.cancelOutcome("c1"))).toBeNull()
    const outcome = { result: { ref: "acme:1", result: "too-late", message: "NUL \0" } } as const
    expect(await run(first.cancelSettled({ ...owner, epoch: 0 }, "c1", outcome))).toBe(false)
    expect(await run(first.cancelSettled(owner, "c1", outcome))).toBe(true)
    expect(await run(second.cancelOutcome("c1"))).toMatchObject({ result: { result: "too-late" } })
    expect(await run(first.queuedCancels("acme", 10))).toEqual([])
    await run(second.removeCancel("c1"))
    expect(await run(second.cancelOutcome("c1"))).toBeNull()
  })
})
