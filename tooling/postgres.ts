/** A private Postgres server for tests, from the binaries of the system's packages. */
import { execFile, spawn } from "node:child_process"
import type { ChildProcess } from "node:child_process"
import { randomUUID } from "node:crypto"
import { once } from "node:events"
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"

const run = promisify(execFile)

const root = "/usr/lib/postgresql"

/** `initdb` refuses to run as root. The user `nobody` exists everywhere. */
const unprivileged = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}

const findBinaries = (): string | undefined => {
  if (!existsSync(root)) return undefined
  const versions = readdirSync(root).toSorted((a, b) => Number(b) - Number(a))
  return versions.map((version) => join(root, version, "bin")).find((bin) => existsSync(join(bin, "initdb")))
}

const binaries = findBinaries()

/** Whether Postgres is installed. */
export const hasPostgres = binaries !== undefined

/** Added to the name of a group of tests on Postgres: why they are skipped. */
export const skipReason = hasPostgres ? "" : " (skipped: PostgreSQL is not installed)"

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, "close")
  return port
}

/** A running server. */
export interface PostgresServer {
  readonly port: number
  /** The process id of the server. */
  readonly pid: () => number
  /** The password of the user `tracker`. */
  readonly password: string
  /** Creates an empty database. Returns its URL. */
  readonly createDatabase: () => Promise<string>
  /** Runs SQL in a database. Returns the output of psql without a header. */
  readonly query: (url: string, sql: string) => Promise<string>
  /** Restarts the server as after a crash, or stops it for a while. */
  readonly restart: () => Promise<void>
  readonly stop: () => Promise<void>
  readonly start: () => Promise<void>
  /** Stops the server and removes its folder. */
  readonly close: () => Promise<void>
}

const hasExited = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null

/**
 * Replaces itself by the server, which stops when this process closes the pipe or dies. SIGQUIT stops it at once, without
 * a checkpoint: the next start recovers, as after a crash.
 */
const script = 'exec 3<&0; (read -r _ <&3; kill -QUIT $$) & exec "$@" 3<&-'

/**
 * Starts a server. It listens on a free port of 127.0.0.1, and syncs no files, so that tests are fast.
 *
 * @param overrides Replace these and other settings of the server.
 */
export const startPostgres = async (
  overrides: Readonly<Record<string, string>> = {}
): Promise<PostgresServer> => {
  if (binaries === undefined) throw new Error("PostgreSQL is not installed")
  const folder = mkdtempSync(join(tmpdir(), "gentask-pg-"))
  chmodSync(folder, 0o700)
  if (unprivileged.uid !== undefined) chownSync(folder, unprivileged.uid, unprivileged.gid)
  const data = join(folder, "data")
  const port = await freePort()
  const options = { ...unprivileged, cwd: folder, env: { PATH: process.env["PATH"], LC_ALL: "C.UTF-8" } }
  await run(
    join(binaries, "initdb"),
    ["--pgdata", data, "--username", "tracker", "--auth", "trust", "--no-sync", "--encoding", "UTF8"],
    options
  )
  const parameters = {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: folder,
    fsync: "off",
    shared_buffers: "64MB",
    max_connections: 100,
    log_min_messages: "fatal",
    ...overrides
  }
  const settings = Object.entries(parameters).flatMap(([name, value]) => ["-c", `${name}=${value}`])
  const password = "secret-of-the-tests"
  const urlOf = (database: string): string => `postgres://tracker:${password}@127.0.0.1:${port}/${database}`

  let server: ChildProcess | undefined
  const query = async (url: string, sql: string): Promise<string> => {
    const psql = join(binaries, "psql")
    const { stdout } = await run(psql, [url, "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql], options)
    return stdout.trim()
  }
  const isReady = async (): Promise<boolean> =>
    query(urlOf("postgres"), "select 1").then(
      () => true,
      () => false
    )
  const start = async (): Promise<void> => {
    const command = [join(binaries, "postgres"), "-D", data, ...settings]
    const started = spawn("sh", ["-c", script, "sh", ...command], {
      ...options,
      stdio: ["pipe", "ignore", "ignore"]
    })
    server = started
    // `psql` itself takes some time, so this loop does not need to wait.
    while (!(await isReady()))
      if (hasExited(started)) throw new Error(`PostgreSQL has exited with ${started.exitCode}`)
  }
  const stop = async (): Promise<void> => {
    if (server === undefined || hasExited(server)) return
    const exited = once(server, "exit")
    server.stdin?.end()
    await exited
  }
  await start()
  return {
    port,
    pid: () => server?.pid ?? 0,
    password,
    query,
    start,
    stop,
    createDatabase: async () => {
      const name = `t${randomUUID().replaceAll("-", "")}`
      await query(urlOf("postgres"), `create database ${name}`)
      return urlOf(name)
    },
    restart: async () => {
      await stop()
      await start()
    },
    close: async () => {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
