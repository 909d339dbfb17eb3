import { once } from "node:events"
import { readdirSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { assert, describe, it, vi } from "vitest"
import { secretKey } from "./emulator.ts"
import { start } from "./gentask.ts"
import { newFolder } from "./project.ts"

const png = Buffer.concat([Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), Buffer.alloc(50_000)])

/** A vendor whose only image never arrives completely. */
const startStalledVendor = async () => {
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/media") === true) {
      response.writeHead(200, { "content-type": "image/png", "content-length": "1000000", etag: '"1"' })
      response.write(png)
      return
    }
    const { port } = server.address() as AddressInfo
    response.writeHead(200, { "content-type": "application/json" })
    response.end(
      JSON.stringify({
        code: "20000",
        data: {
          task_id: "1",
          status: "success",
          result: { image_url: `http://127.0.0.1:${port}/media.png` }
        }
      })
    )
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  return server
}

describe("a save that a signal interrupts", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129]
  ] as const)("releases its lock and exits (%s)", async (signal, expected) => {
    const server = await startStalledVendor()
    try {
      const out = newFolder()
      const { port } = server.address() as AddressInfo
      const running = start(["save", "jimmy:1", "-o", out], {
        env: { JIMMY_API_KEY: secretKey, JIMMY_BASE_URL: `http://127.0.0.1:${port}` }
      })
      const filesWith = (part: string): ReadonlyArray<string> =>
        readdirSync(out, { recursive: true })
          .map(String)
          .filter((name) => name.includes(part))
      await vi.waitFor(() => assert.isNotEmpty(filesWith(".part"), running.stderr()), 10_000)
      running.child.kill(signal)
      const { status, stderr } = await running.result
      assert.strictEqual(status, expected)
      assert.strictEqual(stderr, `To resume: gentask save jimmy:1 -o ${out}\n`)
      assert.isEmpty(filesWith(".lock"))
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })
})
