import type { IncomingMessage } from "node:http"
import * as Effect from "effect/Effect"
import { describe, expect, it, vi } from "vitest"
import { Transport, UndiciTransport } from "@gentask/core/effect"
import { configureAccount, embedFile } from "@gentask/core/provider"
import type { InputFile, ProviderSpec, UncredentialedRequest } from "@gentask/core/provider"
import { resolveAccount } from "../../src/account/resolveAccount.ts"
import { RequestSender } from "../../src/exchange/RequestSender.ts"
import { sendUncredentialed } from "../../src/exchange/sendUncredentialed.ts"
import { acme } from "../support/acme.ts"
import { startServer } from "../support/httpServer.ts"

const limits = { timeoutMs: 10_000, maxBytes: 1_000_000 }
const scheduler = { now: () => 0, fork: Effect.runFork }
const file: InputFile = { _tag: "InputFile", id: "1", name: "fox.png", mediaType: "image/png", size: 3 }
const files = new Map([["1", new Blob(["fox"])]])

/** Starts a server that records its requests and their bodies. */
const startRecorder = async (status = 200, headers: Record<string, string> = {}) => {
  const received: Array<{ readonly request: IncomingMessage; readonly body: string }> = []
  const server = await startServer((request, response) => {
    let body = ""
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk))
    request.on("end", () => {
      received.push({ request, body })
      response.writeHead(status, headers).end("{}")
    })
  })
  return { ...server, received }
}

const run = <A, E>(use: (transport: Transport["Service"]) => Effect.Effect<A, E>) =>
  Effect.runPromise(Effect.result(Effect.provide(Transport.use(use), UndiciTransport.layer)))

describe("RequestSender", () => {
  const signed = vi.fn<NonNullable<ProviderSpec["authorize"]>>((request) => ({
    "x-signed": request.body ?? "none"
  }))
  const spec: ProviderSpec = { ...acme, requires: ["bodies"], authorize: signed }
  const senderOf = (transport: Transport["Service"], baseUrl: string) =>
    new RequestSender(
      resolveAccount(configureAccount(spec, { apiKey: "sk", baseUrl })),
      transport,
      limits,
      scheduler
    )

  it("signs a JSON body with its files, and sends it with the method of the request", async () => {
    await using server = await startRecorder()
    const result = await run((transport) =>
      Effect.gen(function* () {
        const sender = senderOf(transport, server.baseUrl)
        const body = { image: embedFile(file) }
        const encoded = yield* sender.encode({ method: "PUT", path: "/submit", body }, files)
        const onSend = vi.fn<() => void>()
        const response = yield* sender.send(encoded, { freshConnection: true, onSend })
        expect(onSend).toHaveBeenCalledOnce()
        yield* sender.send(encoded)
        return response
      })
    )
    expect(result).toMatchObject({ _tag: "Success", success: { status: 200, secrets: "sk" } })
    expect(
      server.received.map(({ request, body }) => [request.method, request.headers["x-signed"], body])
    ).toEqual(Array.from({ length: 2 }, () => ["PUT", '{"image":"Zm94"}', '{"image":"Zm94"}']))
  })

  it("sends the same bytes each time, and does not sign a multipart form or a file", async () => {
    await using server = await startRecorder()
    await run((transport) =>
      Effect.gen(function* () {
        const sender = senderOf(transport, server.baseUrl)
        const multipart = [{ name: "image", file }]
        const form = yield* sender.encode({ method: "POST", path: "/submit", multipart }, files)
        yield* sender.send(form)
        yield* sender.send(form)
        yield* sender.send(yield* sender.encode({ method: "POST", path: "/upload", file }, files))
      })
    )
    const [first, second, third] = server.received
    expect(first?.body).toContain('name="image"; filename="fox.png"')
    expect(second?.body).toBe(first?.body)
    expect(second?.request.headers["content-type"]).toBe(first?.request.headers["content-type"])
    expect(first?.request.headers["content-length"]).toBe(String(Buffer.byteLength(first?.body ?? "")))
    expect(third?.request.headers).toMatchObject({ "content-type": "image/png", "content-length": "3" })
    expect(third?.body).toBe("fox")
    expect(signed.mock.calls.slice(-3).map(([request]) => request.body)).toEqual([
      undefined,
      undefined,
      undefined
    ])
  })

  it("uses the authentication of the operation", async () => {
    await using server = await startRecorder()
    await run((transport) =>
      Effect.gen(function* () {
        const sender = senderOf(transport, server.baseUrl)
        const encoded = yield* sender.encode({ method: "GET", path: "/list" }, files)
        yield* sender.send(encoded, { authorize: () => ({ "x-list": "1" }) })
      })
    )
    expect(server.received[0]?.request.headers).toMatchObject({ "x-list": "1" })
    expect(server.received[0]?.request.headers).not.toHaveProperty("x-signed")
  })

  it("fails before anything is sent if a request has several bodies", async () => {
    await using server = await startRecorder()
    const result = await run((transport) =>
      senderOf(transport, server.baseUrl).encode({ method: "POST", path: "/", body: {}, form: {} }, files)
    )
    expect(result).toMatchObject({
      failure: {
        _tag: "ConfigurationError",
        message:
          'Unsupported provider "acme": a request has several bodies: body and form. Only one is allowed.'
      }
    })
  })
})

