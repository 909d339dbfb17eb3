/** The built command line behind an HTTP proxy. */
import { once } from "node:events"
import { createServer } from "node:https"
import { writeFileSync } from "node:fs"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { createCertificate } from "@gentask/tooling/certificate"
import { startProxy } from "@gentask/tooling/forwardProxy"
import { assert, describe, it } from "vitest"
import { useEmulator } from "./emulator.ts"
import { linesOf, run } from "./gentask.ts"
import { newFolder } from "./project.ts"

const fixture = useEmulator()

const password = "pass-never-to-be-seen"
const authorization = `Basic ${Buffer.from(`user:${password}`).toString("base64")}`

/** The URL of a proxy, with credentials. */
const withCredentials = (host: string): string => `http://user:${password}@${host}`

/** The host of a proxy that is not running. */
const deadProxyHost = async (): Promise<string> => {
  await using proxy = await startProxy()
  return proxy.host
}

const certificate = createCertificate()

/** Serves the emulator over TLS on `localhost`. Links in its responses lead there, too. */
const startSecureEmulator = async () => {
  const server = createServer(certificate ?? {}, async (request, response) => {
    const { host: _, ...headers } = request.headers
    const received = await fetch(`${fixture.emulator.url}${request.url}`, {
      headers: headers as Record<string, string>
    })
    const type = received.headers.get("content-type") ?? ""
    const body = Buffer.from(await received.arrayBuffer())
    response.writeHead(received.status, { "content-type": type })
    response.end(type.includes("json") ? body.toString().replaceAll(fixture.emulator.url, url) : body)
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const host = `localhost:${(server.address() as AddressInfo).port}`
  const url = `https://${host}`
  return {
    host,
    url,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    }
  }
}

describe("a proxy in the environment", () => {
  it.each(["HTTP_PROXY", "http_proxy"])("is used for queries and downloads with %s", async (name) => {
    await using proxy = await startProxy({ authorization })
    const env = { ...fixture.env, [name]: withCredentials(proxy.host) }
    const { status, stderr } = await run(["save", `jimmy:${fixture.taskId}`, "-o", newFolder()], { env })
    assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
    const [query, download, ...others] = proxy.requests
    assert.include(query, `GET ${fixture.emulator.url}/api/`)
    assert.include(download, `GET ${fixture.emulator.url}/media/`)
    assert.deepStrictEqual(others, [])
  })

  it.skipIf(certificate === undefined).each(["HTTPS_PROXY", "https_proxy"])(
    "is used for secure queries and downloads with %s",
    async (name) => {
      await using vendor = await startSecureEmulator()
      await using proxy = await startProxy({ authorization })
      const certificates = join(newFolder(), "ca.pem")
      writeFileSync(certificates, certificate?.cert ?? "")
      const env = {
        ...fixture.env,
        JIMMY_BASE_URL: vendor.url,
        NODE_EXTRA_CA_CERTS: certificates,
        [name]: withCredentials(proxy.host)
      }
      const { status, stderr } = await run(["save", `jimmy:${fixture.taskId}`, "-o", newFolder()], { env })
      assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
      // Files are downloaded through an agent of their own.
      assert.isNotEmpty(proxy.requests)
      assert.deepStrictEqual([...new Set(proxy.requests)], [`CONNECT ${vendor.host}`])
    }
  )

  it.each(["NO_PROXY", "no_proxy"])("is not used for the hosts in %s", async (name) => {
    await using proxy = await startProxy({ authorization })
    const env = { ...fixture.env, HTTP_PROXY: withCredentials(proxy.host), [name]: "a.example, 127.0.0.1" }
    const { status, stderr } = await run(["save", `jimmy:${fixture.taskId}`, "-o", newFolder()], { env })
    assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
    assert.deepStrictEqual(proxy.requests, [])
  })

  it.each(["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"])(
    "ends every command with status 2 and one line if %s is invalid",
    async (name) => {
      const env = { ...fixture.env, [name]: `socks5://user:${password}@proxy.example` }
      const commands = [
        ["query", `jimmy:${fixture.taskId}`],
        ["save", `jimmy:${fixture.taskId}`, "-o", newFolder()]
      ]
      for (const args of commands) {
        assert.deepStrictEqual(await run(args, { env }), {
          status: 2,
          stdout: "",
          stderr: `gentask: Invalid ${name.toUpperCase()}: expected an http or https URL, such as http://proxy.example:8080.\n`
        })
      }
    }
  )

  it("is named with status 5 if it cannot be reached", async () => {
    const host = await deadProxyHost()
    const env = { ...fixture.env, HTTP_PROXY: withCredentials(host) }
    const { status, stdout, stderr } = await run(["query", `jimmy:${fixture.taskId}`], { env })
    assert.deepStrictEqual({ status, stdout }, { status: 5, stdout: "" })
    assert.lengthOf(linesOf(stderr), 1)
    assert.include(stderr, `The proxy ${host} refused the connection`)
    assert.notInclude(stderr, password)
  })

  it("is reported with status 5 if it rejects the password", async () => {
    await using proxy = await startProxy({ authorization: "Basic other" })
    const env = { ...fixture.env, HTTP_PROXY: withCredentials(proxy.host) }
    const { status, stderr } = await run(["query", `jimmy:${fixture.taskId}`], { env })
    assert.strictEqual(status, 5)
    assert.include(
      stderr,
      `The proxy rejected the connection to ${new URL(fixture.emulator.url).host} (HTTP 407)`
    )
    assert.notInclude(stderr, password)
  })
})
