/** Sends the requests of a target by the client's transport. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type { ErrorReason } from "../../provider/ErrorReason.ts"
import type { Transport } from "../../http/Transport.ts"
import type { TargetTransport } from "./SaveTarget.ts"

/** How long a response may take, and a pause within it, in milliseconds. Sending a payload does not count. */
const timeoutMs = 60_000

/** The maximum size of a response that is read as a whole, in bytes. */
const maxBytes = 8 * 1024 ** 2

const toError = ({ message }: ErrorReason): Error => new Error(message ?? undefined)

const run = async <A>(effect: Effect.Effect<A, ErrorReason>, signal: AbortSignal): Promise<A> => {
  signal.throwIfAborted()
  try {
    return await Effect.runPromise(Effect.mapError(effect, toError), { signal })
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
}

async function* chunksOf(
  body: AsyncIterable<Uint8Array | ReadonlyArray<Uint8Array>>
): AsyncGenerator<Uint8Array, void> {
  for await (const part of body) yield* ArrayBuffer.isView(part) ? [part] : part
}

/** Creates the transport of a target. */
export const targetTransport = (transport: Transport["Service"]): TargetTransport => ({
  send: ({ method, url, headers, body, payload }, signal) =>
    run(
      transport.send(
        { method, url, headers, body },
        { timeoutMs, maxBytes },
        { payload, allowPrivate: true }
      ),
      signal
    ),
  open: async ({ url, headers }, signal) => {
    const scope = Scope.makeUnsafe()
    const close = (): Promise<void> => Effect.runPromise(Scope.close(scope, Exit.void))
    try {
      const opened = transport.open({ url, headers, timeoutMs, allowPrivate: true })
      const { status, headers: received, body } = await run(Scope.provide(opened, scope), signal)
      return { status, headers: received, body: chunksOf(body), close }
    } catch (error) {
      await close()
      throw error
    }
  }
})
