/**
 * Marks what one of several bots of a process says: its log lines, its figures and its spans have its
 * name. A bot that is alone in its process needs none.
 */
import { Effect, Metric } from "effect"

/** Runs as the bot of that name. With its end its figures are gone: somebody else may have it now. */
export const asBot =
  (bot: string) =>
  <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    self.pipe(
      Effect.annotateLogs({ bot }),
      Effect.annotateSpans({ bot }),
      Effect.provideService(Metric.CurrentMetricAttributes, { bot }),
      Effect.ensuring(forget(bot)),
    )

const forget = (bot: string) =>
  Effect.gen(function* () {
    const registry = yield* Metric.MetricRegistry
    for (const [key, { attributes }] of registry) if (attributes?.bot === bot) registry.delete(key)
  })

/** Has what others run, such as the answer to an HTTP request, speak as the bot that gives it to them. */
export const asHere = Effect.map(
  Effect.context(),
  (context) =>
    <A, E>(self: Effect.Effect<A, E>): Effect.Effect<A, E> =>
      Effect.provideContext(self, context),
)
