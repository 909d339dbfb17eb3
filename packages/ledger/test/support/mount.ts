/** File systems in memory, which need root on Linux. */
import { spawnSync } from "node:child_process"
import { newFolder } from "./folders.ts"

const run = (program: string, ...parameters: ReadonlyArray<string>): boolean =>
  spawnSync(program, parameters, { stdio: "ignore" }).status === 0

const mount = (folder: string, size: string): boolean =>
  run("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder)

const unmount = (folder: string): boolean => run("umount", "-l", folder)

const tryMount = (): boolean => {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false
  const folder = newFolder()
  return mount(folder, "64k") && unmount(folder)
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
