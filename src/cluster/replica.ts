/**
 * One of the processes that serve the bots of a database. With REPLICA_ADDRESS it shares them with the
 * others, without it has all of them; with BOTS_DIR there are many, without it one.
 *
 * It takes updates by webhook for every bot, whoever has it, and says on /readyz whether the updates of
 * its own bots are handled: one of our own goes the whole way of an update every few seconds.
 */
import {
  Duration,
  Effect,
  FileSystem,
  Layer,
  Option,
  type Path,
  Ref,
  Result,
  Schedule,
  Stream,
} from "effect"
import { Sharding } from "effect/cluster"
import { updateIdOf } from "../bot/Update.ts"
import { databaseLook, probeFresh, replicaStopWithin } from "../config/Limits.ts"
import { Settings, type SettingsError } from "../config/Settings.ts"
import { Endpoint, starting, type Webhook } from "../endpoint/Endpoint.ts"
import { makeGatherProcess } from "../endpoint/figures.ts"
import type { Readiness } from "../endpoint/readiness.ts"
import { every } from "../observe/background.ts"
import { elapsed } from "../observe/elapsed.ts"
import { heartbeat } from "../observe/heartbeat.ts"
import * as Metrics from "../observe/metrics.ts"
import { Vitals } from "../observe/Vitals.ts"
import type { JournalDamaged, StorageUnavailable } from "../store/Journal.ts"
import { PostgresJournal } from "../store/postgres/PostgresJournal.ts"
import { SharedInbox } from "../store/postgres/SharedInbox.ts"
import { type Bot, type BotChange, Bots, type BotsByName } from "./Bots.ts"
import * as Engine from "./engine.ts"
import { Fleet, Placement, type Program } from "./Fleet.ts"

/** Serves bots as long as it is there, and listens on HTTP_PORT from the very start. */
export const layer = (program: Program) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const { databaseUrl, replicaAddress, botsDir, httpPort } = yield* Settings
      // Settings refuse a replica without one.
      const url = yield* Effect.orDie(Effect.fromOption(databaseUrl))
      const placement: Layer.Layer<Placement, Engine.ReplicaUnreachable | StorageUnavailable> =
        Option.isNone(replicaAddress)
          ? allHere
          : Layer.provide(shared, Engine.layer({ url, address: replicaAddress.value }))
      const bots: Layer.Layer<Bots, SettingsError, Settings | FileSystem.FileSystem | Path.Path> =
        Option.isNone(botsDir) ? theOne : Bots.layer(botsDir.value)
      const serving = answering.pipe(
        Layer.provide(Fleet.layer(program)),
        Layer.provide(Layer.mergeAll(placement, bots, PostgresJournal.layerSharedReaders({ url }))),
        Layer.provide(onceThere(SharedInbox.layer({ url }))),
      )
      return Layer.provide(
        Layer.merge(serving, signOfLife).pipe(Engine.closingWithin(replicaStopWithin)),
        Option.match(httpPort, {
          // Nobody can ask.
          onNone: () => Layer.succeed(Endpoint, { port: 0, attach: () => Effect.void }),
          onSome: (port) =>
            Endpoint.layer(port, { ...starting, webhookAt: () => Effect.undefined }),
        }),
      )
    }),
  )

/** In DATA_DIR, also while no bot is here; each bot has another one in a directory of its own. */
const signOfLife = Layer.unwrap(
  Effect.gen(function* () {
    const { dataDir } = yield* Settings
    const fs = yield* FileSystem.FileSystem
    // What refuses here refuses the sign too, which says so.
    yield* Effect.ignore(fs.makeDirectory(dataDir, { recursive: true, mode: 0o700 }))
    return Layer.provide(heartbeat, Vitals.layer)
  }),
)

/** The bot of the environment. */
const theOne = Layer.effect(
  Bots,
  Effect.map(Settings, (values) => {
    const name = values.botName
    const settings = { ...values, dataDir: `${values.dataDir}/${name}` }
    const bot: Bot = { _tag: "Ready", settings, own: {}, account: Option.none() }
    return Bots.of({
      current: Effect.succeed(new Map([[name, bot]])),
      changes: Stream.concat(Stream.make<[BotChange]>({ _tag: "Added", name, bot }), Stream.never),
      trouble: Effect.succeedNone,
      shares: () => Effect.succeed({ requests: 1, read: 1, write: 1 }),
    })
  }),
)

/** Each bot is at one replica of those that are there. */
const shared = Layer.effect(
  Placement,
  Effect.map(Sharding.Sharding, (sharding) =>
    Placement.of({ place: (name, run) => sharding.registerSingleton(name, run) }),
  ),
)

