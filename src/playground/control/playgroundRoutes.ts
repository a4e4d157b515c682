/**
 * The part of the control API that is about the playground itself: its clock, the faults that it
 * plants, the calls that it has seen, its state.
 */
import { Clock, DateTime, Duration, Effect, Option, Schema, Stream, Struct } from "effect"
import { Sse } from "effect/encoding"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { Calls } from "../Calls.ts"
import { Changes } from "../Changes.ts"
import { companies, companyNamed } from "../companies.ts"
import { Company } from "../Company.ts"
import { Fault, Faults } from "../Faults.ts"
import { PlaygroundClock } from "../PlaygroundClock.ts"
import { quiet } from "../quiet.ts"
import { SceneRunner } from "../scenes/SceneRunner.ts"
import { BotHandle } from "../BotHandle.ts"
import { answer, BotAway, bodyAs, NotNow, Since, Unknown } from "./Answer.ts"

const furthest = Duration.days(7)

const Move = Schema.Struct({
  /** `"10 minutes"`. */
  advance: Schema.String.check(
    Schema.makeFilter(
      (text) =>
        Option.exists(
          durationOf(text),
          (duration) =>
            Duration.toMillis(duration) > 0 && Duration.isLessThanOrEqualTo(duration, furthest),
        ) || 'expected a duration of up to 7 days, such as "10 minutes"',
    ),
  ),
})

const Reset = Schema.Struct({ company: Schema.optionalKey(Schema.String) })

/** A request without a body asks for the company that there is. */
const resetBody = Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) =>
  request.headers["content-length"] === "0" || request.headers["content-type"] === undefined
    ? Effect.succeed<typeof Reset.Type>({})
    : bodyAs(Reset),
)

export const playgroundRoutes = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    const calls = yield* Calls
    const faults = yield* Faults
    const clock = yield* PlaygroundClock
    const bot = yield* BotHandle
    const company = yield* Company
    const changes = yield* Changes
    const scenes = yield* SceneRunner

    yield* router.add(
      "GET",
      "/sim/health",
      Effect.gen(function* () {
        const [ready, stocked] = [yield* bot.ready, yield* bot.stocked]
        return HttpServerResponse.jsonUnsafe({ ready, stocked }, { status: ready ? 200 : 503 })
      }),
    )
    yield* router.add(
      "GET",
      "/sim/pools",
      answer(
        Effect.flatMap(bot.pools, (pools) => Effect.fromOption(pools)).pipe(
          Effect.mapError(() => new BotAway()),
        ),
      ),
    )
    yield* router.add(
      "POST",
      "/sim/kill",
      answer(
        Effect.flatMap(
          bot.kill,
          Option.match({
            onNone: () => Effect.fail(new NotNow({ why: "nothing would start the demo again" })),
            // The answer goes out first.
            onSome: (kill) => Effect.asVoid(Effect.forkDetach(Effect.delay(kill, "100 millis"))),
          }),
        ),
      ),
    )
    yield* router.add(
      "GET",
      "/sim/calls",
      answer(
        Effect.flatMap(HttpServerRequest.schemaSearchParams(Since), ({ since = 0 }) =>
          calls.since(since),
        ),
      ),
    )
    yield* router.add(
      "POST",
      "/sim/faults",
      answer(Effect.tap(bodyAs(Fault), (fault) => faults.add(fault))),
    )
    yield* router.add("DELETE", "/sim/faults", answer(faults.clear))
    yield* router.add(
      "GET",
      "/sim/clock",
      answer(
        Effect.gen(function* () {
          const isReal = Option.isSome(yield* bot.replicas)
          return { ...(yield* now), ready: yield* bot.ready, ...(isReal && { isReal }) }
        }),
      ),
    )
    yield* router.add(
      "POST",
      "/sim/clock",
      answer(
        Effect.gen(function* () {
          const { advance } = yield* bodyAs(Move)
          if (Option.isSome(yield* bot.replicas)) return yield* new NotNow({ why: realClock })
          const duration = Option.getOrThrow(durationOf(advance))
          yield* clock.advance(duration, yield* quiet(calls), bot.isWaiting)
          yield* changes.note
          return yield* now
        }),
      ),
      // A client that goes away must not stop the move half-way: the clock would creep on unseen.
      { uninterruptible: true },
    )
    yield* router.add(
      "POST",
      "/sim/reset",
      answer(
        Effect.gen(function* () {
          const { company: id } = yield* resetBody
          const next = id === undefined ? yield* company.current : companyNamed(id)
          if (next === undefined) return yield* new Unknown({ what: `company "${id}"` })
          yield* scenes.cancel
          yield* bot.reset(Effect.andThen(faults.clear, company.restore(next)))
          return yield* now
        }),
      ),
      { uninterruptible: true },
    )
    yield* router.add(
      "GET",
      "/sim/company",
      answer(
        Effect.map(company.current, ({ id, language, timezone }) => ({
          id,
          language,
          timezone,
          companies: companies.map((each) => Struct.pick(each, ["id", "title", "language"])),
        })),
      ),
    )
    yield* router.add(
      "GET",
      "/sim/events",
      Effect.sync(() => eventStream(changes.versions)),
    )
  }),
)

const realClock = "the replicas of the bot go by the real time, which nobody can move"

const now = Effect.map(Clock.currentTimeMillis, (at) => ({
  now: DateTime.formatIso(DateTime.makeUnsafe(at)),
}))

const units = new Map([
  ["milli", Duration.millis],
  ["second", Duration.seconds],
  ["minute", Duration.minutes],
  ["hour", Duration.hours],
  ["day", Duration.days],
])

const durationOf = (text: string): Option.Option<Duration.Duration> => {
  const [, count = "", unit = ""] = /^(\d+(?:\.\d+)?) ([a-z]+?)s?$/.exec(text) ?? []
  return Option.map(Option.fromUndefinedOr(units.get(unit)), (of) => of(Number(count)))
}

const eventStream = (versions: Stream.Stream<number>) => {
  const events = versions.pipe(
    Stream.map(
      (version) =>
        ({ _tag: "Event", event: "change", id: undefined, data: String(version) }) as const,
    ),
    Stream.pipeThroughChannel(Sse.encode()),
  )
  // The first beat comes at once and sends the headers.
  const heartbeat = Stream.map(Stream.tick("15 seconds"), () => ": still here\n\n")
  return HttpServerResponse.stream(Stream.encodeText(Stream.merge(heartbeat, events)), {
    contentType: "text/event-stream",
    headers: { "cache-control": "no-store" },
  })
}
