/** A process that has the bot, or believes that it does: the program with its real ports. */
import * as Path from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Deferred, Effect, Fiber, Latch, Layer, Logger } from "effect"
import { Telegram } from "../../src/bot/Telegram.ts"
import { untilDisowned } from "../../src/store/Ownership.ts"
import { program } from "../../src/cli/program.ts"
import { TelegramId } from "../../src/domain/Employee.ts"
import { SheetsClient } from "../../src/sheets/SheetsClient.ts"
import { Journal } from "../../src/store/Journal.ts"
import { layerJournal } from "../../src/store/JsonFiles.ts"
import { Tenure, whileOwned } from "../../src/store/Ownership.ts"
import { openProxy } from "../store/postgresProxy.ts"
import type { usePostgres } from "../store/postgresServer.ts"
import { admin, type Outside } from "./outside.ts"

/**
 * Where a process stands still: between the proof that the bot is its own and the call to Telegram
 * or Google, before a commit, or with a commit on its way that arrives when the process goes on.
 */
export const places = ["telegram", "google", "journal", "commit"] as const
export type Place = (typeof places)[number]

let owners = 0

/** Starts a process, which takes the bot over. It ends with the scope at the latest. */
export const startOwner = Effect.fnUntraced(function* (
  { bot, settings }: Outside,
  server: ReturnType<typeof usePostgres>,
  log: Array<string>,
) {
  const number = (owners += 1)
  const proxy = yield* Effect.acquireRelease(
    Effect.promise(() => openProxy(Path.join(server.directory, `o${number}`), server.directory)),
    ({ close }) => Effect.sync(close),
  )
  const goesOn = yield* Latch.make(true)
  const stands = yield* Deferred.make<void>()
  let stopsAt: Place | undefined

  const stop = Effect.andThen(goesOn.close, Deferred.succeed(stands, undefined))

  /** Stands still here where that is asked for, and wherever it is while it stands still. */
  const pass = (place: Place | "poll") =>
    Effect.suspend(() => {
      if (stopsAt !== place) return goesOn.await
      stopsAt = undefined
      return Effect.andThen(stop, goesOn.await)
    })

  const gatedTenure = (place: Place) =>
    Layer.effect(
      Tenure,
      Effect.map(Tenure, (tenure) => ({
        ...tenure,
        proven: (when: "lately" | "now") => Effect.andThen(tenure.proven(when), pass(place)),
      })),
    )

  const gatedJournal = Layer.effect(
    Journal,
    Effect.map(Journal, (journal) =>
      Journal.of({
        ...journal,
        write: (writes) =>
          Effect.suspend(() => {
            if (stopsAt !== "commit") return Effect.andThen(pass("journal"), journal.write(writes))
            stopsAt = undefined
            // The commit leaves it and arrives later; nothing else gets through meanwhile.
            proxy.cut = "late"
            proxy.isShut = true
            return Effect.andThen(stop, journal.write(writes))
          }),
      }),
    ),
  ).pipe(
    Layer.provideMerge(
      whileOwned(
        server.journal(bot, { directory: proxy.directory, admins: [TelegramId.make(admin)] }),
      ),
    ),
  )

  const gatedTelegram = Layer.effect(
    Telegram,
    Effect.map(Telegram, (telegram) =>
      Telegram.of({
        ...telegram,
        getUpdates: (request) => Effect.tap(telegram.getUpdates(request), () => pass("poll")),
      }),
    ),
  ).pipe(Layer.provide(Telegram.layer.pipe(Layer.provide(gatedTenure("telegram")))))

  const whole = program.pipe(
    Layer.provideMerge(
      Layer.merge(gatedTelegram, SheetsClient.layer.pipe(Layer.provide(gatedTenure("google")))),
    ),
    Layer.provideMerge(layerJournal.pipe(Layer.provideMerge(gatedJournal))),
    Layer.provide(settings),
    Layer.provide(NodeServices.layer),
    Layer.provideMerge(
      Logger.layer([
        Logger.make(({ message, logLevel, cause }) => {
          log.push(
            `${number} ${logLevel}: ${[message].flat().map(String).join(" ")} ${String(cause)}`,
          )
        }),
      ]),
    ),
  )
  const works = yield* Deferred.make<void>()
  const running = yield* Effect.gen(function* () {
    yield* Layer.build(Layer.fresh(whole))
    yield* Deferred.succeed(works, undefined)
    return yield* Effect.never
  }).pipe(
    Effect.scoped,
    untilDisowned,
    Effect.exit,
    Effect.tap(() => Deferred.succeed(works, undefined)),
    Effect.forkDetach({ startImmediately: true }),
  )
  yield* Effect.addFinalizer(() => Effect.andThen(goesOn.open, Fiber.interrupt(running)))

  return {
    number,
    works: Deferred.await(works),
    /** Stands still at the next such place, or where it is after some time without one. */
    standStill: (place: Place) =>
      Effect.sync(() => {
        stopsAt = place
      }).pipe(
        Effect.andThen(Deferred.await(stands)),
        Effect.timeoutOption("20 seconds"),
        Effect.andThen(goesOn.close),
      ),
    goOn: Effect.gen(function* () {
      proxy.isShut = false
      // Of a long commit only the first part was on its way: it is never answered.
      yield* Effect.timeoutOption(Effect.promise(proxy.release), "10 seconds")
      yield* goesOn.open
    }),
    /** How it ended. */
    ended: Fiber.join(running),
  }
})

export type Owner = Effect.Success<ReturnType<typeof startOwner>>
