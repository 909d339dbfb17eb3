/** A client below HTTP: what came over the socket, and how it ended. */
import { connect } from "node:net"
import type { Emulator } from "../src/index.ts"
import { queryUrls } from "./support.ts"
import type { Asked } from "./support.ts"

export interface RawAnswer {
  /** Status line and headers; empty when none came. */
  readonly head: string
  /** What came after them, chunk sizes included. */
  readonly body: Buffer
  /** In order, by RST, or not at all before the patience ran out. */
  readonly end: "fin" | "reset" | "open"
  /** Milliseconds until the first byte; infinite when none came. */
  readonly firstByte: number
  /** Milliseconds until the end. */
  readonly took: number
}

const separator = "\r\n\r\n"

/** The length that an answer announces, with its head. */
const announced = (answer: Buffer): number => {
  const mark = answer.indexOf(separator)
  const [, length] = /^content-length: (\d+)$/im.exec(answer.subarray(0, mark).toString("latin1")) ?? []
  return mark < 0 || length === undefined
    ? Number.POSITIVE_INFINITY
    : mark + separator.length + Number(length)
}

/**
 * Sends a request and reads until the connection ends, or until nothing has come for `patience` milliseconds, or, if
 * it is to be `whole`, until it has the length that it announces.
 */
export const sendRaw = (
  port: number,
  request: string,
  patience: number | "whole" = 1000
): Promise<RawAnswer> =>
  new Promise((resolve) => {
    const started = performance.now()
    const chunks: Buffer[] = []
    let firstByte = Number.POSITIVE_INFINITY
    const socket = connect(port, "127.0.0.1", () => socket.write(request))
    const finish = (end: RawAnswer["end"]): void => {
      socket.destroy()
      const all = Buffer.concat(chunks)
      const mark = all.indexOf(separator)
      const head = mark < 0 ? "" : all.subarray(0, mark).toString("latin1")
      const body = mark < 0 ? all : all.subarray(mark + separator.length)
      resolve({ head, body, end, firstByte, took: performance.now() - started })
    }
    socket.setTimeout(patience === "whole" ? 5000 : patience, () => finish("open"))
    socket.on("data", (chunk: Buffer) => {
      firstByte = Math.min(firstByte, performance.now() - started)
      chunks.push(chunk)
      if (patience !== "whole") return
      const all = Buffer.concat(chunks)
      if (all.length >= announced(all)) finish("open")
    })
    socket.on("end", () => finish("fin"))
    socket.on("error", (error: NodeJS.ErrnoException) =>
      finish(error.code === "ECONNRESET" ? "reset" : "fin")
    )
  })

export const requestText = (path: string, headers: Readonly<Record<string, string>> = {}): string =>
  [
    `GET ${path} HTTP/1.1`,
    "host: x",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  ].join("\r\n") + separator

/** Asks about a task of any vendor but Jimeng. */
export const askRaw = (
  emulator: Emulator,
  task: Asked & { readonly vendor: keyof typeof queryUrls },
  patience?: number | "whole"
): Promise<RawAnswer> => {
  const path = queryUrls[task.vendor](encodeURIComponent(task.id), task.kind ?? "image")
  return sendRaw(emulator.port, requestText(path, { authorization: `Bearer ${emulator.apiKey}` }), patience)
}

/** Follows a link. */
export const getRaw = (
  link: string,
  headers: Readonly<Record<string, string>> = {},
  patience?: number | "whole"
): Promise<RawAnswer> => {
  const { port, pathname, search } = new URL(link)
  return sendRaw(Number(port), requestText(pathname + search, headers), patience)
}

/** A header's value; undefined when there is none. */
export const headerOf = ({ head }: RawAnswer, name: string): string | undefined =>
  new RegExp(`^${name}: (.*)$`, "im").exec(head)?.[1]

export const statusOf = ({ head }: RawAnswer): number => Number(head.split(" ")[1] ?? 0)
