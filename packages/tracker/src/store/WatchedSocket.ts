import { connect } from "node:net"
import type { Socket } from "node:net"
import { Duplex } from "node:stream"

/** After how many milliseconds of silence the operating system checks whether the server is still there. */
const keepAliveMs = 5000

/**
 * A connection to a server that responds to each write. If it does not, the connection is closed: a network that loses all
 * packets would otherwise be noticed only after 15 minutes. Not a `Socket`, so that TLS writes through it.
 */
export class WatchedSocket extends Duplex {
  readonly #socket: Socket
  readonly #timeoutMs: number
  #timer: NodeJS.Timeout | undefined

  constructor(host: string, port: number, timeoutMs: number) {
    super()
    this.#timeoutMs = timeoutMs
    this.#socket = connect({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: keepAliveMs
    })
    this.#socket.on("data", (chunk) => {
      this.#disarm()
      if (!this.push(chunk)) this.#socket.pause()
    })
    this.#socket.on("end", () => this.push(null))
    this.#socket.on("error", (error) => this.destroy(error))
    this.#socket.on("close", () => this.destroy())
  }

  override _read(): void {
    this.#socket.resume()
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#timer ??= setTimeout(() => {
      this.destroy(new Error(`The server did not respond within ${this.#timeoutMs} milliseconds`))
    }, this.#timeoutMs).unref()
    this.#socket.write(chunk, done)
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#disarm()
    this.#socket.end(() => done())
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#disarm()
    this.#socket.destroy()
    done(error)
  }

  #disarm(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
