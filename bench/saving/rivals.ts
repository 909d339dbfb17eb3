/** Who saves: gentask as a library and as a command, curl with and without what gentask does besides, and a stream by hand. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { Worker } from "../measure/Worker.ts"
import type { Load, Run } from "./saver.ts"
import { shell } from "./shell.ts"

/** Someone who saves files from a server into a folder. */
export interface Rival {
  readonly name: string
  readonly save: (load: Load, baseUrl: string, dir: string) => Promise<Run>
}

const curlLine = ({ files, size, atOnce }: Load, baseUrl: string): string =>
  files === 1
    ? `curl --silent --fail --output 0.mp4 ${baseUrl}/files/${size}/0.mp4`
    : `curl --silent --fail --parallel --parallel-max ${atOnce} --output '#1.mp4' '${baseUrl}/files/${size}/[1-${files}].mp4'`

const curl: Rival = {
  name: "curl",
  save: (load, baseUrl, dir) => shell(curlLine(load, baseUrl), dir)
}

/** What of openssl and coreutils is there; the former uses what the processor has for digests. */
const digester = spawnSync("openssl", ["version"]).status === 0 ? "openssl dgst -sha256" : "sha256sum"

const curlAndMore: Rival = {
  name: `curl, then ${digester} and sync`,
  save: (load, baseUrl, dir) => shell(`${curlLine(load, baseUrl)} && ${digester} *.mp4 && sync *.mp4`, dir)
}

/** A program of Node's that saves, in a process of its own. */
const program = (name: string, script: URL, file: "gentask" | "undici"): Rival => ({
  name,
  save: async (load, baseUrl, dir) => {
    await using worker = Worker.start<Load, Run>(script, "anywhere", [file, baseUrl, join(dir, "saved")])
    return await worker.ask(load)
  }
})

const command = (cli: string): Rival => ({
  name: "gentask save, start-up and query included",
  save: ({ files, size }, baseUrl, dir) => {
    const refs = Array.from({ length: files }, (_, number) => `'jimmy:${size}-${number}?kind=video'`)
    const line = `${process.execPath} ${cli} save ${refs.join(" ")} -o saved`
    return shell(line, dir, { JIMMY_API_KEY: "sk-of-nobody-0123456789", JIMMY_BASE_URL: baseUrl })
  }
})

/** Everyone; `cli` is the built command line's entry, and `saver` the built saver. */
export const rivals = (cli: string, saver: URL): ReadonlyArray<Rival> => [
  curl,
  curlAndMore,
  program("undici, through a digest into a file", saver, "undici"),
  program("gentask.save", saver, "gentask"),
  command(cli)
]
