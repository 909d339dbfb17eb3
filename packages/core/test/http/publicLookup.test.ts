import type { LookupAddress } from "node:dns"
import { describe, expect, it } from "vitest"
import { publicLookup } from "../../src/http/publicLookup.ts"

const v4 = { address: "93.184.216.34", family: 4 }
const v6 = { address: "2606:2800:220:1::1", family: 6 }

/** Looks a name up with a resolver that returns these addresses. */
const look = (addresses: ReadonlyArray<LookupAddress> | Error, all: boolean) => {
  const resolver = (_host: string, _options: object, callback: (...args: Array<unknown>) => void): void =>
    addresses instanceof Error ? callback(addresses) : callback(null, addresses)
  return new Promise((resolve) => {
    publicLookup(resolver as never)("files.example.com", { all }, (error, address, family) =>
      resolve(error === null ? [address, family] : error)
    )
  })
}

describe("publicLookup", () => {
  it("returns all public addresses of a name", async () => {
    expect(await look([v4, v6], true)).toEqual([[v4, v6], undefined])
  })

  it("returns the first address if only one is requested", async () => {
    expect(await look([v6, v4], false)).toEqual([v6.address, 6])
  })

  it.each(["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:127.0.0.1"])(
    "fails if one of the addresses is %s",
    async (address) => {
      expect(await look([v4, { address, family: 4 }], true)).toMatchObject({ code: "PRIVATE_ADDRESS" })
    }
  )

  it("fails if the name has no address", async () => {
    expect(await look([], true)).toMatchObject({ code: "PRIVATE_ADDRESS" })
  })

  it("passes on the errors of the resolver", async () => {
    const error = new Error("not found")
    expect(await look(error, true)).toBe(error)
  })
})
