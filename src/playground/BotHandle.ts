/**
 * What the playground knows of the bot that it surrounds: whether the bot is ready, and how it
 * starts afresh. Whoever starts both attaches this.
 */
import { Context, Effect, Layer, Option, Ref } from "effect"
import { Changes } from "./Changes.ts"
import type { PoolsView } from "./PoolsView.ts"

/** One of the processes that share the bot. */
export interface ReplicaView {
  readonly n: number
  /** It comes up; it is there for when the other one is not; the bot is at it; its process has ended. */
  readonly state: "starting" | "waiting" | "serving" | "gone"
  /** When that began. */
  readonly since: number
}

/** The processes that share the bot: none of them is the one that has the playground. */
export interface Replicas {
  readonly list: Effect.Effect<ReadonlyArray<ReplicaView>>
  /** Kills the process of one at once, and tells whether there was any. It is started again later. */
  kill(n: number): Effect.Effect<boolean>
}

interface Hooks {
  /** Whether the bot takes requests. */
  readonly ready: Effect.Effect<boolean>
  /** Whether every base tab was looked at since the start, so that there is stock if it has any. */
  readonly stocked?: Effect.Effect<boolean>
  /** What the bot has in its pools; none while it is stopped. */
  readonly pools?: Effect.Effect<Option.Option<PoolsView>>
  /** Whether something in the pools is going to end by itself. */
  readonly isWaiting?: Effect.Effect<boolean>
  /** Kills the process of the bot and the playground; absent where nothing would start it again. */
  readonly kill?: Effect.Effect<void>
  /** Present where the bot runs in processes of its own, under the real time. */
  readonly replicas?: Replicas
  /** Stops the bot, deletes its files, runs `clear`, which empties the outside world, and starts it. */
  readonly reset?: (clear: Effect.Effect<void>) => Effect.Effect<void>
}

export class BotHandle extends Context.Service<
  BotHandle,
  {
    /** Replaces the hooks given before. */
    attach(hooks: Hooks): Effect.Effect<void>
    /** False until a bot is attached. */
    readonly ready: Effect.Effect<boolean>
    /** Nothing where the bot does not say. */
    readonly stocked: Effect.Effect<boolean | undefined>
    /** None while no bot runs. */
    readonly pools: Effect.Effect<Option.Option<PoolsView>>
    /**
     * Whether something that people did is going to end by itself, such as an item without a mark.
     * True where the bot does not say.
     */
    readonly isWaiting: Effect.Effect<boolean>
    /** What the bot has in its pools, or where it runs, is another by now. */
    readonly changed: Effect.Effect<void>
    /** What kills the whole process at once; none where nothing would start it again. */
    readonly kill: Effect.Effect<Option.Option<Effect.Effect<void>>>
    /** None where the bot runs in the process of the playground, and its clock can be moved. */
    readonly replicas: Effect.Effect<Option.Option<Replicas>>
    /** Empties the outside world with `clear`, in the way that the bot asked for when attached. */
    reset(clear: Effect.Effect<void>): Effect.Effect<void>
  }
>()("account-bot/playground/BotHandle") {
  static readonly layer = Layer.effect(
    BotHandle,
    Effect.gen(function* () {
      const hooks = yield* Ref.make<Hooks>({ ready: Effect.succeed(false) })
      const { note } = yield* Changes
      return BotHandle.of({
        attach: (attached) => Ref.set(hooks, attached),
        ready: Effect.flatMap(Ref.get(hooks), ({ ready }) => ready),
        stocked: Effect.flatMap(Ref.get(hooks), ({ stocked }) => stocked ?? Effect.undefined),
        pools: Effect.flatMap(Ref.get(hooks), ({ pools = Effect.succeed(Option.none()) }) => pools),
        isWaiting: Effect.flatMap(
          Ref.get(hooks),
          ({ isWaiting }) => isWaiting ?? Effect.succeed(true),
        ),
        changed: note,
        kill: Effect.map(Ref.get(hooks), ({ kill }) => Option.fromUndefinedOr(kill)),
        replicas: Effect.map(Ref.get(hooks), ({ replicas }) => Option.fromUndefinedOr(replicas)),
        reset: (clear) =>
          Effect.flatMap(Ref.get(hooks), ({ reset }) =>
            reset === undefined ? clear : reset(clear),
          ),
      })
    }),
  )
}
