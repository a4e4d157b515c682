/** The part of the control API where scenes are played. */
import { Duration, Effect, Option, Schema, Struct } from "effect"
import { HttpRouter, HttpServerRequest } from "effect/http"
import { sceneNamed, SceneRunner } from "../scenes/SceneRunner.ts"
import { answer, bodyAs, NotNow, Unknown } from "./Answer.ts"

const Play = Schema.Struct({
  /** How long each step is left to be seen. */
  pauseMs: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 60_000 }))),
})

export const sceneRoutes = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    const runner = yield* SceneRunner

    yield* router.add(
      "GET",
      "/sim/scenes",
      answer(
        Effect.gen(function* () {
          const [running, last] = [yield* runner.running, yield* runner.last]
          const offered = yield* runner.offered
          return {
            scenes: offered.map((scene) => Struct.pick(scene, ["id", "title", "watch"])),
            ...(Option.isSome(running) && { running: running.value }),
            ...(Option.isSome(last) && { last: last.value }),
          }
        }),
      ),
    )
    yield* router.add(
      "POST",
      "/sim/scenes/:id",
      answer(
        Effect.gen(function* () {
          const { id } = yield* HttpRouter.schemaPathParams(Schema.Struct({ id: Schema.String }))
          const scene = sceneNamed(id)
          if (scene === undefined) return yield* new Unknown({ what: `scene "${id}"` })
          const { headers } = yield* HttpServerRequest.HttpServerRequest
          const { pauseMs } =
            headers["content-type"] === undefined ? ({} as typeof Play.Type) : yield* bodyAs(Play)
          yield* runner
            .play(scene, pauseMs === undefined ? undefined : Duration.millis(pauseMs))
            .pipe(Effect.mapError(({ why }) => new NotNow({ why })))
        }),
      ),
    )
    yield* router.add("DELETE", "/sim/scenes", answer(runner.cancel))
  }),
)
