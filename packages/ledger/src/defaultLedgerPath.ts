import { homedir } from "node:os"
import { isAbsolute, join } from "node:path"

/** The base folder of the platform for the state of programs. */
const stateFolder = (): string => {
  const { XDG_STATE_HOME: xdg, LOCALAPPDATA: localAppData } = process.env
  if (xdg !== undefined && isAbsolute(xdg)) return xdg
  switch (process.platform) {
    case "win32":
      return localAppData !== undefined && isAbsolute(localAppData)
        ? localAppData
        : join(homedir(), "AppData", "Local")
    case "darwin":
      return join(homedir(), "Library", "Application Support")
    default:
      return join(homedir(), ".local", "state")
  }
}

/**
 * Returns the path of the user's ledger: `gentask/ledger.db` in `$XDG_STATE_HOME`, or else in `~/.local/state`,
 * `~/Library/Application Support` (macOS) or `%LOCALAPPDATA%` (Windows).
 */
export const defaultLedgerPath = (): string => join(stateFolder(), "gentask", "ledger.db")
