/** Spans for the collector at OTLP_ENDPOINT. */
import { Effect, References, type Tracer } from "effect"

interface Options {
  readonly kind?: Tracer.SpanKind
  readonly root?: boolean
  readonly attributes?: Readonly<Record<string, string | number>>
}

/**
 * Wraps work in a span where somebody collects spans, and costs next to nothing where nobody does:
 * `Effect.withSpan` would look up the stack in either case.
 */
export const traced =
  (name: string, options: Options = {}) =>
  <A, E, R>(self: Effect.Effect<A, E, R>) =>
    Effect.withFiber<A, E, R>((fiber) =>
      fiber.getRef(References.TracerEnabled)
        ? // Its parent is the span around it, so nothing is required that `self` does not.
          Effect.withSpan(self, name, { ...options, captureStackTrace: false })
        : self,
    )
