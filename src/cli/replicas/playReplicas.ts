/**
 * The bot of the demo in processes of its own, which share it: one has it, and when that one is
 * killed another takes it over. A process that has ended is started again after some seconds, so
 * that whoever looks at the page sees it gone.
 */
import * as NodeSocketServer from "@effect/platform-node/NodeSocketServer"
import {
  Clock,
  Duration,
  Effect,
  Exit,
  type FileSystem,
  Latch,
  Option,
  type Path,
  type Redacted,
  Ref,
  Schema,
  Scope,
  Stream,
} from "effect"
import { ChildProcess, type ChildProcessSpawner } from "effect/process"
import { BotHandle, type ReplicaView } from "../../playground/BotHandle.ts"
import type { SampleCompany } from "../../playground/companies/SampleCompany.ts"
import { Company } from "../../playground/Company.ts"
import type { PoolsView } from "../../playground/PoolsView.ts"
import type { StorageUnavailable } from "../../store/Journal.ts"
import { type Told, ToldLine } from "./Told.ts"

interface Options {
  readonly count: number
  readonly databaseUrl: Redacted.Redacted
  /** The settings of the bot as environment variables. */
  readonly valuesFor: (company: SampleCompany) => Readonly<Record<string, string>>
  /** The directory below which each replica has its files. */
  readonly directory: string
  /** Forgets all that the bot has in the database and in files. */
  readonly forget: Effect.Effect<void, StorageUnavailable>
}

/** Runs the bot in so many processes as long as the scope is open. */
export const playReplicas = Effect.fnUntraced(function* (options: Options) {
  const bot = yield* BotHandle
  const all = yield* makeAll(options, bot.changed)
  const serving = Effect.map(all.states, (states) =>
    states
      .filter(({ state }) => state === "serving")
      .toSorted((one, other) => one.since - other.since)
      .at(-1),
  )

  yield* bot.attach({
    ready: Effect.map(serving, (replica) => replica?.isReady === true),
    stocked: all.isStocked,
    pools: Effect.map(serving, (replica) => Option.fromUndefinedOr(replica?.view)),
    replicas: {
      list: Effect.map(all.states, (states) => states.map(viewOf)),
      kill: all.kill,
    },
    reset: (clear) =>
      all.stop.pipe(
        Effect.andThen(Effect.orDie(options.forget)),
        Effect.andThen(clear),
        Effect.andThen(all.start),
      ),
  })
  yield* all.start
})

/** A replica as the demo knows it. */
interface Replica extends ReplicaView {
  /** There is one unless it is gone. */
  readonly child?: ChildProcessSpawner.ChildProcessHandle
  readonly isReady: boolean
  readonly view?: PoolsView
}

const viewOf = ({ n, state, since }: Replica): ReplicaView => ({ n, state, since })

/** Long enough to be seen, and for the others to take the bot over. */
const comesBackAfter = Duration.seconds(8)

/**
 * The bot may go to the second replica when that one joins, and whoever has taken it over asks Google a
 * minute later: so the first one takes its first stock before the others are started, unless it has to
 * wait for a minute itself. It has so long for that.
 */
const aloneFor = Duration.seconds(40)

/** A graceful stop takes up to ten seconds. */
const stopsWithin = Duration.seconds(12)

