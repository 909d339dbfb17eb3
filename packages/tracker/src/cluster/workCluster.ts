/** Several processes that share accounts by Effect Cluster, over one Postgres database. */
import * as NodeClusterSocket from "@effect/platform-node/NodeClusterSocket"
import * as MessageStorage from "effect/cluster/MessageStorage"
import * as RunnerAddress from "effect/cluster/RunnerAddress"
import * as ShardingConfig from "effect/cluster/ShardingConfig"
import * as Singleton from "effect/cluster/Singleton"
import * as SqlRunnerStorage from "effect/cluster/SqlRunnerStorage"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as SqlClient from "effect/sql/SqlClient"
import type { ClusterTimings } from "../TrackerOptions.ts"
import type { AccountOwner } from "./homeCluster.ts"

/**
 * How many groups the accounts are divided into: a group moves as a whole. Each one is a lock, and the locks that a new
 * tracker gets are released one by one on one connection, within a third of the lock's expiration. If that takes longer,
 * all locks are lost. It must be the same in all processes.
 */
const shardCount = 32

/** Options of a process in a cluster. */
export interface WorkClusterOptions {
  /** The address at which the other processes reach this one. */
  readonly runner: { readonly host: string; readonly port: number }
  readonly timings?: ClusterTimings | undefined
}

/** Owns the accounts that the cluster assigns to this process. */
export const workCluster = <R>(
  owners: ReadonlyArray<AccountOwner<R>>,
  { runner, timings = {} }: WorkClusterOptions
) => {
  const { lockExpirationMs = 3000, healthCheckMs = 1000, assignmentMs = 500 } = timings
  const shardingConfig = {
    runnerAddress: Option.some(RunnerAddress.make(runner.host, runner.port)),
    shardsPerGroup: shardCount,
    shardLockExpiration: lockExpirationMs,
    runnerHealthCheckInterval: healthCheckMs,
    refreshAssignmentsInterval: assignmentMs,
    // Also the delay until locks are acquired again after the database has failed.
    entityMessagePollInterval: assignmentMs
  }
  const singletons = owners.map(({ account, own }) => Singleton.make(`account/${account}`, own))
  const [first = Layer.empty, ...others] = singletons
  return Layer.mergeAll(first, ...others).pipe(
    Layer.provide(NodeClusterSocket.layer({ storage: "byo", shardingConfig })),
    // The tracker sends no messages between its processes.
    Layer.provide(MessageStorage.layerNoop),
    Layer.provide(Layer.orDie(SqlRunnerStorage.layer)),
    Layer.provide(ShardingConfig.layerFromEnv(shardingConfig))
  ) satisfies Layer.Layer<never, unknown, R | SqlClient.SqlClient>
}
