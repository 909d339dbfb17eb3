import { createHash, randomBytes } from "node:crypto"
import { once } from "node:events"
import { createServer } from "node:https"
import type { AddressInfo } from "node:net"
import * as tls from "node:tls"
import { describe, expect, it } from "vitest"
import { UndiciTransport } from "@gentask/core/effect"
import { createCertificate } from "@gentask/tooling/certificate"
import { startProxy } from "@gentask/tooling/forwardProxy"
import { startServer } from "../support/httpServer.ts"
import { download, send } from "../support/transport.ts"

const certificate = createCertificate()
if (certificate !== undefined) {
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), certificate.cert])
}

const file = randomBytes(3_000_000)
const digest = (bytes: string | Buffer): string =>
  createHash("sha256")
    .update(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes)
    .digest("hex")

/** A vendor that returns the request's path, or the file. */
const startVendor = () =>
  startServer((request, response) => response.end(request.url === "/file" ? file : `path ${request.url}`))

/** The same over TLS. */
const startSecureVendor = async () => {
  const server = createServer(certificate ?? {}, (request, response) =>
    response.end(request.url === "/file" ? file : `path ${request.url}`)
  ).listen(0, "127.0.0.1")
  await once(server, "listening")
  return {
    baseUrl: `https://localhost:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    }
  }
}

describe("UndiciTransport.layerWith a proxy", () => {
  it("sends plain requests in absolute form, and leaves name resolution to the proxy", async () => {
    await using vendor = await startVendor()
    await using proxy = await startProxy({ upstream: new URL(vendor.baseUrl) })
    const layer = UndiciTransport.layerWith({ proxy: proxy.url })
    expect(await send(layer, "http://api.vendor.invalid/tasks/1?a=b")).toMatchObject({
      status: 200,
      text: "path /tasks/1?a=b"
    })
    expect(proxy.requests).toEqual(["GET http://api.vendor.invalid/tasks/1?a=b"])
  })

  it.skipIf(certificate === undefined)("sends secure requests through a tunnel", async () => {
    await using vendor = await startSecureVendor()
    await using proxy = await startProxy()
    const layer = UndiciTransport.layerWith({ proxy: new URL(proxy.url) })
    expect(await send(layer, `${vendor.baseUrl}/tasks/1`)).toMatchObject({ text: "path /tasks/1" })
    expect(proxy.requests).toEqual([`CONNECT ${new URL(vendor.baseUrl).host}`])
  })

  it.skipIf(certificate === undefined)(
    "sends each request on a fresh connection if that is set",
    async () => {
      await using vendor = await startSecureVendor()
      await using proxy = await startProxy()
      for (const layer of [UndiciTransport.layerWith({ proxy: proxy.url }), UndiciTransport.layer]) {
        const options = { freshConnection: true, payload: new Blob(["fox"]) }
        const post = { method: "POST", headers: { "content-type": "text/plain" } } as const
        for (let count = 0; count < 2; count += 1)
          expect(await send(layer, `${vendor.baseUrl}/a`, post, options)).toMatchObject({ text: "path /a" })
      }
      const { host } = new URL(vendor.baseUrl)
      expect(proxy.requests).toEqual([`CONNECT ${host}`, `CONNECT ${host}`])
    }
  )

  it.skipIf(certificate === undefined)("verifies certificates behind a tunnel", async () => {
    await using vendor = await startSecureVendor()
    await using proxy = await startProxy({ upstream: new URL(vendor.baseUrl) })
    const layer = UndiciTransport.layerWith({ proxy: proxy.url })
    expect(await send(layer, "https://api.vendor.invalid/")).toMatchObject({
      _tag: "Unreachable",
      code: "ERR_TLS_CERT_ALTNAME_INVALID"
    })
  })

  it("authenticates with the user name and the password of the URL", async () => {
    await using vendor = await startVendor()
    const authorization = `Basic ${Buffer.from("user:p@ss").toString("base64")}`
    await using proxy = await startProxy({ authorization })
    const layer = UndiciTransport.layerWith({ proxy: `http://user:p%40ss@${proxy.host}` })
    expect(await send(layer, vendor.baseUrl)).toMatchObject({ status: 200, text: "path /" })
  })

  it.each([
    ["http://api.vendor.invalid/", "maybe-sent"],
    ["https://api.vendor.invalid/", "not-sent"]
  ])("names no credentials if the proxy rejects them for %s", async (url, delivery) => {
    await using proxy = await startProxy({ authorization: "Basic other" })
    const layer = UndiciTransport.layerWith({ proxy: `http://user:secret@${proxy.host}` })
    expect(await send(layer, url)).toEqual({
      _tag: "Unreachable",
      message: "The proxy rejected the connection to api.vendor.invalid (HTTP 407)",
      delivery
    })
    expect(await download(layer, url)).toEqual({
      _tag: "Unreachable",
      message: "The proxy rejected the connection to api.vendor.invalid (HTTP 407)"
    })
  })

  it.each(["http://api.vendor.invalid/", "https://api.vendor.invalid/"])(
    "names no credentials if the proxy cannot be reached for %s",
    async (url) => {
      const { host } = await (async () => {
        await using proxy = await startProxy()
        return proxy
      })()
      const layer = UndiciTransport.layerWith({ proxy: `http://user:secret@${host}` })
      expect(await send(layer, url)).toEqual({
        _tag: "Unreachable",
        code: "ECONNREFUSED",
        message: `The proxy ${host} refused the connection`,
        delivery: "not-sent"
      })
    }
  )

  it.each(["http://api.vendor.invalid/", "https://api.vendor.invalid/"])(
    "names the proxy if its host is not found for %s",
    async (url) => {
      const layer = UndiciTransport.layerWith({ proxy: "http://user:secret@proxy.invalid:8080" })
      expect(await download(layer, url)).toEqual({
        _tag: "Unreachable",
        code: "ENOTFOUND",
        message: "The proxy proxy.invalid:8080 was not found"
      })
    }
  )

  it.skipIf(certificate === undefined).each(["http://api.vendor.invalid/", "https://api.vendor.invalid/"])(
    "names the proxy if its certificate is for another host for %s",
    async (url) => {
      await using proxy = await startSecureVendor()
      const layer = UndiciTransport.layerWith({ proxy: proxy.baseUrl.replace("localhost", "127.0.0.1") })
      expect(await send(layer, url)).toMatchObject({
        _tag: "Unreachable",
        message: expect.stringMatching(/^The connection to the proxy 127\.0\.0\.1:\d+ failed \(\w+\)$/)
      })
    }
  )

  it("reports a proxy that cannot reach the host of a secure request", async () => {
    await using proxy = await startProxy({ upstream: new URL("http://127.0.0.1:1") })
    const layer = UndiciTransport.layerWith({ proxy: proxy.url })
    expect(await send(layer, "https://api.vendor.invalid/")).toEqual({
      _tag: "Unreachable",
      message: "The proxy rejected the connection to api.vendor.invalid (HTTP 502)",
      delivery: "not-sent"
    })
  })

  it("downloads files in large and small chunks", async () => {
    await using vendor = await startVendor()
    await using proxy = await startProxy()
    const result = await download(UndiciTransport.layerWith({ proxy: proxy.url }), `${vendor.baseUrl}/file`)
    expect(digest("text" in result ? result.text : "")).toBe(digest(file))
    expect(proxy.requests).toEqual([`GET ${vendor.baseUrl}/file`])
  })

  it.skipIf(certificate === undefined)("downloads files through a tunnel", async () => {
    await using vendor = await startSecureVendor()
    await using proxy = await startProxy()
    const result = await download(UndiciTransport.layerWith({ proxy: proxy.url }), `${vendor.baseUrl}/file`)
    expect(digest("text" in result ? result.text : "")).toBe(digest(file))
  })

  it.each(["http://127.0.0.1/a", "http://[::1]/a", "http://169.254.169.254/a", "http://localhost/a"])(
    "refuses the link %s without a request",
    async (url) => {
      await using proxy = await startProxy()
      const layer = UndiciTransport.layerWith({ proxy: proxy.url })
      expect(await download(layer, url, { allowPrivate: false })).toMatchObject({ code: "PRIVATE_ADDRESS" })
      expect(proxy.requests).toEqual([])
    }
  )

  it("leaves links with other names to the proxy", async () => {
    await using vendor = await startVendor()
    await using proxy = await startProxy({ upstream: new URL(vendor.baseUrl) })
    const layer = UndiciTransport.layerWith({ proxy: proxy.url })
    expect(await download(layer, "http://files.vendor.invalid/a", { allowPrivate: false })).toMatchObject({
      text: "path /a"
    })
  })

  it.each([
    "",
    "http://",
    "socks5://user:secret@proxy.example",
    "http://user:%E0secret@proxy.example",
    "::secret"
  ])("throws an error without the URL if it is %j", (proxy) => {
    expect(() => UndiciTransport.layerWith({ proxy })).toThrow(
      new TypeError("Invalid proxy: expected an http or https URL, such as http://proxy.example:8080.")
    )
  })
})

