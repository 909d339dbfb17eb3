import type { Connection } from "./Connection.ts"
import { LedgerError } from "./LedgerError.ts"
import { applicationId, migrations, migrationTable } from "./migrations.ts"

/** The version of the tables that this version of gentask writes. */
export const schemaVersion = migrations.length

const numberOf = (connection: Connection, sql: string): number =>
  Number(Object.values(connection.get(sql) ?? {})[0] ?? 0)

/**
 * Returns the version of the tables. 0 for an empty database.
 *
 * @throws {LedgerError} If the database belongs to another program or to a later version of gentask.
 */
export const readSchemaVersion = (connection: Connection): number => {
  const { path } = connection
  if (numberOf(connection, "select count(*) from sqlite_schema") === 0) return 0
  if (numberOf(connection, "pragma application_id") !== applicationId)
    throw new LedgerError({ path, reason: { _tag: "ForeignFile" } })
  const version = numberOf(connection, "select max(migration_id) from gentask_migrations")
  if (version > schemaVersion)
    throw new LedgerError({ path, reason: { _tag: "NewerSchema", version, supported: schemaVersion } })
  return version
}

/** Creates or updates the tables. Several processes may do so at the same time. */
export const migrate = async (connection: Connection): Promise<void> => {
  if ((await connection.read(() => readSchemaVersion(connection))) === schemaVersion) return
  await connection.write("full", () => {
    const version = readSchemaVersion(connection)
    connection.execute(`pragma application_id = ${applicationId}`)
    connection.execute(migrationTable)
    for (const [index, { name, sql }] of migrations.entries()) {
      if (index < version) continue
      connection.execute(sql)
      connection.run("insert into gentask_migrations (migration_id, name) values ($id, $name)", {
        id: index + 1,
        name
      })
    }
  })
}