const makeAll = Effect.fnUntraced(function* (
  { count, databaseUrl, valuesFor, directory }: Options,
  changed: Effect.Effect<void>,
) {
  const company = yield* Company
  const platform = yield* Effect.context<
    ChildProcessSpawner.ChildProcessSpawner | FileSystem.FileSystem | Path.Path
  >()
  const ports = yield* freePorts(2 * count)
  const numbers = Array.from({ length: count }, (_, index) => index + 1)
  const replicas = yield* Ref.make<ReadonlyMap<number, Replica>>(new Map())
  const own = yield* Effect.scope
  const running = yield* Ref.make(Option.none<Scope.Closeable>())
  const stocked = yield* Latch.make()
  const joinable = yield* Latch.make()

  const update = (n: number, more: Partial<Replica>) =>
    Ref.update(replicas, (known) => {
      const before = known.get(n)
      return before === undefined ? known : new Map(known).set(n, { ...before, ...more })
    })

  /** Takes with it what was known of the state before. */
  const enter = Effect.fnUntraced(function* (
    n: number,
    state: ReplicaView["state"],
    child?: ChildProcessSpawner.ChildProcessHandle,
  ) {
    const since = yield* Clock.currentTimeMillis
    const replica = { n, state, since, isReady: false, ...(child !== undefined && { child }) }
    yield* Ref.update(replicas, (known) => new Map(known).set(n, replica))
    yield* changed
  })

  const hear = (n: number, child: ChildProcessSpawner.ChildProcessHandle, told: Told) => {
    switch (told._tag) {
      case "Joined":
      case "Left":
        return enter(n, "waiting", child)
      case "Entered":
        return Effect.andThen(
          enter(n, "serving", child),
          told.isFollowing ? joinable.open : Effect.void,
        )
      case "CaughtUp":
        return Effect.andThen(update(n, { isReady: true }), changed)
      case "Stocked":
        return Effect.andThen(stocked.open, joinable.open)
      case "Pools":
        return Effect.andThen(update(n, { view: told.view }), told.isNews ? changed : Effect.void)
    }
  }

  /** One life of its process. */
  const live = Effect.fnUntraced(function* (n: number) {
    const [clusterPort, httpPort] = ports.slice(2 * (n - 1))
    const [file = ""] = process.argv.slice(1)
    const command = [...process.execArgv, file, "demo", "--replica", String(n)]
    const child = yield* ChildProcess.make(process.execPath, command, {
      env: {
        ...valuesFor(yield* company.current),
        DATABASE_URL: databaseUrl,
        REPLICA_ADDRESS: `127.0.0.1:${clusterPort}`,
        HTTP_PORT: String(httpPort),
        DATA_DIR: `${directory}/replica-${n}`,
        BOTS_DIR: undefined,
      },
      extendEnv: true,
      stderr: "inherit",
      forceKillAfter: stopsWithin,
    })
    yield* enter(n, "starting", child)
    yield* child.stdout.pipe(
      Stream.decodeText,
      Stream.splitLines,
      Stream.mapEffect((line) => Schema.decodeEffect(ToldLine)(line)),
      Stream.runForEach((told) => hear(n, child, told)),
    )
    yield* child.exitCode
  }, Effect.scoped)

  const again = (n: number) =>
    live(n).pipe(
      Effect.tapErrorTag("SchemaError", (error) =>
        Effect.logError(`what replica ${n} tells cannot be read`, error.message),
      ),
      Effect.exit,
      Effect.andThen(enter(n, "gone")),
      Effect.andThen(Effect.sleep(comesBackAfter)),
      Effect.forever,
    )

  const start = Effect.gen(function* () {
    const scope = yield* Scope.fork(own, "parallel")
    yield* Ref.set(running, Option.some(scope))
    for (const n of numbers) yield* enter(n, "starting")
    yield* stocked.close
    yield* joinable.close
    const [first = 1, ...others] = numbers
    const begin = (n: number) => Effect.forkIn(again(n), scope)
    yield* begin(first)
    yield* Effect.timeoutOption(joinable.await, aloneFor).pipe(
      Effect.andThen(Effect.forEach(others, begin, { discard: true })),
      Effect.forkIn(scope),
    )
  }).pipe(Effect.provideContext(platform))

  const kill = Effect.fnUntraced(function* (n: number) {
    const child = (yield* Ref.get(replicas)).get(n)?.child
    if (child === undefined) return false
    yield* Effect.ignore(child.kill({ killSignal: "SIGKILL" }))
    return true
  })

  /** At once: what they have is forgotten. */
  const stop = Effect.gen(function* () {
    yield* Effect.forEach(numbers, kill, { concurrency: "unbounded" })
    const scope = yield* Ref.getAndSet(running, Option.none())
    if (Option.isSome(scope)) yield* Scope.close(scope.value, Exit.void)
  })

  return {
    isStocked: Effect.sync(() => stocked.isOpen()),
    states: Effect.map(Ref.get(replicas), (known) => [...known.values()]),
    kill,
    start,
    stop,
  }
})

/** Ports of this machine that no program listens on. */
const freePorts = (count: number) =>
  Effect.scoped(
    Effect.forEach(Array.from({ length: count }), () =>
      Effect.map(NodeSocketServer.make({ host: "127.0.0.1", port: 0 }), ({ address }) =>
        address._tag === "UnixPathAddress" ? 0 : address.port,
      ),
    ),
  ).pipe(Effect.orDie)
