import { response } from "./src/wire.ts"
import { decode } from "./src/decode.ts"
import { readMedia, statusTable, firstInstantAt, firstStringAt, percent } from "@gentask/core/provider"
import * as z from "zod"
const body = {
  code: 20000,
  msg: "ok",
  data: {
    id: "1",
    status: "completed",
    progress: 100,
    created_at: "2026-01-01T00:00:00Z",
    completed_at: "2026-01-01T00:01:00Z",
    result: { image_url: "https://cdn.example/a.png" }
  }
}
const text = z.string().nullish().catch(null)
const instant = z.union([z.number(), z.string()]).nullish().catch(null)
const oldTask = z.object({
  status: z.string().nullish(),
  progress: z.unknown().optional(),
  model: text,
  created_at: instant,
  completed_at: instant,
  result: z.object({ image_url: z.string().nullish(), video_url: z.string().nullish() }).nullish(),
  error_message: text,
  error_msg: text,
  reason: text
})
const old = oldTask.extend({
  code: z.union([z.string(), z.number()]).nullish(),
  msg: text,
  data: oldTask.nullish()
})
const lt = z.looseObject({ status: z.string().nullish() })
const noCatch = lt.extend({ code: z.union([z.string(), z.number()]).nullish(), data: lt.nullish() })
const valid = response["~standard"].validate(body).value
const time = (name: string, f: () => unknown) => {
  for (let i = 0; i < 100000; i++) f()
  let m = 1e9
  for (let k = 0; k < 7; k++) {
    const c = process.cpuUsage()
    for (let i = 0; i < 50000; i++) f()
    const d = process.cpuUsage(c)
    m = Math.min(m, (d.user + d.system) / 50000)
  }
  console.log(name, m.toFixed(3))
}
time("old schema", () => old["~standard"].validate(body))
time("new schema", () => response["~standard"].validate(body))
time("no catch", () => noCatch["~standard"].validate(body))
time("decode", () => decode(valid as never))
time("readMedia", () => readMedia((body.data as any).result, { kind: "image" }))
time("first*", () => [
  firstStringAt(body.data, "model"),
  firstInstantAt(body.data, "created_at"),
  firstInstantAt(body.data, "completed_at")
])
