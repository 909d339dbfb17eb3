/**
 * An S3 server from the registry behind a proxy that verifies signatures, lists unfinished uploads, can honor
 * `If-None-Match`, and injects faults.
 */
import { createHash } from "node:crypto"
import { once } from "node:events"
import { createServer } from "node:http"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { buffer } from "node:stream/consumers"
import { startFauxqs } from "fauxqs"
import { keys, signatureProblem } from "./verifySignature.ts"

/** A request that the proxy has received completely. */
export interface ReceivedRequest {
  /** Such as `PUT part`. */
  readonly operation: string
  readonly method: string
  readonly url: URL
  readonly headers: IncomingMessage["headers"]
  readonly body: Buffer
}

/** A response of the server. */
interface Reply {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: Buffer
}

/** What the proxy does with a request. Undefined to forward it. */
export type Fault = (
  request: ReceivedRequest,
  tools: {
    /** Forwards the request. */
    readonly forward: () => Promise<Reply>
    readonly response: ServerResponse
    readonly destroy: () => void
  }
) => Promise<Reply | undefined> | Reply | undefined

export interface S3Server extends AsyncDisposable {
  readonly url: string
  readonly requests: Array<ReceivedRequest>
  /** The ids of the unfinished uploads by key. */
  readonly uploads: Map<string, string>
  /** Called for each request. */
  fault: Fault | undefined
  honorsConditions: boolean
  listsUploads: boolean
  /** Variables that connect the command line. */
  readonly env: Readonly<Record<string, string>>
  readonly get: (key: string) => Promise<Response>
  readonly put: (key: string, body: string, headers?: Record<string, string>) => Promise<void>
  readonly keys: () => Promise<ReadonlyArray<string>>
  /** The operations since the last call. */
  readonly takeOperations: () => ReadonlyArray<string>
}

export const bucket = "media"

export const errorReply = (
  status: number,
  code: string,
  headers: Record<string, string> = {},
  detail = ""
): Reply => ({
  status,
  headers: { "content-type": "application/xml", ...headers },
  body: Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>Access with ${keys.accessKeyId} failed</Message>${detail}</Error>`
  )
})

const operationOf = (method: string, { pathname, searchParams }: URL): string => {
  const isObject = pathname.length > bucket.length + 2
  if (searchParams.has("partNumber")) return "PUT part"
  if (searchParams.has("uploadId")) return method === "POST" ? "complete" : "abort"
  if (searchParams.has("uploads")) return method === "POST" ? "create" : "list uploads"
  if (!isObject) return "list"
  return `${method} ${pathname.endsWith(".json") ? "manifest" : "object"}`
}

const listReply = (uploads: Map<string, string>, prefix: string): Reply => ({
  status: 200,
  headers: { "content-type": "application/xml" },
  body: Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><ListMultipartUploadsResult>${[...uploads]
      .filter(([, key]) => key.startsWith(prefix))
      .map(([id, key]) => `<Upload><Key>${key}</Key><UploadId>${id}</UploadId></Upload>`)
      .join("")}</ListMultipartUploadsResult>`
  )
})

/** Starts a server with an empty bucket. */
export const startS3 = async (): Promise<S3Server> => {
  const upstream = await startFauxqs({ port: 0, host: "127.0.0.1", logger: false })
  upstream.createBucket(bucket)
  const origin = `http://127.0.0.1:${upstream.port}`
  const requests: Array<ReceivedRequest> = []
  const uploads = new Map<string, string>()
  let taken = 0

  const forward = async ({ operation, method, url, headers, body }: ReceivedRequest): Promise<Reply> => {
    const own: Record<string, string> = {}
    for (const [name, value] of Object.entries(headers))
      if (/^(?:x-amz-|content-type|range|if-)/.test(name) && typeof value === "string") own[name] = value
    const response = await fetch(`${origin}${url.pathname}${url.search}`, {
      method,
      headers: own,
      ...(body.length === 0 ? {} : { body: new Uint8Array(body) })
    })
    const received = Buffer.from(await response.arrayBuffer())
    const key = decodeURIComponent(url.pathname.slice(bucket.length + 2))
    const id = url.searchParams.get("uploadId") ?? ""
    if (operation === "create")
      uploads.set(/<UploadId>(.*?)<\/UploadId>/.exec(received.toString())?.[1] ?? "", key)
    if (response.ok && (operation === "complete" || operation === "abort")) uploads.delete(id)
    const replied = Object.fromEntries(
      [...response.headers].filter(
        ([name]) => !/^(?:connection|keep-alive|transfer-encoding|date)$/.test(name)
      )
    )
    return { status: response.status, headers: replied, body: received }
  }

  const answer = async (request: ReceivedRequest, response: ServerResponse): Promise<Reply | undefined> => {
    const problem = signatureProblem(request)
    if (problem !== undefined) return errorReply(403, problem)
    const checksum = request.headers["x-amz-checksum-sha256"]
    if (checksum !== undefined && checksum !== createHash("sha256").update(request.body).digest("base64"))
      return errorReply(400, "BadDigest")
    const forwardThis = () => forward(request)
    const destroy = (): void => void response.socket?.destroy()
    const faulty = await server.fault?.(request, { forward: forwardThis, response, destroy })
    if (faulty !== undefined) return faulty
    if (response.socket?.destroyed === true) return undefined
    if (server.listsUploads && request.operation === "list uploads")
      return listReply(uploads, request.url.searchParams.get("prefix") ?? "")
    if (server.honorsConditions && request.headers["if-none-match"] === "*") {
      const existing = await fetch(`${origin}${request.url.pathname}`, { method: "HEAD" })
      if (existing.ok) return errorReply(412, "PreconditionFailed")
    }
    return forwardThis()
  }

  const http = createServer((incoming, response) => {
    const handle = async (): Promise<void> => {
      const body = await buffer(incoming)
      const url = new URL(incoming.url ?? "/", "http://proxy")
      const method = incoming.method ?? "GET"
      const operation = operationOf(method, url)
      const request = { operation, method, url, headers: incoming.headers, body }
      requests.push(request)
      const reply = await answer(request, response)
      if (reply === undefined) return
      response.writeHead(reply.status, reply.headers)
      response.end(method === "HEAD" ? undefined : reply.body)
    }
    // A client that was killed.
    handle().catch(() => response.socket?.destroy())
  })
  http.listen(0, "127.0.0.1")
  await once(http, "listening")
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const objectUrl = (key: string): string =>
    `${origin}/${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`

  const server: S3Server = {
    url,
    requests,
    uploads,
    fault: undefined,
    honorsConditions: true,
    listsUploads: true,
    env: {
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_ENDPOINT_URL: url
    },
    get: (key) => fetch(objectUrl(key)),
    put: async (key, body, headers = {}) => {
      await fetch(objectUrl(key), { method: "PUT", body, headers })
    },
    keys: async () => {
      const text = await (await fetch(`${origin}/${bucket}?list-type=2`)).text()
      return [...text.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key = ""]) => key)
    },
    takeOperations: () => {
      const operations = requests.slice(taken).map(({ operation }) => operation)
      taken = requests.length
      return operations
    },
    [Symbol.asyncDispose]: async () => {
      http.close()
      http.closeAllConnections()
      await upstream.stop()
    }
  }
  return server
}