const allHere = Layer.succeed(Placement, {
  place: (_, run) => Effect.asVoid(Effect.forkScoped(run)),
})

/** Waits for a database that is away, and mentions that once. */
const onceThere = (inbox: Layer.Layer<SharedInbox, StorageUnavailable | JournalDamaged>) => {
  const said = Effect.logWarning("The database does not answer: no bot starts before it does")
  const look = Effect.scoped(Effect.asVoid(Layer.build(Layer.fresh(inbox))))
  const patient = Effect.catchTag(look, "StorageUnavailable", () =>
    Effect.andThen(
      said,
      Effect.retry(look, {
        while: ({ _tag }) => _tag === "StorageUnavailable",
        schedule: Schedule.spaced("1 second"),
      }),
    ),
  )
  return Layer.unwrap(Effect.as(patient, inbox))
}

/** What the last looks at the database gave. */
interface Seen {
  /** See observe/elapsed.ts. */
  readonly answeredAt: number
  readonly isAway: boolean
  /** When the newest probe of a bot was put that has been handled. */
  readonly handledAt: ReadonlyMap<string, number>
}

/** Looks at the database again and again, and puts the probes of the bots. */
const makeWatch = Effect.gen(function* () {
  const inbox = yield* SharedInbox
  const bots = yield* Bots
  const seen = yield* Ref.make<Seen>({
    answeredAt: yield* elapsed,
    isAway: false,
    handledAt: new Map(),
  })

  const look = Effect.gen(function* () {
    const before = yield* Ref.get(seen)
    const names = [...(yield* bots.current)].flatMap(([name, { _tag }]) =>
      _tag === "Ready" ? [name] : [],
    )
    const ages = yield* Effect.result(inbox.probe(names))
    const now = yield* elapsed
    if (Result.isFailure(ages)) {
      if (!before.isAway) {
        yield* Effect.logError("The database does not answer: nobody is answered before it does")
      }
      return yield* Ref.set(seen, { ...before, isAway: true })
    }
    if (before.isAway) yield* Effect.logInfo("The database answers again")
    const handledAt = new Map([...ages.success].map(([name, age]) => [name, now - age]))
    yield* Ref.set(seen, { answeredAt: now, isAway: false, handledAt })
  })

  yield* every("look at the database", databaseLook)(look)
  return Ref.get(seen)
})

const answering = Layer.effectDiscard(
  Effect.gen(function* () {
    const { replicaAddress } = yield* Settings
    const { attach } = yield* Endpoint
    const bots = yield* Bots
    const { states } = yield* Fleet
    const inbox = yield* SharedInbox
    const watched = yield* makeWatch
    const replica = Option.match(replicaAddress, {
      onNone: () => "alone",
      onSome: ({ host, port }) => `${host}:${port}`,
    })

    const readiness = Effect.gen(function* () {
      const { isAway, answeredAt, handledAt } = yield* watched
      const doing = new Map<string, Doing>()
      for (const [name, state] of yield* states) {
        doing.set(
          name,
          state._tag === "Here" ? { ...state, readiness: yield* state.readiness } : state,
        )
      }
      return replicaReadinessOf({
        now: yield* elapsed,
        replica,
        isDatabaseAway: isAway,
        databaseAnsweredAt: answeredAt,
        handledAt,
        trouble: yield* bots.trouble,
        bots: yield* bots.current,
        doing,
      })
    })

    const ofProcess = yield* makeGatherProcess
    const gather = Effect.gen(function* () {
      yield* ofProcess
      yield* setFigures(yield* readiness)
      for (const state of (yield* states).values()) {
        if (state._tag === "Here") yield* state.gather
      }
    })

    const webhookAt = (path: string) =>
      Effect.map(bots.current, (byName) => webhookIn(byName, inbox, path))
    yield* attach({ readiness, gather, webhookAt })
  }),
)

/** Every bot has its series: one of a bot that is gone goes with the process. */
const setFigures = Effect.fnUntraced(function* ({ database, bots }: ReplicaReadiness) {
  yield* Metrics.setOfReplica("databaseAnswers", database.ok ? 1 : 0)
  for (const [bot, { checks, faults, handled }] of Object.entries(bots)) {
    yield* Metrics.setOfReplica("botHere", checks === undefined ? 0 : 1, { bot })
    yield* Metrics.setOfReplica("botFaulty", faults === undefined ? 0 : 1, { bot })
    if (handled !== undefined) yield* Metrics.setOfReplica("handledAge", handled, { bot })
  }
})

