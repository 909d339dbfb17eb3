import { describe, expect, it } from "vitest"
import { isSubmitting, markSubmitting, thisProcessToken } from "../../src/submit/intentOwner.ts"
import { makeIntent } from "../support/intent.ts"

const own = makeIntent({ owner: thisProcessToken(), createdAt: new Date() })
const remote = (createdAt: Date) => makeIntent({ owner: "00000000-1-1-00000000", createdAt })

describe("isSubmitting", () => {
  it("is true for an intent of this process only while it is being submitted", () => {
    expect(isSubmitting(own)).toBe(false)
    const unmark = [markSubmitting(own), markSubmitting(own)]
    expect(isSubmitting(own)).toBe(true)
    expect(isSubmitting({ ...own, account: "other" })).toBe(false)
    unmark[0]?.()
    expect(isSubmitting(own)).toBe(true)
    unmark[1]?.()
    expect(isSubmitting(own)).toBe(false)
  })

  it("is false for an intent of a dead process", () => {
    const owner = thisProcessToken().replace(/-[0-9a-z]+(-[0-9a-f]{8})$/, "-1$1")
    expect(isSubmitting({ ...own, owner })).toBe(process.platform !== "linux")
  })

  it("is true for an intent of another machine for one day", () => {
    expect(isSubmitting(remote(new Date()))).toBe(true)
    expect(isSubmitting(remote(new Date(Date.now() - 25 * 60 * 60_000)))).toBe(false)
  })
})
