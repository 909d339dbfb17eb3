import dns from "node:dns"
import { syncBuiltinESMExports } from "node:module"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { UndiciTransport } from "@gentask/core/effect"
import { startServer } from "../support/httpServer.ts"
import { download } from "../support/transport.ts"

const { lookup } = dns

const setLookup = (replacement: typeof dns.lookup): void => {
  dns.lookup = replacement
  syncBuiltinESMExports()
}

// All names resolve to this machine.
beforeAll(() => {
  const resolve = (_name: string, _options: object, callback: (...args: Array<unknown>) => void): void =>
    callback(null, [{ address: "127.0.0.1", family: 4 }])
  setLookup(resolve as typeof dns.lookup)
})

afterAll(() => setLookup(lookup))

describe.each([
  ["layer", UndiciTransport.layer],
  [
    "layerFromEnvironment without a proxy for the host",
    UndiciTransport.layerFromEnvironment({ HTTP_PROXY: "http://127.0.0.1:1", NO_PROXY: "*" })
  ]
])("UndiciTransport.%s", (_, layer) => {
  it.each(["http://127.0.0.1:9/a", "http://[::ffff:10.0.0.1]/a", "http://localhost:9/a"])(
    "refuses the link %s",
    async (url) => {
      expect(await download(layer, url, { allowPrivate: false })).toMatchObject({
        _tag: "Unreachable",
        code: "PRIVATE_ADDRESS"
      })
    }
  )

  it("refuses a link whose host resolves to a private address", async () => {
    await using server = await startServer((_, response) => response.end("secret"))
    const { port } = new URL(server.baseUrl)
    expect(await download(layer, `http://files.vendor.example:${port}/a`, { allowPrivate: false })).toEqual({
      _tag: "Unreachable",
      code: "PRIVATE_ADDRESS",
      message: `files.vendor.example:${port} resolves to a private address, which links from a vendor must not reach`
    })
  })
})
