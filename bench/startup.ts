/** Start-up times and sizes. `pnpm bench:startup [--quick]` */
import { runPart } from "./measure/Report.ts"
import type { Findings, Target } from "./measure/Report.ts"
import type { Table } from "./measure/Table.ts"
import { Worker } from "./measure/Worker.ts"
import { taskId } from "./query/responses.ts"
import { install, peerFolder } from "./startup/installation.ts"
import { measureSize } from "./startup/measureSize.ts"
import type { Size } from "./startup/measureSize.ts"
import { measureStarts } from "./startup/measureStarts.ts"
import type { Program, Start } from "./startup/measureStarts.ts"

const peers = ["undici", "openai", "replicate", "@runwayml/sdk", "@fal-ai/client"]

const imports = (cwd: string, ...names: ReadonlyArray<string>): Program => ({
  name: `import ${names.join(" and ")}`,
  args: ["--input-type=module", "--eval", names.map((name) => `await import("${name}");`).join("")],
  cwd
})

const programs = (folder: string, cli: string, baseUrl: string, isQuick: boolean): ReadonlyArray<Program> => {
  const env = {
    JIMMY_API_KEY: "sk-bench-0123456789",
    JIMMY_BASE_URL: baseUrl,
    // The folder in which Node stores compiled code.
    TMPDIR: folder
  }
  const query = { args: [cli, "query", `jimmy:${taskId}`], cwd: folder }
  const here = import.meta.dirname
  return [
    { name: "node -e 0", args: ["-e", "0"], cwd: folder },
    { name: "gentask --version", args: [cli, "--version"], cwd: folder, env },
    { name: "gentask query", ...query, env },
    {
      name: "gentask query, without Node's compile cache",
      ...query,
      env: { ...env, NODE_DISABLE_COMPILE_CACHE: "1" }
    },
    imports(folder, "@gentask/core"),
    imports(folder, "@gentask/core", "@gentask/provider-jimmy"),
    ...(isQuick ? [] : peers.map((name) => imports(here, name)))
  ]
}

const startTable = (starts: ReadonlyArray<Start>): Table => ({
  title: "Start-up time",
  note: "From the start to the exit of the process, on all cores. `gentask query` queries one task at a server on this machine. Imports load the built packages, without Node's compile cache.",
  columns: ["", "wall ms", "middle half", "CPU ms", "× node -e 0"],
  rows: starts.map(({ name, wall, cpu, overFirst }) => [
    name,
    wall.median.toFixed(0),
    `${wall.low.toFixed(0)}–${wall.high.toFixed(0)}`,
    cpu.median.toFixed(0),
    overFirst.median.toFixed(2)
  ])
})

const kilobytes = (bytes: number): string => Math.round(bytes / 1000).toLocaleString("en")

const sizeTable = (sizes: ReadonlyArray<Size>): Table => ({
  title: "Sizes",
  note: "In kB: the tarball, its contents, and the installation with all dependencies and peers (`effect` is a peer of `@gentask/core`).",
  columns: ["", "packed", "unpacked", "installed", "packages"],
  rows: sizes.map(({ name, packed, unpacked, installed, packages }) => [
    name,
    kilobytes(packed),
    kilobytes(unpacked),
    kilobytes(installed),
    String(packages)
  ])
})

const targetsOf = (starts: ReadonlyArray<Start>): ReadonlyArray<Target> => {
  const wallOf = (name: string): number =>
    starts.find((each) => each.name === name)?.wall.median ?? Number.NaN
  const within = (what: string, limit: number, wall: number): Target => ({
    what,
    target: `at most ${limit} ms`,
    measured: `${wall.toFixed(0)} ms`,
    isMet: wall <= limit
  })
  const version = starts.find(({ name }) => name === "gentask --version")?.overFirst.median ?? Number.NaN
  return [
    {
      what: "gentask --version",
      target: "at most 3 × node -e 0",
      measured: `${version.toFixed(2)} ×`,
      isMet: version <= 3
    },
    within("gentask query", 350, wallOf("gentask query")),
    within(
      "import @gentask/core, without the start of Node",
      200,
      wallOf("import @gentask/core") - wallOf("node -e 0")
    )
  ]
}

const behindOf = (starts: ReadonlyArray<Start>, sizes: ReadonlyArray<Size>): ReadonlyArray<string> => {
  const own = starts.find(({ name }) => name === "import @gentask/core")?.wall.median ?? 0
  const faster = starts.filter(({ name, wall }) => name.startsWith("import") && wall.median < own)
  const size = sizes.find(({ name }) => name === "@gentask/core")?.installed ?? 0
  const smaller = sizes.filter(({ name, installed }) => !name.startsWith("@gentask") && installed < size)
  const list = (texts: ReadonlyArray<string>): string => texts.join(", ")
  return [
    ...(faster.length === 0
      ? []
      : [
          `Importing @gentask/core takes ${own.toFixed(0)} ms. Faster: ${list(faster.map(({ name, wall }) => `${name.slice(7)} (${wall.median.toFixed(0)} ms)`))}.`
        ]),
    ...(smaller.length === 0
      ? []
      : [
          `Installing @gentask/core takes ${kilobytes(size)} kB. Smaller: ${list(smaller.map(({ name, installed }) => `${name} (${kilobytes(installed)} kB)`))}.`
        ])
  ]
}

const measure = async (isQuick: boolean): Promise<Findings> => {
  await using server = Worker.start<"url", string>(new URL("query/server.ts", import.meta.url), "server")
  using installation = install()
  const cli = `${installation.folderOf("cli")}/dist/main.js`
  const starts = measureStarts(
    programs(installation.folder, cli, await server.request("url"), isQuick),
    isQuick ? 5 : 21
  )
  const own = ["cli", "core", "provider-jimmy"].map((name) =>
    measureSize(`@gentask/${name}`, installation.folderOf(name))
  )
  const sizes = [...own, ...(isQuick ? [] : peers.map((name) => measureSize(name, peerFolder(name))))]
  return {
    title: "Start-up and size",
    tables: [startTable(starts), sizeTable(sizes)],
    targets: targetsOf(starts),
    behind: behindOf(starts, sizes),
    onAllCores: true,
    packages: peers,
    numbers: { starts, sizes }
  }
}

await runPart("startup", measure)
