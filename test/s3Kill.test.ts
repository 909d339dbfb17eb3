import { expect, it } from "vitest"
import { s3Kill } from "./s3Kill.ts"

it("leaves whole objects and no unfinished upload after kills at random requests", async () => {
  const { kills, ended, ...report } = await s3Kill({ uploads: 50, kills: 2, listsUploads: true })
  console.log(JSON.stringify({ kills, ended, ...report }))
  expect(kills + ended).toBe(10)
  expect(report).toMatchObject({
    uploads: 50,
    damaged: [],
    orphans: 0,
    leftovers: [],
    statuses: [0, 0, 0, 0, 0]
  })
}, 120_000)
