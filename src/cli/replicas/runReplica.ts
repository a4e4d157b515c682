/**
 * A replica of the demo: what `account-bot run` is with REPLICA_ADDRESS, and besides it tells the
 * demo, which started it, how the bot is. It ends when the demo does.
 */
import { Console, Duration, Effect, Layer, References, Schema, Stdio, Stream } from "effect"
import * as Cluster from "../../cluster/replica.ts"
import { Settings } from "../../config/Settings.ts"
import { every, supervise } from "../../observe/background.ts"
import { CaughtUp } from "../../observe/CaughtUp.ts"
import * as Logging from "../../observe/Logging.ts"
import { Refill } from "../../scheduler/Refill.ts"
import { Tenure } from "../../store/Ownership.ts"
import { liveProgram } from "../bot.ts"
import { makePoolsReader, poolChanges } from "../readPools.ts"
import { type Told, ToldLine } from "./Told.ts"

export const runReplica = (n: number) =>
  Effect.raceFirst(
    Layer.launch(
      Layer.effectDiscard(tell({ _tag: "Joined" })).pipe(
        Layer.provideMerge(Cluster.layer(Layer.provideMerge(telling, liveProgram))),
        Layer.provideMerge(Logging.layer),
        Layer.provide(Settings.layer),
        Layer.provide(Layer.succeed(References.CurrentLogAnnotations, { replica: n })),
      ),
    ),
    demoGone,
  )

/** Done when the demo has closed what it holds of this process, or is gone with all that it held. */
const demoGone = Effect.flatMap(Stdio.Stdio, ({ stdin }) => Effect.ignore(Stream.runDrain(stdin)))

const tell = (told: Told) =>
  Effect.flatMap(Effect.orDie(Schema.encodeEffect(ToldLine)(told)), (line) => Console.log(line))

/** To be built with the bot, and to go with it. */
const telling = Layer.effectDiscard(
  Effect.gen(function* () {
    const readPools = yield* makePoolsReader
    const caughtUp = yield* CaughtUp
    const { filled } = yield* Refill
    // While the journal cannot be read, the page keeps its last picture of the pools.
    const tellPools = (isNews: boolean) =>
      readPools.pipe(
        Effect.flatMap((view) => tell({ _tag: "Pools", view, isNews })),
        Effect.ignoreCause,
      )

    const { wasAnothers } = yield* Tenure
    yield* tell({ _tag: "Entered", isFollowing: wasAnothers })
    yield* Effect.addFinalizer(() => tell({ _tag: "Left" }))
    yield* caughtUp.wait.pipe(
      Effect.andThen(tellPools(true)),
      Effect.andThen(tell({ _tag: "CaughtUp" })),
      Effect.andThen(filled),
      Effect.andThen(tell({ _tag: "Stocked" })),
      Effect.forkScoped,
    )
    yield* supervise("news for the demo")(
      poolChanges.pipe(
        Stream.buffer({ capacity: 1, strategy: "sliding" }),
        Stream.runForEach(() => tellPools(true)),
      ),
    )
    // The rest of Google's quota and the time of the next write change without an event.
    yield* every("figures for the demo", Duration.seconds(1))(tellPools(false))
  }),
)
