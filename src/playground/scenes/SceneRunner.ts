/** Plays one scene at a time, and knows how the one before ended, also after a restart. */
import { Cause, Context, Duration, Effect, Exit, Fiber, Layer, Option, Ref, Schema } from "effect"
import type { Label } from "../../domain/Catalogue.ts"
import { BotHandle } from "../BotHandle.ts"
import { Changes } from "../Changes.ts"
import { World } from "../World.ts"
import { type Scene, scenes } from "./scenes.ts"
import { type Look, makeStage } from "./stage.ts"

interface Running {
  readonly id: string
  readonly step: Label
  readonly n: number
  readonly of: number
  readonly look?: Look
}

const Last = Schema.Struct({
  id: Schema.String,
  end: Schema.Literals(["done", "cancelled", "failed"]),
  /** Why it failed. */
  error: Schema.optionalKey(Schema.String),
})
type Last = typeof Last.Type

/** It cannot be played at this moment; `why` is for the person. */
export class NoScene extends Schema.TaggedError<NoScene>()("NoScene", { why: Schema.String }) {}

export class SceneRunner extends Context.Service<
  SceneRunner,
  {
    /** Starts the scene, and answers at once. `pause`: how long each step is left to be seen. */
    play(scene: Scene, pause?: Duration.Duration): Effect.Effect<void, NoScene>
    /** Ends the scene that runs, if one does, and the faults that were planted. */
    readonly cancel: Effect.Effect<void>
    /** Those that can be played where the bot runs as it does. */
    readonly offered: Effect.Effect<ReadonlyArray<Scene>>
    readonly running: Effect.Effect<Option.Option<Running>>
    readonly last: Effect.Effect<Option.Option<Last>>
  }
>()("account-bot/playground/scenes/SceneRunner") {
  static readonly layer = Layer.effect(
    SceneRunner,
    Effect.gen(function* () {
      const world = yield* World
      const bot = yield* BotHandle
      const { note } = yield* Changes
      const acts = yield* makeStage
      const scope = yield* Effect.scope
      const running = yield* Ref.make(Option.none<Running>())
      const fiber = yield* Ref.make(Option.none<Fiber.Fiber<void>>())
      const saved = yield* world.load("scene")
      const last = yield* Ref.make(Option.flatMap(saved, Schema.decodeUnknownOption(Last)))

      const ended = Effect.fnUntraced(function* (end: Last) {
        yield* acts.noFaults
        yield* Ref.set(last, Option.some(end))
        yield* Ref.set(running, Option.none())
        yield* world.save("scene", end)
        yield* note
      })

      const stageFor = ({ id, steps }: Scene, pause: Duration.Duration) => ({
        ...acts,
        step: Effect.fnUntraced(function* (text: Label, look?: Look) {
          yield* Ref.update(running, (before) => {
            const n = Option.match(before, { onNone: () => 1, onSome: (now) => now.n + 1 })
            return Option.some({ id, step: text, n, of: steps, ...(look && { look }) })
          })
          yield* note
          yield* Effect.sleep(pause)
        }),
      })

      // Only the scene itself can be interrupted: how it ended is noted in any case.
      const run = Effect.fnUntraced(function* (scene: Scene, pause: Duration.Duration) {
        yield* acts.noFaults
        const exit = yield* Effect.exit(Effect.interruptible(scene.play(stageFor(scene, pause))))
        const { id } = scene
        if (Exit.isSuccess(exit)) return yield* finish(scene)
        if (Cause.hasInterruptsOnly(exit.cause)) return yield* ended({ id, end: "cancelled" })
        yield* Effect.logWarning("a scene failed", exit.cause)
        const failure = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
        yield* ended({ id, end: "failed", error: failure?.message ?? "it broke off" })
      }, Effect.uninterruptible)

      const finish = Effect.fnUntraced(function* (scene: Scene) {
        const kill = yield* bot.kill
        if (scene.kills !== true || Option.isNone(kill))
          return yield* ended({ id: scene.id, end: "done" })
        // The faults stay to the last: they end with the process.
        yield* world.save("scene", { id: scene.id, end: "done" })
        yield* kill.value
      })

      const offered = Effect.map(bot.replicas, (replicas) =>
        Option.isNone(replicas)
          ? scenes
          : scenes.filter(({ kills, movesClock }) => kills !== true && movesClock !== true),
      )

      const starting: Label = { ru: "Готовим сцену.", en: "Setting the scene." }
      const play = Effect.fn("SceneRunner.play")(function* (
        scene: Scene,
        pause: Duration.Duration = usualPause,
      ) {
        if (Option.isSome(yield* Ref.get(running))) {
          return yield* new NoScene({ why: "a scene is running: wait, or end it" })
        }
        if (!(yield* offered).includes(scene)) {
          return yield* new NoScene({ why: "this scene is not for replicas of the bot" })
        }
        if (scene.kills === true && Option.isNone(yield* bot.kill)) {
          return yield* new NoScene({ why: "nothing would start the demo again" })
        }
        yield* Ref.set(
          running,
          Option.some({ id: scene.id, step: starting, n: 0, of: scene.steps }),
        )
        yield* note
        const started = yield* Effect.forkIn(run(scene, pause), scope)
        yield* Ref.set(fiber, Option.some(started))
      }, Effect.uninterruptible)

      const cancel = Effect.gen(function* () {
        const played = yield* Ref.getAndSet(fiber, Option.none())
        if (Option.isSome(played)) yield* Fiber.interrupt(played.value)
      })

      return SceneRunner.of({
        play,
        cancel,
        offered,
        running: Ref.get(running),
        last: Ref.get(last),
      })
    }),
  )
}

const usualPause = Duration.millis(700)

export const sceneNamed = (id: string): Scene | undefined => scenes.find((scene) => scene.id === id)
