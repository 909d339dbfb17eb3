/** File systems in memory, which need root on Linux. */
import { spawnSync } from "node:child_process"

const run = (program: string, ...parameters: ReadonlyArray<string>): boolean =>
  spawnSync(program, parameters, { stdio: "ignore" }).status === 0

/** Mounts an empty file system of this size, such as `1m`. Returns undefined if that is not possible. */
export const mountTmpfs = (folder: string, size: string) => {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return undefined
  if (!run("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder)) return undefined
  return {
    makeReadOnly: () => run("mount", "-o", "remount,ro", folder),
    [Symbol.dispose]: () => void run("umount", "-l", folder)
  }
}
