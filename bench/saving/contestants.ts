/** Programs that save: gentask as a library and as a command, curl, curl with a digest and a sync, and undici alone. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { Worker } from "../measure/Worker.ts"
import type { SavingLoad, SavingRun } from "./SavingRun.ts"
import { shell } from "./shell.ts"

/** A program that saves files from a server into a folder. */
export interface SavingContestant {
  readonly name: string
  readonly save: (load: SavingLoad, baseUrl: string, dir: string) => Promise<SavingRun>
}

const curlLine = ({ files, size, concurrency }: SavingLoad, baseUrl: string): string =>
  files === 1
    ? `curl --silent --fail --output 0.mp4 ${baseUrl}/files/${size}/0.mp4`
    : `curl --silent --fail --parallel --parallel-max ${concurrency} --output '#1.mp4' '${baseUrl}/files/${size}/[1-${files}].mp4'`

const curl: SavingContestant = {
  name: "curl",
  save: (load, baseUrl, dir) => shell(curlLine(load, baseUrl), dir)
}

/** openssl if it is installed, because it uses the processor's instructions for digests; coreutils otherwise. */
const digestCommand = spawnSync("openssl", ["version"]).status === 0 ? "openssl dgst -sha256" : "sha256sum"

const curlWithDigest: SavingContestant = {
  name: `curl, then ${digestCommand} and sync`,
  save: (load, baseUrl, dir) =>
    shell(`${curlLine(load, baseUrl)} && ${digestCommand} *.mp4 && sync *.mp4`, dir)
}

/** Saves in a new Node process. */
const program = (name: string, script: URL, file: "gentask" | "undici"): SavingContestant => ({
  name,
  save: async (load, baseUrl, dir) => {
    await using worker = Worker.start<SavingLoad, SavingRun>(script, "anywhere", [
      file,
      baseUrl,
      join(dir, "saved")
    ])
    return await worker.request(load)
  }
})

const command = (cli: string): SavingContestant => ({
  name: "gentask save, including start-up and query",
  save: ({ files, size }, baseUrl, dir) => {
    const refs = Array.from({ length: files }, (_, number) => `'jimmy:${size}-${number}?kind=video'`)
    const line = `${process.execPath} ${cli} save ${refs.join(" ")} -o saved`
    return shell(line, dir, { JIMMY_API_KEY: "sk-bench-0123456789", JIMMY_BASE_URL: baseUrl })
  }
})

/** Returns all contestants. `cli` is the entry of the built command line, and `saver` the built saver. */
export const savingContestants = (cli: string, saver: URL): ReadonlyArray<SavingContestant> => [
  curl,
  curlWithDigest,
  program("undici, streamed through a digest", saver, "undici"),
  program("gentask.save", saver, "gentask"),
  command(cli)
]
