/** Identifies a process by a token, and finds out whether the process of a token still runs. */
import { createHash, randomBytes } from "node:crypto"
import { readFileSync, readlinkSync } from "node:fs"
import { hostname } from "node:os"

/** What identifies a process. */
export interface ProcessIdentity {
  readonly pid: number
  /** When the process started, in clock ticks after boot. Null where the system does not report it. */
  readonly startTime: string | null
  readonly bootId: string | null
  readonly pidNamespace: string | null
  readonly host: string
}

/** What is known about the process that created a token. */
export type Liveness = "alive" | "dead" | "unknown"

const readOrNull = (read: () => string): string | null => {
  try {
    return read().trim()
  } catch {
    return null
  }
}

/** State and start time of a process: fields 3 and 22 of `/proc/PID/stat`. Null on other systems than Linux. */
const processState = (pid: number): { readonly state: string; readonly startTime: string } | null => {
  const text = readOrNull(() => readFileSync(`/proc/${pid}/stat`, "utf8"))
  // The second field is the program's name in parentheses, which may contain blanks and parentheses.
  const [state, ...rest] = text?.slice(text.lastIndexOf(")") + 2).split(" ") ?? []
  const startTime = rest[18]
  return state === undefined || startTime === undefined ? null : { state, startTime }
}

interface ThisProcess extends ProcessIdentity {
  /** A digest of what makes a process id unique: the boot and the PID namespace, or else the host. */
  readonly machine: string
}

const describeThisProcess = (): ThisProcess => {
  const bootId = readOrNull(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8"))
  const pidNamespace = readOrNull(() => readlinkSync("/proc/self/ns/pid"))
  const host = hostname()
  const scope = process.platform === "linux" ? [bootId, pidNamespace] : [process.platform, host]
  const machine = scope.includes(null)
    ? // Matches no other process, so that no process is taken for dead.
      randomBytes(4).toString("hex")
    : createHash("sha256").update(scope.join("\n")).digest("hex").slice(0, 8)
  const startTime = processState(process.pid)?.startTime ?? null
  return { machine, pid: process.pid, startTime, bootId, pidNamespace, host }
}

let memoized: ThisProcess | undefined
const thisProcess = (): ThisProcess => (memoized ??= describeThisProcess())

/** Returns what identifies this process. */
export const thisProcessIdentity = (): ProcessIdentity => {
  const { machine: _, ...identity } = thisProcess()
  return identity
}

/** Matches a token: machine, process id and start time in base 36, and random digits. */
export const tokenPattern = /^([0-9a-f]{8})-([0-9a-z]{1,8})-([0-9a-z]{1,13})-[0-9a-f]{8}$/

/** Creates a new token of this process. */
export const makeProcessToken = (): string => {
  const { machine, pid, startTime } = thisProcess()
  const started = Number(startTime ?? 0).toString(36)
  return `${machine}-${pid.toString(36)}-${started}-${randomBytes(4).toString("hex")}`
}

/**
 * Whether the process that created a token still runs. Unknown if the process is of another machine, boot or PID
 * namespace, where its id may mean another process.
 */
export const livenessOf = (token: string): Liveness => {
  const [, machine, pidText = "", startTime = ""] = tokenPattern.exec(token) ?? []
  const pid = Number.parseInt(pidText, 36)
  if (machine !== thisProcess().machine || !(pid > 0)) return "unknown"
  try {
    process.kill(pid, 0)
  } catch (error) {
    // Any other error, such as EPERM, means that the process exists.
    return (error as NodeJS.ErrnoException).code === "ESRCH" ? "dead" : "alive"
  }
  const current = processState(pid)
  if (current === null) return "alive"
  // A zombie or another process with the same id.
  const isGone = /[ZX]/.test(current.state) || Number(current.startTime).toString(36) !== startTime
  return isGone ? "dead" : "alive"
}
