/** File systems in memory, which need root on Linux. */
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmdirSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const newFolder = (): string => mkdtempSync(join(tmpdir(), "gentask-mount-"))

const run = (program: string, ...parameters: ReadonlyArray<string>): boolean =>
  spawnSync(program, parameters, { stdio: "ignore" }).status === 0

const mount = (folder: string, size: string): boolean =>
  run("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder)

const unmount = (folder: string): boolean => {
  const isUnmounted = run("umount", "-l", folder)
  if (isUnmounted) rmdirSync(folder)
  return isUnmounted
}

const tryMount = (): boolean => {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false
  const folder = newFolder()
  if (mount(folder, "64k")) return unmount(folder)
  rmdirSync(folder)
  return false
}

/** Whether this process may mount file systems. */
export const canMount = tryMount()

/** Mounts an empty file system of this size, such as `1m`, until it is disposed. */
export const mountTmpfs = (size: string) => {
  const folder = newFolder()
  if (!mount(folder, size)) throw new Error(`Cannot mount a file system at ${folder}`)
  return {
    folder,
    makeReadOnly: () => run("mount", "-o", "remount,ro", folder),
    [Symbol.dispose]: () => void unmount(folder)
  }
}
