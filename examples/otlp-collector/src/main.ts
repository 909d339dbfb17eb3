import { startCollector } from "./collector.ts"

const port = Number(process.argv[2] ?? 4318)
const { url } = await startCollector(port, (line) => console.log(line))
console.error(`Listening at ${url}. Stop with Ctrl-C.`)
