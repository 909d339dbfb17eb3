/** Who saves: gentask, and curl with and without what gentask does besides. */
import { execFileSync } from "node:child_process"
import { join } from "node:path"
import { pinned, Worker } from "../measure/Worker.ts"
import type { Load, Run } from "./saver.ts"

/** Someone who saves files from a server into a folder. */
export interface Rival {
  readonly name: string
  readonly save: (load: Load, baseUrl: string, dir: string) => Promise<Run>
}

/** Runs a line of the shell on the client's core; bash tells the times. */
const shell = (line: string, dir: string): Run => {
  const [program, words] = pinned("client", "bash", [
    "-c",
    `TIMEFORMAT="%3R %3U %3S"; { time { ${line}; } > /dev/null 2> /dev/null || echo failed; } 2>&1`
  ])
  const output = execFileSync(program, words, { cwd: dir, encoding: "utf8" })
  const times = /([\d.]+) ([\d.]+) ([\d.]+)/.exec(output)
  if (times === null || output.includes("failed")) throw new Error(`${line} failed: ${output}`)
  const [real, user, system] = times.slice(1).map((text) => Number(text) * 1000) as [number, number, number]
  return { wall: real, cpu: user + system }
}

const curlLine = ({ files, size, atOnce }: Load, baseUrl: string): string =>
  files === 1
    ? `curl --silent --fail --output 0.mp4 ${baseUrl}/files/${size}/0.mp4`
    : `curl --silent --fail --parallel --parallel-max ${atOnce} --output '#1.mp4' '${baseUrl}/files/${size}/[1-${files}].mp4'`

const curl: Rival = {
  name: "curl",
  save: async (load, baseUrl, dir) => shell(curlLine(load, baseUrl), dir)
}

const curlAndMore: Rival = {
  name: "curl, then sha256sum and sync",
  save: async (load, baseUrl, dir) =>
    shell(`${curlLine(load, baseUrl)} && sha256sum -- *.mp4 && sync -- *.mp4`, dir)
}

const gentask: Rival = {
  name: "gentask.save",
  save: async (load, baseUrl, dir) => {
    const script = new URL("saver.ts", import.meta.url)
    await using worker = Worker.start<Load, Run>(script, "client", [baseUrl, join(dir, "saved")])
    return await worker.ask(load)
  }
}

export const rivals: ReadonlyArray<Rival> = [curl, curlAndMore, gentask]
