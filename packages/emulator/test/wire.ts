/** A client below HTTP: the bytes that arrive on the socket, and how the connection ends. */
import { connect } from "node:net"
import type { Emulator } from "../src/index.ts"
import { queryPaths } from "./support.ts"
import type { QueriedTask } from "./support.ts"

export interface RawResponse {
  /** Status line and headers. Empty if none arrived. */
  readonly head: string
  /** The bytes after the headers, including chunk sizes. */
  readonly body: Buffer
  /** By FIN, by RST, or still open when the client stopped waiting. */
  readonly end: "fin" | "reset" | "open"
  /** Milliseconds until the first byte. Infinite if none arrived. */
  readonly firstByte: number
  /** Milliseconds until the end. */
  readonly took: number
}

const separator = "\r\n\r\n"

/** The length that a response announces, including its head. */
const announcedLength = (response: Buffer): number => {
  const mark = response.indexOf(separator)
  const [, length] = /^content-length: (\d+)$/im.exec(response.subarray(0, mark).toString("latin1")) ?? []
  return mark < 0 || length === undefined
    ? Number.POSITIVE_INFINITY
    : mark + separator.length + Number(length)
}

/**
 * Sends a request and reads until the connection ends, or until no data has arrived for `idleTimeout` milliseconds, or,
 * with `whole`, until the announced length has arrived.
 */
export const sendRaw = (
  port: number,
  request: string,
  idleTimeout: number | "whole" = 1000
): Promise<RawResponse> =>
  new Promise((resolve) => {
    const started = performance.now()
    const chunks: Buffer[] = []
    let firstByte = Number.POSITIVE_INFINITY
    const socket = connect(port, "127.0.0.1", () => socket.write(request))
    const finish = (end: RawResponse["end"]): void => {
      socket.destroy()
      const all = Buffer.concat(chunks)
      const mark = all.indexOf(separator)
      const head = mark < 0 ? "" : all.subarray(0, mark).toString("latin1")
      const body = mark < 0 ? all : all.subarray(mark + separator.length)
      resolve({ head, body, end, firstByte, took: performance.now() - started })
    }
    socket.setTimeout(idleTimeout === "whole" ? 5000 : idleTimeout, () => finish("open"))
    socket.on("data", (chunk: Buffer) => {
      firstByte = Math.min(firstByte, performance.now() - started)
      chunks.push(chunk)
      if (idleTimeout !== "whole") return
      const all = Buffer.concat(chunks)
      if (all.length >= announcedLength(all)) finish("open")
    })
    socket.on("end", () => finish("fin"))
    socket.on("error", (error: NodeJS.ErrnoException) =>
      finish(error.code === "ECONNRESET" ? "reset" : "fin")
    )
  })

const formatRequest = (path: string, headers: Readonly<Record<string, string>> = {}): string =>
  [
    `GET ${path} HTTP/1.1`,
    "host: x",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  ].join("\r\n") + separator

/** Queries a task of any vendor but Jimeng. */
export const queryRaw = (
  emulator: Emulator,
  task: QueriedTask & { readonly vendor: keyof typeof queryPaths },
  idleTimeout?: number | "whole"
): Promise<RawResponse> => {
  const path = queryPaths[task.vendor](encodeURIComponent(task.id), task.kind ?? "image")
  const request = formatRequest(path, { authorization: `Bearer ${emulator.apiKey}` })
  return sendRaw(emulator.port, request, idleTimeout)
}

/** Requests a link. */
export const getRaw = (
  link: string,
  headers: Readonly<Record<string, string>> = {},
  idleTimeout?: number | "whole"
): Promise<RawResponse> => {
  const { port, pathname, search } = new URL(link)
  return sendRaw(Number(port), formatRequest(pathname + search, headers), idleTimeout)
}

/** A header's value. Undefined if it is absent. */
export const headerOf = ({ head }: RawResponse, name: string): string | undefined =>
  new RegExp(`^${name}: (.*)$`, "im").exec(head)?.[1]

export const statusOf = ({ head }: RawResponse): number => Number(head.split(" ")[1] ?? 0)