const webhookIn = (
  byName: BotsByName,
  inbox: SharedInbox["Service"],
  path: string,
): Webhook | undefined => {
  for (const [name, bot] of byName) {
    if (bot._tag === "Faulty") continue
    const { webhookUrl, webhookSecret } = bot.settings
    if (Option.isNone(webhookUrl) || Option.isNone(webhookSecret)) continue
    if (new URL(webhookUrl.value).pathname !== path) continue
    const take = (body: unknown) => {
      const id = updateIdOf(body)
      // What is no update of Telegram would come again and again.
      return id === undefined || id < 0 ? Effect.void : inbox.put(name, { id, body })
    }
    return { secret: webhookSecret.value, take }
  }
  return undefined
}

/** What a bot does here, as far as somebody outside is told. */
export type Doing =
  | { readonly _tag: "Elsewhere" }
  | { readonly _tag: "Starting"; readonly since: number }
  | { readonly _tag: "Here"; readonly since: number; readonly readiness: Readiness }
  | { readonly _tag: "Waits"; readonly why: string }

/** What it rests on; for moments see observe/elapsed.ts. */
export interface Signs {
  readonly now: number
  readonly replica: string
  readonly isDatabaseAway: boolean
  readonly databaseAnsweredAt: number
  /** When the newest probe of a bot was put that has been handled, anywhere. */
  readonly handledAt: ReadonlyMap<string, number>
  /** Why BOTS_DIR tells nothing at the moment. */
  readonly trouble: Option.Option<string>
  readonly bots: BotsByName
  readonly doing: ReadonlyMap<string, Doing>
}

interface BotCheck {
  readonly ok: boolean
  readonly state: string
  /** Seconds since the newest probe was put that came through; absent where none did yet. */
  readonly handled?: number
  /** Why it does not run. */
  readonly problem?: string
  /** What is wrong with its file. */
  readonly faults?: ReadonlyArray<string>
  readonly checks?: Readiness["checks"]
}

interface ReplicaReadiness {
  readonly ready: boolean
  readonly replica: string
  readonly database: { readonly ok: boolean; readonly state: string; readonly age: number }
  readonly botsDir?: { readonly ok: false; readonly state: string }
  readonly bots: Readonly<Record<string, BotCheck>>
}

/**
 * What a replica says on /readyz. `ready` is about the replica: the database answers, and updates of
 * the bots that run here are handled. What else is wrong with a bot stands at that bot, since another
 * replica would fare no better with a file that is wrong or a Google that is silent.
 */
export const replicaReadinessOf = (signs: Signs): ReplicaReadiness => {
  const { now, replica, isDatabaseAway, databaseAnsweredAt, trouble, bots } = signs
  const checks = [...bots.keys()].map((name) => [name, checkOf(name, signs)] as const)
  return {
    ready: !isDatabaseAway && checks.every(([, { state }]) => state !== stuck),
    replica,
    database: {
      ok: !isDatabaseAway,
      state: isDatabaseAway ? "silent" : "answers",
      age: secondsSince(databaseAnsweredAt, now),
    },
    ...(trouble._tag === "Some" && { botsDir: { ok: false, state: trouble.value } }),
    bots: Object.fromEntries(checks),
  }
}

const stuck = "updates are not handled"

const checkOf = (name: string, { now, bots, doing, handledAt }: Signs): BotCheck => {
  const bot = bots.get(name)
  if (bot?._tag === "Faulty") return { ok: false, state: "faulty settings", faults: bot.faults }
  const at = handledAt.get(name)
  const handled = at === undefined ? {} : { handled: secondsSince(at, now) }
  /** One that began a moment ago has had no time for a probe. */
  const isHandled = (since: number) =>
    now - Math.max(since, at ?? since) < Duration.toMillis(probeFresh)
  const what = doing.get(name) ?? { _tag: "Elsewhere" }
  switch (what._tag) {
    case "Elsewhere":
      return { ok: at !== undefined && isHandled(at), state: "elsewhere", ...handled }
    case "Starting":
      return { ok: isHandled(what.since), state: "starting", ...handled }
    case "Waits":
      return { ok: false, state: "does not run", problem: what.why, ...handled }
    case "Here": {
      const { ready, checks } = what.readiness
      const isWorking = isHandled(what.since)
      return { ok: ready && isWorking, state: isWorking ? "here" : stuck, ...handled, checks }
    }
  }
}

const secondsSince = (at: number, now: number) => Math.max(0, Math.round((now - at) / 1_000))
