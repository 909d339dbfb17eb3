import type { TaskStatus } from "@gentask/core"
import type { Connection, Parameters } from "./Connection.ts"
import { searchTerms } from "./searchTerms.ts"

/** What to find. */
export interface TaskQuery {
  readonly search: string
  readonly status: TaskStatus | ReadonlyArray<TaskStatus> | undefined
  readonly account: string | undefined
  readonly since: Date | undefined
  readonly until: Date | undefined
  readonly limit: number
  /** Only tasks whose row id is lower. */
  readonly before: number
}

/** The row ids of tasks, the newest first. */
export interface FoundTasks {
  readonly seqs: ReadonlyArray<number>
  /** The lowest row id that was compared, if there may be more tasks. */
  readonly last: number | undefined
}

/** How many tasks are compared with a search for one page, if the full-text index alone cannot find them. */
const maxScanned = 5000

const filters = `
  ($account is null or account = $account)
  and ($statuses is null or status in (select value from json_each($statuses)))
  and ($since is null or added_at >= $since)
  and ($until is null or added_at < $until)`

// The index contains every column of the filters, and is much smaller than the table.
const fromTable = `
  select seq from tasks indexed by tasks_list where seq < $before and ${filters} order by seq desc limit $max`

const allFromTable = `select count(*) as count, json_group_array(seq) as seqs from (${fromTable})`
const fromList = "select value as seq from json_each($seqs) limit $max"

/**
 * Selects the tasks that contain the words of the full-text query `$search`. Tasks of which only the ref is known are not
 * in the full-text index.
 *
 * @param refCondition Whether a ref contains the same words.
 */
const fromIndex = (refCondition: string): string => `
  select rowid as seq from tasks_search where tasks_search match $search and rowid < $before
  union all
  select seq from tasks indexed by tasks_without_text
  where model is null and prompt is null and failure_message is null and seq < $before and ${refCondition}
  order by seq desc limit $max`

const texts = "concat_ws(char(10), ref, model, prompt, failure_message)"

const likePattern = (text: string): string => `%${text.replace(/[\\%_]/g, String.raw`\$&`)}%`

/** Returns a word with its letters in every usual case. SQLite itself ignores the case of ASCII letters. */
const casesOf = (word: string): ReadonlyArray<string> => {
  // oxlint-disable-next-line no-control-regex -- the range of ASCII
  if (/^[\0-\x7f]*$/.test(word)) return [word]
  const [first = "", ...rest] = Array.from(word)
  return [...new Set([word, word.toUpperCase(), first.toUpperCase() + rest.join("")])]
}

/** A condition that is true if a column contains every word, and its parameters. */
const contains = (
  words: ReadonlyArray<string>,
  column: "texts" | "ref" = "texts"
): { readonly sql: string; readonly parameters: Parameters } => {
  const parameters: Parameters = {}
  const conditions = words.map((word, index) => {
    const comparisons = casesOf(word).map((text, place) => {
      const name = `${column}${index}_${place}`
      parameters[name] = likePattern(text)
      return String.raw`${column} like $${name} escape '\'`
    })
    return `(${comparisons.join(" or ")})`
  })
  return { sql: ["true", ...conditions].join(" and "), parameters }
}

/** Compares candidates with a condition. */
const scan = (candidates: string, condition: string): string => `
  select count(*) as scanned, min(seq) as last, json_group_array(seq) filter (where matches) as seqs from (
    select seq, ${condition} as matches from (
      select tasks.*, ${texts} as texts
      from (${candidates}) as candidates cross join tasks on tasks.seq = candidates.seq
    )
  )`

const findDirectly = (
  connection: Connection,
  sql: string,
  parameters: Parameters,
  limit: number
): FoundTasks => {
  const seqs = connection.all(sql, { ...parameters, max: limit }).map(({ seq }) => Number(seq))
  return { seqs, last: seqs.length === limit ? seqs.at(-1) : undefined }
}

const findByScan = (
  connection: Connection,
  sql: string,
  parameters: Parameters,
  limit: number
): FoundTasks => {
  const row = connection.get(sql, { ...parameters, max: maxScanned })
  const matching = (JSON.parse(String(row?.["seqs"])) as ReadonlyArray<number>).toSorted((a, b) => b - a)
  const seqs = matching.slice(0, limit)
  if (seqs.length === limit) return { seqs, last: seqs.at(-1) }
  return { seqs, last: row?.["scanned"] === maxScanned ? Number(row["last"]) : undefined }
}

/** Finds tasks. */
export const findTasks = (connection: Connection, query: TaskQuery): FoundTasks => {
  const { search, status, account, since, until, limit, before } = query
  const statuses = typeof status === "string" ? [status] : status
  const filterValues = {
    account: account ?? null,
    statuses: statuses === undefined ? null : JSON.stringify(statuses),
    since: since?.getTime() ?? null,
    until: until?.getTime() ?? null
  }
  const { words, indexed, long, short } = searchTerms(search)
  const fromTableValues = { ...filterValues, before }
  if (words.length === 0) return findDirectly(connection, fromTable, fromTableValues, limit)
  const isFiltered = Object.values(filterValues).some((value) => value !== null)
  const refs = contains(long, "ref")
  const fromIndexValues = { ...refs.parameters, search: indexed, before }
  if (indexed !== null && !isFiltered && short.length === 0)
    return findDirectly(connection, fromIndex(refs.sql), fromIndexValues, limit)
  // If the filters leave few tasks, comparing these is faster than to read all matches from the full-text index.
  const left = isFiltered ? connection.get(allFromTable, { ...fromTableValues, max: maxScanned }) : undefined
  if (left !== undefined && Number(left["count"]) < maxScanned) {
    const { sql, parameters } = contains(words)
    return findByScan(connection, scan(fromList, sql), { ...parameters, seqs: left["seqs"] ?? "[]" }, limit)
  }
  if (indexed === null) {
    const { sql, parameters } = contains(words)
    return findByScan(connection, scan(fromTable, sql), { ...fromTableValues, ...parameters }, limit)
  }
  const { sql, parameters } = contains(short)
  const values = { ...filterValues, ...parameters, ...fromIndexValues }
  return findByScan(connection, scan(fromIndex(refs.sql), `${filters} and ${sql}`), values, limit)
}
