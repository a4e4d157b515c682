/**
 * Every figure that the program keeps about itself, under the names that /metrics and OTLP give it
 * (`account_bot_` stands before each). Labels hold ids of the catalogue, names of methods and kinds
 * of outcomes: never a person, an item or a text that somebody typed.
 *
 * Counters begin anew with each process. Gauges are set when somebody asks, by endpoint/figures.ts.
 */
import { Effect, Metric } from "effect"

/** Labels by name. */
type Labels = Readonly<Record<string, string>>

const named = (name: string) => `account_bot_${name}`

const counter = (name: string, description: string) =>
  Metric.counter(named(name), { description, incremental: true })

const gauge = (name: string, description: string) => Metric.gauge(named(name), { description })

/** From half a millisecond to a minute, each bound about twice the one before. */
const seconds = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
]

const histogram = (name: string, description: string) =>
  Metric.histogram(named(name), { description, boundaries: seconds })

/** What is counted as it happens. */
export const counters = {
  issued: counter("issued_total", "Items issued, by resource and variant"),
  confirmed: counter(
    "confirmed_total",
    "Statuses set, by resource, status and who set it: person or timer",
  ),
  askedEmpty: counter(
    "asked_empty_total",
    "Orders that found nothing in stock, by resource and variant",
  ),
  updates: counter("updates_total", "Updates that were handled"),
  requests: counter(
    "requests_total",
    "Calls by api (telegram, google), method and outcome: ok, or the kind of the failure",
  ),
} as const

/** What is measured as it happens, in seconds. */
export const histograms = {
  answer: histogram("answer_seconds", "From the arrival of an update to the end of its handling"),
  commit: histogram("commit_seconds", "One commit of the journal, synced to the disk"),
} as const

/** What is looked up when somebody asks. */
export const gauges = {
  items: gauge("items", "Items by resource, variant and place"),
  oldestPending: gauge(
    "oldest_pending_seconds",
    "Age of the oldest item without a status, by resource; 0 where there is none",
  ),
  oldestUnwritten: gauge(
    "flush_lag_seconds",
    "How long the oldest status waits to be written to the sheet, by resource; 0 where none does",
  ),
  setAside: gauge("set_aside", "Rows in quarantine by resource and reason"),
  queue: gauge("updates_in_work", "Updates that were taken and are not handled yet"),
  limiterTokens: gauge(
    "limiter_tokens",
    "Requests to Google that may still start within the minute, by kind: read, write",
  ),
  alarms: gauge("alarms", "Alarms that stand, by kind"),
  lineAge: gauge(
    "line_age_seconds",
    "Since when each line to the outside last worked: telegram, journal, heartbeat, sheets",
  ),
  loopLag: gauge(
    "event_loop_lag_seconds",
    "Delay of the event loop since the last look, by quantile: 0.5, 0.99, 1",
  ),
  journalBytes: gauge("journal_bytes", "Size of the journal's files, by file"),
  memoryBytes: gauge("resident_memory_bytes", "Memory of the process"),
  cpuSeconds: gauge("cpu_seconds", "Processor time of the process since its start"),
  startedAt: gauge("start_time_seconds", "When the process started, in seconds since the epoch"),
  info: gauge("info", "1, with the version of the program"),
} as const

/** What a replica knows of the bots that it shares with others, or has several of. */
export const replicaGauges = {
  databaseAnswers: gauge("database_answers", "1 where the database answers this replica, else 0"),
  botHere: gauge("bot_here", "1 where this replica runs the bot, else 0, by bot"),
  botFaulty: gauge("bot_faulty", "1 where the settings file of the bot is wrong, else 0, by bot"),
  handledAge: gauge(
    "handled_age_seconds",
    "Since the newest update of our own was put that any replica has handled, by bot",
  ),
} as const

const labelled = new Map<unknown, Map<string, Metric.Metric<number, unknown>>>()

/** The metric with these labels; the same object for the same labels, since calls are many. */
const withLabels = (
  metric: Metric.Metric<number, unknown>,
  labels: Labels,
): Metric.Metric<number, unknown> => {
  const key = Object.values(labels).join("\n")
  const known = labelled.get(metric) ?? new Map<string, Metric.Metric<number, unknown>>()
  const found = known.get(key) ?? Metric.withAttributes(metric, labels)
  labelled.set(metric, known.set(key, found))
  return found
}

/** Adds to a counter. */
export const count = (name: keyof typeof counters, labels: Labels = {}, by = 1) =>
  Metric.update(withLabels(counters[name], labels), by)

/** Sets a gauge. */
export const set = (name: keyof typeof gauges, value: number, labels: Labels = {}) =>
  Metric.update(withLabels(gauges[name], labels), value)

/** Sets a gauge of a replica. */
export const setOfReplica = (
  name: keyof typeof replicaGauges,
  value: number,
  labels: Labels = {},
) => Metric.update(withLabels(replicaGauges[name], labels), value)

/** Notes a duration in seconds. */
export const note = (name: keyof typeof histograms, value: number) =>
  Metric.update(histograms[name], value)

/**
 * Counts a call to the outside by how it ended; `kindOf` names a failure without its words, or says
 * that a refusal was an answer: ok.
 */
export const countingCalls =
  <E>(api: "telegram" | "google", method: string, kindOf: (error: E) => string) =>
  <A, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    self.pipe(
      Effect.tap(() => count("requests", { api, method, outcome: "ok" })),
      Effect.tapError((error) => count("requests", { api, method, outcome: kindOf(error) })),
    )
