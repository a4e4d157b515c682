/** The part of the control API about the replicas of the bot, where the demo was started with some. */
import { Effect, Option, Schema } from "effect"
import { HttpRouter } from "effect/http"
import { BotHandle } from "../BotHandle.ts"
import { answer, NotNow, Unknown, WholeNumber } from "./Answer.ts"

export const replicaRoutes = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    const bot = yield* BotHandle
    const list = Effect.flatMap(
      bot.replicas,
      Option.match({ onNone: () => Effect.succeed([]), onSome: (replicas) => replicas.list }),
    )

    yield* router.add("GET", "/sim/replicas", answer(list))
    yield* router.add(
      "POST",
      "/sim/replicas/:n/kill",
      answer(
        Effect.gen(function* () {
          const { n } = yield* HttpRouter.schemaPathParams(Schema.Struct({ n: WholeNumber }))
          const replicas = yield* bot.replicas
          const isKnown = (yield* list).some((replica) => replica.n === n)
          if (Option.isNone(replicas) || !isKnown) {
            return yield* new Unknown({ what: `replica ${n}` })
          }
          if (!(yield* replicas.value.kill(n))) {
            return yield* new NotNow({ why: `replica ${n} is not there at this moment` })
          }
        }),
      ),
    )
  }),
)
