/** Packs each published package as it would be published, and checks the tarball with publint and attw. */
import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const packages = readdirSync("packages").map((name) => join("packages", name))
const dir = mkdtempSync(join(tmpdir(), "gentask-pack-"))
let failed = 0

const check = (what, program, args) => {
  try {
    execFileSync("pnpm", ["exec", program, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })
    console.log(`ok    ${what}`)
  } catch (error) {
    failed += 1
    console.log(`FAIL  ${what}\n${error.stdout ?? ""}${error.stderr ?? ""}`)
  }
}

for (const folder of packages) {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
  if (manifest.private === true) continue
  const packed = execFileSync("pnpm", ["pack", "--json", "--pack-destination", dir], {
    cwd: folder,
    encoding: "utf8"
  })
  const { filename } = JSON.parse(packed)
  const tarball = filename.startsWith("/") ? filename : join(dir, filename)
  check(`publint ${manifest.name}`, "publint", ["run", tarball, "--strict"])
  if (manifest.exports !== undefined) {
    check(`attw    ${manifest.name}`, "attw", [tarball, "--profile", "esm-only"])
  }
}
rmSync(dir, { recursive: true, force: true })
process.exitCode = failed === 0 ? 0 : 1
