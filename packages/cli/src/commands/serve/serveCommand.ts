import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import { keep, optional, switchFlag, textFlag, toFlag } from "../flags.ts"
import { lazyHandler } from "../lazyHandler.ts"
import { addressExample, parseAddress } from "./parseAddress.ts"
import type { Address } from "./parseAddress.ts"

const addressFlag = (name: string, description: string): Flag.Flag<Address | undefined> =>
  optional(
    Flag.String(name).pipe(
      Flag.withMetavar("HOST:PORT"),
      Flag.withDescription(description),
      Flag.filterMap(
        (text) => Option.fromUndefinedOr(parseAddress(text)),
        () => `an address such as ${addressExample}`
      )
    )
  )

export const serveCommand = Command.make(
  "serve",
  {
    listen: addressFlag(
      "listen",
      "Where to serve the HTTP API (default: 127.0.0.1:4370, or the next free port)"
    ),
    accounts: Flag.String("account").pipe(
      Flag.withMetavar("ACCOUNT"),
      Flag.withDescription(
        "Track only this account, such as jimmy (repeatable; default: all with an API key)"
      ),
      Flag.atLeast(0)
    ),
    dir: textFlag(
      "dir",
      "DIR",
      "Where to save outputs. With --database, a folder that all machines share (default: files in the state folder)"
    ),
    to: toFlag(
      "Where to save outputs instead, and to serve them from: s3://bucket/prefix, or a name under targets in the configuration. --dir is then the folder of unfinished files"
    ),
    database: textFlag(
      "database",
      "URL",
      "A Postgres database, for several machines: postgres://user@host/name. A URL with a password must be in GENTASK_DATABASE_URL, since other users of the machine can read the command line (default: the ledger's file)"
    ),
    runner: addressFlag(
      "runner",
      "With a database: where the other machines reach this one. Keep it in a private network: it has no token"
    ),
    publicUrl: textFlag(
      "public-url",
      "URL",
      "The URL at which vendors reach the HTTP API. Submits then request webhooks where the vendor documents them (default: no webhooks are requested)"
    ),
    keep,
    allowPrivateWebhooks: switchFlag(
      "allow-private-webhooks",
      "Allow webhook endpoints with http and in private networks"
    ),
    openaiVideos: switchFlag(
      "openai-videos",
      "Also serve /v1/videos in the format of OpenAI's videos, for clients such as client.videos of the package openai"
    )
  },
  // The tracker exports its own.
  lazyHandler(async () => (await import("../otherHandlers.ts")).runServe, false)
).pipe(
  Command.withDescription(
    "Track tasks until a signal: poll all open tasks, save their outputs before the links expire, and send webhooks. Tasks survive crashes and restarts. Serves the HTTP API that other commands use with --server. The accounts are those of the environment and of the configuration files.\n\nOn one machine, no option is needed. The database is the ledger, so gentask list shows what the tracker does, and submit, wait and save use the tracker while it runs.\n\nOn several machines, give each the same database, the same API keys, the same GENTASK_TOKEN and the same shared folder, and its own --runner address. Each account is polled by one machine at a time. If that machine fails, another one takes the account over. The folder may be a mounted one, such as NFS. Clients can use any of the trackers. Put a reverse proxy with TLS before --listen, and keep --runner and the database in a private network.\n\nVendors can send webhooks, so that the end of a task is noticed at once: set --public-url, or configure at the vendor the path that GET /v1/accounts shows to a token with the scope admin. The paths contain a secret that derives from GENTASK_HOOK_SECRET, or else from GENTASK_TOKEN. For vendors that sign webhooks, set the secret of the account, such as AIGPTIMAGE_KIE_WEBHOOK_SECRET.\n\nNo flag takes a secret, since other users of the machine can read the command line. Set variables of the environment"
  ),
  Command.withShortDescription("Track tasks: poll, save, send webhooks, and serve an HTTP API"),
  Command.withExamples([
    { command: "gentask serve", description: "Track the tasks of the ledger. Prints a new token once" },
    {
      command:
        "GENTASK_DATABASE_URL=postgres://gentask:secret@db/gentask GENTASK_TOKEN=… gentask serve --runner 10.0.0.1:4371 --listen 10.0.0.1:4370 --dir /mnt/media",
      description: "The first of two machines"
    },
    {
      command:
        "GENTASK_DATABASE_URL=postgres://gentask:secret@db/gentask GENTASK_TOKEN=… gentask serve --runner 10.0.0.2:4371 --listen 10.0.0.2:4370 --dir /mnt/media",
      description: "The second one"
    },
    {
      command: "gentask serve --to s3://media/renders",
      description: "Save to a bucket. The keys are in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    },
    {
      command: "GENTASK_SERVER=http://10.0.0.1:4370 GENTASK_TOKEN=… gentask list",
      description: "Use a tracker from anywhere"
    }
  ])
)