describe("UndiciTransport.layerFromEnvironment", () => {
  /** Whether a request to a local vendor goes through the proxy. In the values, PROXY and PORT are replaced. */
  const isProxied = async (env: Readonly<Record<string, string>>): Promise<boolean> => {
    await using vendor = await startVendor()
    await using proxy = await startProxy()
    const replace = (value: string): string =>
      value.replaceAll("PROXY", proxy.host).replaceAll("PORT", new URL(vendor.baseUrl).port)
    const replaced = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, replace(value)]))
    const layer = UndiciTransport.layerFromEnvironment(replaced)
    expect(await send(layer, `${vendor.baseUrl}/a`)).toMatchObject({ text: "path /a" })
    expect(await download(layer, `${vendor.baseUrl}/b`)).toMatchObject({ text: "path /b" })
    const isOne = proxy.requests.length > 0
    expect(proxy.requests).toHaveLength(isOne ? 2 : 0)
    return isOne
  }

  it.each<[Record<string, string>, boolean]>([
    [{}, false],
    [{ HTTP_PROXY: "http://PROXY" }, true],
    [{ http_proxy: "http://PROXY" }, true],
    [{ HTTP_PROXY: "PROXY" }, true],
    [{ HTTP_PROXY: "" }, false],
    [{ HTTP_PROXY: "  " }, false],
    [{ http_proxy: "http://PROXY", HTTP_PROXY: "http://127.0.0.1:1" }, true],
    [{ http_proxy: "", HTTP_PROXY: "http://PROXY" }, true],
    [{ HTTPS_PROXY: "http://PROXY" }, false],
    [{ HTTP_PROXY: "http://PROXY", NO_PROXY: "127.0.0.1" }, false],
    [{ HTTP_PROXY: "http://PROXY", no_proxy: "a.example, 127.0.0.1" }, false],
    [{ HTTP_PROXY: "http://PROXY", NO_PROXY: "127.0.0.1:PORT" }, false],
    [{ HTTP_PROXY: "http://PROXY", NO_PROXY: "127.0.0.1:1" }, true],
    [{ HTTP_PROXY: "http://PROXY", NO_PROXY: "*" }, false],
    [{ HTTP_PROXY: "http://PROXY", NO_PROXY: ".0.0.1" }, false],
    [{ HTTP_PROXY: "http://PROXY", NO_PROXY: "a.example" }, true],
    [{ HTTP_PROXY: "http://PROXY", NO_PROXY: "" }, true]
  ])("with %j uses the proxy: %s", async (env, expected) => {
    expect(await isProxied(env)).toBe(expected)
  })

  it.each(["HTTPS_PROXY", "https_proxy", "HTTP_PROXY"])(
    "uses a tunnel for secure requests with %s",
    async (name) => {
      await using proxy = await startProxy({ authorization: "none" })
      const layer = UndiciTransport.layerFromEnvironment({ [name]: proxy.url })
      expect(await send(layer, "https://api.vendor.invalid/")).toMatchObject({ _tag: "Unreachable" })
      expect(proxy.requests).toEqual(["CONNECT api.vendor.invalid:443"])
    }
  )

  it("does not blame the proxy if a host in NO_PROXY cannot be reached", async () => {
    await using proxy = await startProxy()
    const layer = UndiciTransport.layerFromEnvironment({ HTTP_PROXY: proxy.url, NO_PROXY: "127.0.0.1" })
    expect(await send(layer, "http://127.0.0.1:1/")).toMatchObject({
      message: "127.0.0.1:1 refused the connection"
    })
  })

  it("names the proxy if it cannot be reached", async () => {
    const layer = UndiciTransport.layerFromEnvironment({ HTTP_PROXY: "http://user:secret@127.0.0.1:1" })
    for (const url of ["http://api.vendor.invalid/", "https://api.vendor.invalid/"])
      expect(await send(layer, url)).toMatchObject({
        message: "The proxy 127.0.0.1:1 refused the connection"
      })
  })

  it("does not read the variables of the process if they are not passed", async () => {
    await using vendor = await startVendor()
    const before = process.env["http_proxy"]
    process.env["http_proxy"] = "http://127.0.0.1:1"
    try {
      const layer = UndiciTransport.layerFromEnvironment({ HTTPS_PROXY: "http://127.0.0.1:1" })
      expect(await send(layer, vendor.baseUrl)).toMatchObject({ status: 200 })
    } finally {
      if (before === undefined) delete process.env["http_proxy"]
      else process.env["http_proxy"] = before
    }
  })

  it.each(["HTTP_PROXY", "HTTPS_PROXY"])("throws an error without the URL if %s is invalid", (name) => {
    expect(() => UndiciTransport.layerFromEnvironment({ [name]: "ftp://user:secret@proxy.example" })).toThrow(
      new TypeError(`Invalid ${name}: expected an http or https URL, such as http://proxy.example:8080.`)
    )
  })
})
