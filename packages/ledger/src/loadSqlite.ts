type Sqlite = typeof import("node:sqlite")

/**
 * Loads `node:sqlite`. Node 22 emits an ExperimentalWarning when it loads this module: that one is suppressed, and all
 * other warnings are emitted as usual.
 */
export const loadSqlite = (): Sqlite => {
  // oxlint-disable-next-line typescript/unbound-method -- it is called with process, and restored unchanged
  const { emitWarning } = process
  const withoutSqlite = (...parameters: ReadonlyArray<unknown>): void => {
    const [warning, type] = parameters
    if (type === "ExperimentalWarning" && String(warning).startsWith("SQLite ")) return
    Reflect.apply(emitWarning, process, parameters)
  }
  process.emitWarning = withoutSqlite
  try {
    // Loads synchronously, so that no other code emits a warning meanwhile.
    return process.getBuiltinModule("node:sqlite")
  } finally {
    process.emitWarning = emitWarning
  }
}
