/**
 * Runs the bots of this replica: each in a scope of its own that opens when the bot comes here and
 * closes when it goes. What befalls one of them stops it alone, and it is tried again by itself.
 */
import {
  Cause,
  Context,
  Deferred,
  Duration,
  Effect,
  Exit,
  type FileSystem,
  Layer,
  Option,
  type Path,
  Ref,
  Scope,
  Stream,
} from "effect"
import type { ChildProcessSpawner } from "effect/process"
import { Backlog, Intake } from "../bot/Intake.ts"
import { Settings } from "../config/Settings.ts"
import { countingEvents, makeGather } from "../endpoint/figures.ts"
import { makeReadiness, type Readiness } from "../endpoint/readiness.ts"
import type { Alarms } from "../observe/Alarms.ts"
import { asBot, asHere } from "../observe/asBot.ts"
import { supervise } from "../observe/background.ts"
import { elapsed } from "../observe/elapsed.ts"
import * as Logging from "../observe/Logging.ts"
import { withRestarts } from "../observe/Restart.ts"
import type { Vitals } from "../observe/Vitals.ts"
import type { Pools } from "../pool/Pools.ts"
import { AccountShare, type Shares } from "../sheets/RateLimiter.ts"
import type { Journal } from "../store/Journal.ts"
import { untilDisowned } from "../store/Ownership.ts"
import { SharedInbox } from "../store/postgres/SharedInbox.ts"
import { Bots, type BotChange, type ReadyBot } from "./Bots.ts"

/** The program of one bot: what `account-bot run` runs, without what belongs to the process. */
export type Program = Layer.Layer<
  Intake | Alarms | Journal | Pools | Vitals,
  Failure,
  Settings | Platform
>

/** What the process gives to all of them. */
type Platform = FileSystem.FileSystem | Path.Path | ChildProcessSpawner.ChildProcessSpawner

/** Why a bot does not run; the message is a sentence. */
interface Failure {
  readonly _tag: string
  readonly message: string
}

/** Decides which replica runs what. */
export class Placement extends Context.Service<
  Placement,
  {
    /** Runs it whenever it is this replica's turn, as long as the scope is open. */
    place(name: string, run: Effect.Effect<void>): Effect.Effect<void, never, Scope.Scope>
  }
>()("account-bot/cluster/Fleet/Placement") {}

/** What a bot does here. */
export type BotState =
  | { readonly _tag: "Elsewhere" }
  | { readonly _tag: "Starting"; readonly since: number }
  | {
      readonly _tag: "Here"
      readonly since: number
      readonly readiness: Effect.Effect<Readiness>
      readonly gather: Effect.Effect<void>
    }
  /** It cannot run, for that reason, and is tried again. */
  | { readonly _tag: "Waits"; readonly why: string }

export class Fleet extends Context.Service<
  Fleet,
  {
    /** The bots that can run, by their names; since: see observe/elapsed.ts. */
    readonly states: Effect.Effect<ReadonlyMap<string, BotState>>
  }
>()("account-bot/cluster/Fleet") {
  static readonly layer = (program: Program) => Layer.effect(Fleet, make(program))
}

const make = Effect.fnUntraced(function* (program: Program) {
  const { place } = yield* Placement
  const bots = yield* Bots
  const inbox = yield* SharedInbox
  const states = yield* Ref.make<ReadonlyMap<string, BotState>>(new Map())
  const scopes = new Map<string, Scope.Closeable>()
  const own = yield* Effect.scope
  const platform = yield* Effect.context<Platform>()

  const set = (name: string, state: BotState | undefined) =>
    Ref.update(states, (all) => {
      const next = new Map(all)
      if (state === undefined) next.delete(name)
      else next.set(name, state)
      return next
    })

  const leave = Effect.fnUntraced(function* (name: string) {
    const scope = scopes.get(name)
    scopes.delete(name)
    if (scope !== undefined) yield* Scope.close(scope, Exit.void)
    yield* set(name, undefined)
  })

  const enter = Effect.fnUntraced(function* (name: string, bot: ReadyBot) {
    const scope = yield* Scope.fork(own)
    scopes.set(name, scope)
    yield* set(name, { _tag: "Elsewhere" })
    const life = lifeOf({
      name,
      bot,
      program,
      inbox,
      shares: bots.shares(name),
      set: (state) => set(name, state),
    })
    yield* place(
      name,
      Effect.ensuring(
        life,
        Effect.andThen(set(name, { _tag: "Elsewhere" }), Effect.logInfo("The bot ended here")),
      ).pipe(Effect.annotateLogs({ bot: name }), Effect.provideContext(platform)),
    ).pipe(Scope.provide(scope))
  })

  const follow = (change: BotChange) => {
    switch (change._tag) {
      case "Added":
      case "Changed":
        return Effect.andThen(leave(change.name), enter(change.name, change.bot))
      case "Faulty":
      case "Removed":
        return leave(change.name)
    }
  }

  yield* supervise("changes of bots")(Stream.runForEach(bots.changes, follow))
  return Fleet.of({ states: Ref.get(states) })
})

