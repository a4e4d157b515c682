/**
 * Says which of the replicas runs which bot, by effect/cluster on the database of the bots. It only
 * places them: that two replicas which both believe to have a bot do no harm is the journal's doing.
 *
 * What it says of itself is left out of the log: its causes quote what the driver says, which may hold
 * the address of the database with its password. `fleet.ts` says what comes of it.
 */
import * as NodeClusterSocket from "@effect/platform-node/NodeClusterSocket"
import * as NodeCrypto from "@effect/platform-node/NodeCrypto"
import * as PgClient from "@effect/sql-pg/PgClient"
import {
  Duration,
  Effect,
  Fiber,
  Layer,
  Option,
  type Redacted,
  References,
  Schedule,
  Schema,
  Scope,
} from "effect"
import {
  RunnerAddress,
  RunnerHealth,
  Runners,
  type Sharding,
  ShardingConfig,
  SocketRunner,
  SqlMessageStorage,
  SqlRunnerStorage,
} from "effect/cluster"
import { RpcSerialization } from "effect/rpc"
import {
  engineStopWithin,
  replicaPing,
  shardLockRefresh,
  shardLockWithin,
} from "../config/Limits.ts"
import type { Address } from "../config/Settings.ts"
import type { StorageUnavailable } from "../store/Journal.ts"
import { connectionSettings, unavailable } from "../store/postgres/PostgresJournal.ts"

/** The replica cannot be reached where REPLICA_ADDRESS says. */
export class ReplicaUnreachable extends Schema.TaggedError<ReplicaUnreachable>()(
  "ReplicaUnreachable",
  { host: Schema.String, port: Schema.Int },
) {
  override get message() {
    return `REPLICA_ADDRESS: the program cannot listen on ${this.host}, port ${this.port}: take an address of this machine and a port that is free`
  }
}

/** `address`: where the other replicas reach this one. The tables of the journal must be there. */
export const layer = ({
  url,
  address,
}: {
  readonly url: Redacted.Redacted
  readonly address: Address
}): Layer.Layer<Sharding.Sharding, ReplicaUnreachable | StorageUnavailable> =>
  SocketRunner.layer.pipe(
    Layer.provide(Layer.merge(NodeClusterSocket.layerSocketServer, protocol)),
    Layer.provide(health),
    Layer.provide(SqlMessageStorage.layer.pipe(Layer.provide(NodeCrypto.layerDigest))),
    Layer.provide(SqlRunnerStorage.layer),
    Layer.provide(
      ShardingConfig.layer({
        runnerAddress: Option.some(RunnerAddress.make(address.host, address.port)),
        shardsPerGroup: shards,
        shardLockExpiration: shardLockWithin,
        shardLockRefreshInterval: shardLockRefresh,
        runnerHealthCheckInterval: Duration.seconds(3),
        refreshAssignmentsInterval: Duration.seconds(1),
        entityMessagePollInterval: Duration.seconds(2),
      }),
    ),
    Layer.provide(RpcSerialization.layerSchemaBinary()),
    Layer.provide(
      PgClient.layer({
        ...connectionSettings(url),
        applicationName: "account-bot (cluster)",
        maxConnections: 3,
      }),
    ),
    Layer.provide(Layer.succeed(References.MinimumLogLevel, "None")),
    Layer.catchTag("SocketServerError", () => refused(new ReplicaUnreachable(address))),
    Layer.catchTag("SqlError", (error) => refused(unavailable("open", "the database")(error))),
    closingWithin(engineStopWithin),
  )

const refused = <E>(error: E) => Layer.effectContext(Effect.fail(error))

/** All replicas must agree on it, and it bounds how evenly bots are spread: each is in one shard. */
const shards = 32

const protocol = NodeClusterSocket.layerClientProtocol

/**
 * Asks the other replicas if they are there. One that was frozen takes the question and never
 * answers, so an answer is waited for only so long.
 */
const health = Layer.effect(
  RunnerHealth.RunnerHealth,
  Effect.map(Runners.Runners, (runners) =>
    RunnerHealth.RunnerHealth.of({
      isAlive: (address) =>
        runners
          .ping(address)
          .pipe(
            Effect.timeout(replicaPing),
            Effect.retry({ times: 2, schedule: Schedule.spaced("250 millis") }),
            Effect.isSuccess,
          ),
    }),
  ),
).pipe(Layer.provide(Runners.layerRpc), Layer.provide(protocol))

/**
 * The layer, which may take so long to close. What has not ended by then goes on beside the rest, and
 * ends with the process.
 */
export const closingWithin =
  (patience: Duration.Duration) =>
  <A, E, R>(self: Layer.Layer<A, E, R>): Layer.Layer<A, E, R> =>
    Layer.effectContext(
      Effect.gen(function* () {
        const scope = yield* Effect.acquireRelease(Scope.make(), (closing, exit) =>
          Effect.flatMap(Effect.forkDetach(Scope.close(closing, exit)), (closed) =>
            // Each by itself, since whoever waits here may have been interrupted already.
            Effect.raceFirst(
              Effect.interruptible(Fiber.await(closed)),
              Effect.interruptible(Effect.sleep(patience)),
            ),
          ),
        )
        return yield* Layer.buildWithScope(self, scope)
      }),
    )
