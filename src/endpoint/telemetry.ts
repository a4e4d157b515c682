/**
 * Traces and metrics for an OpenTelemetry collector at OTLP_ENDPOINT. No log goes there: logs are
 * standard error, where known secrets are taken out.
 *
 * A span says how it failed by the kind of the failure only. The words of an error may quote what a
 * library was given, and they would leave the machine.
 */
import { Cause, Effect, Exit, Layer, Tracer } from "effect"
import { FetchHttpClient } from "effect/http"
import { OtlpExporter, OtlpMetrics, OtlpSerialization, OtlpTracer } from "effect/observability"
import { metricsPeriod } from "../config/Limits.ts"
import { version } from "../config/Settings.ts"
import { every } from "../observe/background.ts"
import { makeGather, makeGatherProcess } from "./figures.ts"

const resource = { serviceName: "account-bot", serviceVersion: version }

/** The tracer for a collector; it takes everything that the program wraps in a span. */
export const layerTracer = (endpoint: string) =>
  Layer.effect(
    Tracer.Tracer,
    Effect.map(
      OtlpTracer.make({ url: `${endpoint}/v1/traces`, resource, shutdownTimeout }),
      (tracer) =>
        Tracer.make({
          span: (options) => tight(tracer.span(options)),
        }),
    ),
  ).pipe(Layer.provide(exporting))

/** Brings the figures of a bot up to date for a collector. */
export const layerGathering = Layer.effectDiscard(
  Effect.flatMap(makeGather, (gather) => every("metrics for the collector", metricsPeriod)(gather)),
)

/** Sends the metrics of the process, those of all its bots among them, to a collector. */
export const layerMetrics = (endpoint: string) =>
  Layer.effectDiscard(
    Effect.flatMap(makeGatherProcess, (gather) =>
      every("metrics of the process", metricsPeriod)(gather),
    ),
  ).pipe(
    Layer.merge(
      OtlpMetrics.layer({
        url: `${endpoint}/v1/metrics`,
        resource,
        exportInterval: metricsPeriod,
        shutdownTimeout,
      }).pipe(Layer.provide(exporting)),
    ),
  )

const shutdownTimeout = "1 second"

const exporting = Layer.mergeAll(
  OtlpExporter.layerFlusher,
  OtlpSerialization.layerJson,
  FetchHttpClient.layer,
)

/** The span without the words of failures. */
const tight = (span: Tracer.Span): Tracer.Span => {
  const end = span.end.bind(span)
  span.end = (at, exit) => end(at, Exit.isSuccess(exit) ? Exit.void : wordless(exit.cause))
  return span
}

const wordless = (cause: Cause.Cause<unknown>): Exit.Exit<never> =>
  Cause.hasInterruptsOnly(cause) ? Exit.interrupt() : Exit.die(new Failed(kindOf(cause)))

/** An error that has a kind and no stack. */
class Failed extends Error {
  override readonly name: string
  constructor(kind: string) {
    super(kind)
    this.name = kind
    this.stack = kind
  }
}

const kindOf = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.squash(cause)
  if (typeof error !== "object" || error === null) return "unknown"
  if ("_tag" in error && typeof error._tag === "string") return error._tag
  return error instanceof Error ? error.name : "unknown"
}
