import { formatTable } from "./formatTable.ts"
import type { Paint } from "./paint.ts"

const documentationUrl = "https://github.com/gentask/gentask/tree/main/packages/cli#readme"

/** A titled list of names and descriptions. */
interface Section {
  readonly title: string
  readonly rows: ReadonlyArray<readonly [name: string, description: string]>
}

const environment: Section = {
  title: "ENVIRONMENT",
  rows: [
    ["JIMMY_API_KEY", "API key of Jimmy AI"],
    ["SORA_API_KEY", "API key of a relay with the format of Sora, which SORA_ENDPOINT names"],
    ["JIMENG_API_KEY", "API key of Jimeng, on the endpoint that JIMENG_ENDPOINT names"],
    ["AIGPTIMAGE_API_KEY", "API key of AI GPT Image"],
    ["JIMENG_DEEPWL_API_KEY", "API key of the account jimeng@deepwl, and so on for other accounts"],
    ["JIMMY_BASE_URL", "another host with the same format, and so on for other providers"],
    ["HTTPS_PROXY", "URL of a proxy, also HTTP_PROXY; NO_PROXY lists hosts without it"]
  ]
}

/** The variables of commands that can use a tracker. */
const trackerEnvironment: Section = {
  ...environment,
  rows: [
    ...environment.rows,
    ["GENTASK_SERVER", "URL of a tracker that carries out the command, as --server"],
    ["GENTASK_TOKEN", "token of that tracker"]
  ]
}

const serveEnvironment: Section = {
  ...environment,
  rows: [
    ...environment.rows,
    ["GENTASK_TOKEN", "token that clients must send (default: a new one in the state folder)"],
    ["GENTASK_DATABASE_URL", "URL of a Postgres database, as --database"],
    ["GENTASK_HOOK_SECRET", "secret in the paths of vendors' webhooks (default: GENTASK_TOKEN)"],
    ["…_WEBHOOK_SECRET", "secret that a vendor signs webhooks with, such as AIGPTIMAGE_KIE_WEBHOOK_SECRET"]
  ]
}

const exitStatuses: Section = {
  title: "EXIT STATUS",
  rows: [
    ["0", "everything was done"],
    ["1", "a task failed, was canceled, expired, or was rejected by the vendor"],
    ["2", "the command line, the configuration, the input or a ref is invalid, or --yes is missing"],
    ["3", "a task was still running at the timeout"],
    ["4", "an API key is missing or was rejected, or the account has no credits"],
    ["5", "the vendor could not be reached, or does not know the task"],
    ["6", "an output could not be saved"],
    ["7", "it is unknown whether a submit created a task: see gentask reconcile"],
    ["70", "internal error"],
    ["130", "interrupted"]
  ]
}

const commonStatuses = new Set(["0", "2", "70"])

const commonExitStatuses: Section = {
  ...exitStatuses,
  rows: exitStatuses.rows.filter(([status]) => commonStatuses.has(status))
}

/** The sections of the commands that need more than the common exit statuses. The empty name is `gentask` itself. */
const sectionsByCommand: Readonly<Record<string, ReadonlyArray<Section>>> = {
  "": [trackerEnvironment, exitStatuses],
  generate: [trackerEnvironment, exitStatuses],
  submit: [trackerEnvironment, exitStatuses],
  retry: [trackerEnvironment, exitStatuses],
  cancel: [trackerEnvironment, exitStatuses],
  reconcile: [environment, exitStatuses],
  balance: [environment, exitStatuses],
  query: [trackerEnvironment, exitStatuses],
  wait: [trackerEnvironment, exitStatuses],
  watch: [trackerEnvironment, exitStatuses],
  save: [trackerEnvironment, exitStatuses],
  list: [trackerEnvironment, commonExitStatuses],
  show: [trackerEnvironment, commonExitStatuses],
  serve: [serveEnvironment, commonExitStatuses],
  demo: [exitStatuses],
  providers: [environment, commonExitStatuses]
}

/**
 * Formats the sections that follow the generated help of a command: environment variables, exit statuses and the
 * documentation.
 *
 * @param commandPath The command's name with those of its parents, such as `["gentask", "wait"]`.
 */
export const formatHelpSections = (commandPath: ReadonlyArray<string>, paint: Paint): string => {
  const sections = sectionsByCommand[commandPath.slice(1).join(" ")] ?? [commonExitStatuses]
  const formatted = sections.map(({ title, rows }) =>
    [paint("bold", title), ...formatTable(rows).map((row) => `  ${row}`)].join("\n")
  )
  return [...formatted, `${paint("bold", "DOCUMENTATION")}\n  ${documentationUrl}`].join("\n\n")
}
