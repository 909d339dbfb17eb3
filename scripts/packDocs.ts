/**
 * Copies documents of the repository into the package that is packed, for agents and people who read `node_modules`. Run by
 * `prepack`, in the folder of the package: `node ../../scripts/packDocs.ts NAME…`. `postpack` removes them.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const repository = "https://github.com/gentask/gentask/blob/main/"
const names = process.argv.slice(2)

/** Links to documents that are not in the package lead to the repository. */
const withAbsoluteLinks = (text: string): string =>
  text.replace(
    /\]\((?!https?:|#)([^)\s#]+)(#[^)\s]*)?\)/g,
    (link, path: string, anchor: string | undefined) => {
      const target = new URL(path, `${repository}docs/`)
      return names.some((name) => target.href === `${repository}docs/${name}.md`)
        ? link
        : `](${target.href}${anchor ?? ""})`
    }
  )

await mkdir("docs", { recursive: true })
for (const name of names) {
  const text = await readFile(join(root, "docs", `${name}.md`), "utf8")
  await writeFile(join("docs", `${name}.md`), withAbsoluteLinks(text))
}