interface Life {
  readonly name: string
  readonly bot: ReadyBot
  readonly program: Program
  readonly inbox: SharedInbox["Service"]
  readonly shares: Effect.Effect<Shares>
  set(state: BotState): Effect.Effect<void>
}

/** Runs the bot until it is interrupted, whatever ends it meanwhile. */
const lifeOf = Effect.fnUntraced(function* (life: Life) {
  let said: string | undefined
  let tries = 0

  const notRun = Effect.fnUntraced(function* (cause: Cause.Cause<Failure>) {
    const { why, level, crash, wait } = reasonOf(cause)
    tries = why === said ? tries + 1 : 0
    // The same reason is mentioned once.
    if (why !== said) {
      yield* Effect.logWithLevel(level)(`The bot does not run here: ${why}`, ...crash)
    }
    said = why
    yield* life.set({ _tag: "Waits", why })
    yield* Effect.sleep(Duration.times(wait, Math.min(tries + 1, 10)))
  })

  while (true) {
    yield* life.set({ _tag: "Starting", since: yield* elapsed })
    const running = yield* Deferred.make<void>()
    const exit = yield* Effect.exit(runOnce(life, Deferred.succeed(running, undefined)))
    if (yield* Deferred.isDone(running)) said = undefined
    if (Exit.isFailure(exit)) yield* notRun(exit.cause)
  }
})

/** `began`: to be told when people are served. */
const runOnce = (
  { name, bot, program, inbox, shares, set }: Life,
  began: Effect.Effect<unknown>,
): Effect.Effect<never, Failure, Platform> => {
  const inside = Layer.effectDiscard(
    Effect.gen(function* () {
      const { take } = yield* Intake
      const speaking = yield* asHere
      const [readiness, gather] = [yield* makeReadiness, yield* makeGather]
      yield* set({
        _tag: "Here",
        since: yield* elapsed,
        readiness: speaking(readiness),
        gather: speaking(gather),
      })
      yield* Effect.logInfo("The bot runs here")
      yield* began
      yield* Effect.forkScoped(inbox.feed(name, take))
    }),
  )
  return runOneOfSeveral(program, {
    settings: bot.settings,
    shares,
    inside: Layer.merge(inside, countingEvents),
  }).pipe(Effect.provideService(Backlog, { isThere: inbox.isBehind(name) }))
}

/** What the process gives to one of its bots. */
export interface OneOfSeveral<E, R> {
  readonly settings: Settings["Service"]
  /** How many bots share the quota of its service account. */
  readonly shares: Effect.Effect<Shares>
  /** Built with the program and gone with it: what the process wants to know of the bot. */
  readonly inside: Layer.Layer<never, E, R>
}

/**
 * Runs one of several bots of this process until Telegram refuses its token, or another process
 * takes it over. It shares nothing with the others but what they ask for outside: its restarts, its
 * loss and its failure are its own, and what it logs and counts has its name. A collector, if there
 * is one, belongs to the process.
 */
export const runOneOfSeveral = <A, E, R, EI, RI>(
  program: Layer.Layer<A | Intake, E, R>,
  { settings, shares, inside }: OneOfSeveral<EI, RI>,
) =>
  Effect.flatMap(Intake, ({ refused }) => refused).pipe(
    Effect.provide(
      inside.pipe(
        Layer.provideMerge(program),
        Layer.provideMerge(Logging.layer),
        Layer.provideMerge(Layer.succeed(Settings, settings)),
      ),
      // Otherwise the second bot would be handed the services of the first.
      { local: true },
    ),
    withRestarts,
    untilDisowned,
    Effect.provideService(AccountShare, shares),
    asBot(settings.botName),
  )

interface Reason {
  /** Also for people outside: it holds no words of a library. */
  readonly why: string
  readonly level: "Warn" | "Error"
  /** For the log. */
  readonly crash: ReadonlyArray<Cause.Cause<Failure>>
  /** Before the first try; each further one waits longer. */
  readonly wait: Duration.Duration
}

const reasonOf = (cause: Cause.Cause<Failure>): Reason => {
  const error = Cause.findErrorOption(cause)
  if (Option.isNone(error)) {
    const why = "it crashed, and its log says where"
    return { why, level: "Error", crash: [cause], wait: longWait }
  }
  const { _tag, message } = error.value
  const wait = waits[_tag]
  return {
    why: message,
    level: wait === undefined ? "Error" : "Warn",
    crash: [],
    wait: wait ?? longWait,
  }
}

/**
 * Whoever took the bot over knows by then whether it was to; if not, nobody has it. A database that is
 * away is asked often.
 */
const waits: Readonly<Record<string, Duration.Duration>> = {
  Disowned: Duration.seconds(5),
  StorageUnavailable: Duration.seconds(1),
}

const longWait = Duration.seconds(20)
