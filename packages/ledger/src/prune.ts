import type { Connection } from "./Connection.ts"

/** What was deleted. */
export interface PruneResult {
  /** The number of tasks. */
  readonly tasks: number
  /** The number of intents. */
  readonly intents: number
}

/** Rows per transaction, so that other processes can write in between. */
const batchSize = 500

const deleteTasks = `
  delete from tasks where seq in (select seq from tasks where ended_at <= $before limit ${batchSize})`

const deleteIntents = `
  delete from intents where seq in (
    select seq from intents
    where state in ('rejected', 'accepted') and settled_at <= $before
      and not exists (select 1 from tasks where intent_seq = intents.seq)
    limit ${batchSize})`

const deleteAll = async (connection: Connection, sql: string, before: number): Promise<number> => {
  let total = 0
  for (;;) {
    const { changes } = await connection.write("normal", () => connection.run(sql, { before }))
    total += changes
    if (changes < batchSize) return total
  }
}

/**
 * Deletes tasks that ended at a time or earlier, with their events and the records of their files, and settled intents that have
 * no task left. Keeps tasks that have not ended, and intents whose outcome is unknown.
 */
export const prune = async (connection: Connection, before: number): Promise<PruneResult> => {
  const tasks = await deleteAll(connection, deleteTasks, before)
  const intents = await deleteAll(connection, deleteIntents, before)
  return { tasks, intents }
}
