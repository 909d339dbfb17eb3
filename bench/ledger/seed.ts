/** A ledger with many tasks, and the same tasks in a plain table. */
import type { NewIntent, TaskSnapshot, TaskStatus } from "@gentask/core"
import type { SqliteLedger } from "@gentask/ledger"

const subjects = [
  "a red panda",
  "a lighthouse",
  "一只猫在草地上",
  "an old robot",
  "a paper boat",
  "月亮下的城市"
]
const places = ["on a tree", "in the rain", "beside a river", "at night", "看着大海", "in a library"]
const styles = ["watercolor", "photo", "水墨画", "low poly", "oil painting"]
const accounts = ["jimmy", "sora@jxincm", "jimeng@octopusx", "aigptimage"] as const
const models = ["gpt-image-2", "sora-2", "jimeng_t2i_v40", "veo-3"]

const pick = <A>(values: ReadonlyArray<A>, index: number): A => values[index % values.length] as A

/** Returns the prompt of a task, of some 150 characters. One in a thousand contains the word `zeppelin`. */
export const promptOf = (index: number): string =>
  [
    `Task ${index}: ${pick(subjects, index)} ${pick(places, Math.trunc(index / 7))},`,
    `${pick(styles, Math.trunc(index / 3))}, soft light, shallow depth of field, highly detailed,`,
    index % 1000 === 0 ? "with a zeppelin in the sky" : "with clouds in the sky, no text, no watermark"
  ].join(" ")

/** Returns an intent. */
export const intentOf = (index: number): NewIntent => ({
  id: crypto.randomUUID(),
  idempotencyKey: crypto.randomUUID(),
  account: pick(accounts, index),
  origin: "https://api.example.com",
  model: pick(models, index),
  prompt: promptOf(index),
  input: { prompt: promptOf(index), size: "1024x1024", count: 1 },
  files: [],
  digest: "0".repeat(64),
  canReplay: false,
  owner: "bench",
  traceparent: null,
  createdAt: new Date()
})

const statusOf = (index: number): TaskStatus =>
  index % 10 === 0 ? "failed" : index % 500 === 1 ? "running" : "succeeded"

/** Returns a snapshot of a task. */
export const snapshotOf = (index: number, status = statusOf(index)): TaskSnapshot => {
  const account = pick(accounts, index)
  const [provider = "", name = provider] = account.split("@")
  const id = index.toString(16).padStart(24, "0")
  return {
    ref: `${account}:${id}`,
    provider,
    account: name,
    id,
    status,
    rawStatus: status,
    progress: null,
    queuePosition: null,
    cost: null,
    model: pick(models, index),
    prompt: promptOf(index),
    createdAt: new Date(),
    updatedAt: new Date(),
    completedAt: new Date(),
    outputs:
      status === "succeeded"
        ? [
            {
              kind: "image",
              role: "result",
              url: `https://files.example.com/${id}.png?signature=${"s".repeat(200)}`,
              inline: null,
              mediaType: "image/png",
              width: 1024,
              height: 1024,
              expiresAt: new Date()
            }
          ]
        : [],
    failure:
      status === "failed"
        ? { reason: "upstream", code: "500", message: "The model failed", requestId: null, canResubmit: true }
        : null,
    warnings: []
  }
}

/** Fills a ledger. Intents have up to 1000 tasks each, because each is synced to the disk. */
export const fill = async (ledger: SqliteLedger, count: number): Promise<void> => {
  for (let start = 0; start < count; start += 1000) {
    const intent = intentOf(start)
    await ledger.begin(intent)
    const tasks = Array.from({ length: Math.min(1000, count - start) }, (_, index) =>
      snapshotOf(start + index)
    )
    await ledger.settle(intent.id, { state: "accepted", tasks, attempts: 1 })
  }
}
