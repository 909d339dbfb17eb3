import { assert, describe, it } from "vitest"
import { startProxy } from "../../core/test/support/forwardProxy.ts"
import { useEmulator } from "./emulator.ts"
import { run } from "./gentask.ts"
import { newFolder } from "./project.ts"

const fixture = useEmulator()

describe("the built command line", () => {
  it.each(["HTTP_PROXY", "http_proxy"])("sends queries and downloads through %s", async (name) => {
    await using proxy = await startProxy()
    const ref = `jimmy:${fixture.taskId}`
    const env = { ...fixture.env, [name]: proxy.url }
    const { status, stderr } = await run(["save", ref, "-o", newFolder()], { env })
    assert.strictEqual(status, 0, stderr)
    assert.isAtLeast(proxy.requests.length, 2)
  })

  it("sends nothing through the proxy to hosts in NO_PROXY", async () => {
    await using proxy = await startProxy()
    const env = { ...fixture.env, HTTP_PROXY: proxy.url, NO_PROXY: "127.0.0.1,localhost" }
    assert.strictEqual((await run(["query", `jimmy:${fixture.taskId}`], { env })).status, 0)
    assert.deepStrictEqual(proxy.requests, [])
  })

  it("reports an unreachable proxy without its password", async () => {
    const env = { ...fixture.env, HTTP_PROXY: "http://user:a-password@127.0.0.1:1" }
    const { status, stderr } = await run(["query", `jimmy:${fixture.taskId}`], { env })
    assert.strictEqual(status, 5)
    assert.notInclude(stderr, "a-password")
  })
})