describe("sendUncredentialed", () => {
  const send = (request: Partial<UncredentialedRequest> & { readonly url: string }, isLocal: boolean) =>
    run((transport) =>
      sendUncredentialed(transport, limits, { isLocal }, { method: "PUT", file, ...request }, files)
    )

  it("sends a file without credentials, on this machine for a local account", async () => {
    await using server = await startRecorder()
    const url = `${server.baseUrl}/bucket?signature=x`
    const result = await send({ url, headers: { "X-Acl": "private" } }, true)
    expect(result._tag).toBe("Success")
    const [{ request, body } = { request: undefined, body: "" }] = server.received
    expect(body).toBe("fox")
    expect(request?.headers).toMatchObject({ "content-type": "image/png", "x-acl": "private" })
    expect(request?.headers.authorization).toBeUndefined()
    expect(request?.headers["user-agent"]).toBeUndefined()
  })

  it.each([
    ["not a URL", "it is not an absolute URL"],
    ["http://storage.example/a?signature=x", "it is not an https URL"],
    ["ftp://storage.example/a?signature=x", "ftp: is not an HTTP URL"],
    ["https://user:pw@storage.example/a?signature=x", "the URL contains a user name or a password"],
    ["https://192.168.1.1/a?signature=x", "192.168.1.1 is a private address"],
    ["https://[::ffff:10.0.0.1]/a?signature=x", "is a private address"],
    ["https://localhost/a?signature=x", "localhost is this machine, but the account's host is not"]
  ])("refuses %s", async (url, why) => {
    const result = await send({ url }, false)
    expect(result).toMatchObject({ failure: { _tag: "UnexpectedResponse", delivery: "not-sent" } })
    const { message } = (result as unknown as { readonly failure: { readonly message: string } }).failure
    expect(message).toContain(why)
    expect(message).not.toContain("signature")
  })

  it.each([
    [302, { location: "https://other.example/?signature=x" }, "UnexpectedResponse"],
    [403, {}, "Forbidden"],
    [404, {}, "InvalidRequest"],
    [503, {}, "Unavailable"]
  ])("fails for HTTP %i, without following redirects or quoting the URL", async (status, headers, tag) => {
    await using server = await startRecorder(status, headers)
    const result = await send({ url: `${server.baseUrl}/a?signature=x` }, true)
    expect(result).toMatchObject({ failure: { _tag: tag, httpStatus: status } })
    expect(JSON.stringify(result)).not.toContain("signature")
    expect(server.received).toHaveLength(1)
  })
})
