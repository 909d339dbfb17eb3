import { isLoopback } from "@gentask/core/internal/addresses"
import { serveMcpStdio } from "@gentask/mcp"
import type { McpOptions } from "@gentask/mcp"
import * as Effect from "effect/Effect"
import { loadConfiguration } from "../../config/loadConfiguration.ts"
import { AccountTasks } from "../../mcp/AccountTasks.ts"
import { createBackend } from "../../mcp/createBackend.ts"
import { OpenLedger } from "../../mcp/OpenLedger.ts"
import { errorMessage, oneLine } from "../../output/sanitize.ts"
import { exitStatus } from "../../process/exitStatus.ts"
import { stopGracefully } from "../../process/signals.ts"
import { transportLayer } from "../../tasks/transportLayer.ts"
import { ensureLocalToken } from "../../tracker/localToken.ts"
import type { LocalSecretName } from "../../tracker/localToken.ts"
import { UsageError } from "../../UsageError.ts"
import type { Handler } from "../lazyHandler.ts"
import type { Address } from "../serve/parseAddress.ts"
import { readVariable } from "../serve/vendorWebhooks.ts"
import { allowedFolders } from "./allowedFolders.ts"

export interface McpInput {
  readonly http: Address | undefined
  readonly root: ReadonlyArray<string>
  readonly yes: boolean
  readonly server: string | undefined
}

/** How long a graceful stop may take, in milliseconds. A submit is under way for that long at most. */
const maxStopMs = 30_000

/** Messages never go to the standard output, which carries the protocol. */
const print = (line: string): void => void process.stderr.write(`${line}\n`)

const localSecret = (name: LocalSecretName) =>
  Effect.tryPromise({
    try: () => ensureLocalToken(name),
    catch: (error) =>
      new UsageError({ message: `Cannot read or create the ${name}: ${errorMessage(error)}.` })
  })

/** The token of HTTP clients, from the environment or from the state folder. A new one is printed, this once. */
const httpToken = Effect.gen(function* () {
  const given = readVariable("GENTASK_MCP_TOKEN")
  if (given !== undefined) return given
  const { token, isNew, path } = yield* localSecret("mcp-token")
  if (isNew) {
    print(`Created a token in ${path}. It is printed only now:`)
    process.stdout.write(`${token}\n`)
  }
  return token
})

const serveHttp = Effect.fnUntraced(function* (address: Address, options: McpOptions) {
  if (!isLoopback(address.host))
    return yield* new UsageError({
      message: `Invalid --http: ${address.host} is not a loopback address, and other machines could reach it. Use 127.0.0.1.`
    })
  const token = yield* httpToken
  const { serveMcpHttp } = yield* Effect.promise(() => import("@gentask/mcp/http"))
  const server = yield* Effect.acquireRelease(
    Effect.tryPromise({
      try: () => serveMcpHttp({ ...options, ...address, token }),
      catch: (error) =>
        new UsageError({ message: `Cannot start the MCP server: ${errorMessage(error).replace(/\.$/, "")}.` })
    }),
    ({ close }) => Effect.promise(close)
  )
  print(`The MCP server is running at ${server.url} until Ctrl-C.`)
  return yield* Effect.never
})

const serveStdio = Effect.fnUntraced(function* (options: McpOptions) {
  const server = yield* Effect.acquireRelease(
    Effect.sync(() => serveMcpStdio(options)),
    ({ close }) => Effect.promise(close)
  )
  yield* Effect.promise(() => server.closed)
})

/** Serves tools to agents until the client closes the standard input, or a signal stops it. */
export const runMcp: Handler<McpInput> = ({ http, root, yes, server }) =>
  Effect.gen(function* () {
    const configuration = yield* loadConfiguration(process.env, process.cwd())
    const folders = yield* allowedFolders(root, configuration.out, process.cwd())
    const { token: secret } = yield* localSecret("mcp-secret")
    const warn = (message: string): void => print(`gentask: warning: ${oneLine(message)}`)
    const transport = yield* transportLayer
    const ledger = yield* Effect.acquireRelease(
      Effect.sync(() => new OpenLedger()),
      (opened) => Effect.promise(() => opened.close())
    )
    const tasks = yield* Effect.acquireRelease(
      Effect.sync(() => new AccountTasks(configuration, transport, warn)),
      (opened) => Effect.promise(() => opened.close())
    )
    const backend = yield* Effect.acquireRelease(
      Effect.sync(() => createBackend({ configuration, tasks, ledger, server, warn })),
      ({ submitsEnded }) => Effect.promise(submitsEnded)
    )
    stopGracefully(maxStopMs)
    const options: McpOptions = { backend, ...folders, secret, autoConfirm: yes }
    yield* http === undefined ? serveStdio(options) : serveHttp(http, options)
    return exitStatus.success
  }).pipe(Effect.scoped)
