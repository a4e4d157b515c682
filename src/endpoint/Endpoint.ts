/**
 * What the program answers over HTTP, where HTTP_PORT asks for it: /healthz, /readyz, /metrics, and
 * Telegram where a webhook is set.
 *
 * The port listens on every address, because whoever watches a container from outside asks
 * /healthz, and so does Telegram or what stands before it. All other paths exist only for requests that came in on HTTP_HOST, which is this machine
 * by default: to everybody else they are not there.
 */
import { createHash, timingSafeEqual } from "node:crypto"
import { createServer, IncomingMessage } from "node:http"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import {
  ByteSize,
  Context,
  Duration,
  Effect,
  Layer,
  Option,
  Predicate,
  Redacted,
  Ref,
  Schema,
} from "effect"
import {
  HttpIncomingMessage,
  HttpRouter,
  HttpServer,
  HttpServerRequest,
  HttpServerResponse,
} from "effect/http"
import { PrometheusMetrics } from "effect/observability"
import { Intake, IntakeStopped } from "../bot/Intake.ts"
import { ownPaths, Settings } from "../config/Settings.ts"
import { asHere } from "../observe/asBot.ts"
import { countingEvents, makeGather, makeGatherProcess } from "./figures.ts"
import { makeReadiness } from "./readiness.ts"

/** The program cannot listen on HTTP_PORT. */
export class EndpointError extends Schema.TaggedError<EndpointError>()("EndpointError", {
  port: Schema.Int,
  /** The code of the operating system, such as EADDRINUSE. */
  code: Schema.String,
}) {
  override get message() {
    return this.code === "EADDRINUSE"
      ? `HTTP_PORT: port ${this.port} is in use by another program: stop it, or set HTTP_PORT to a free port`
      : `HTTP_PORT: the program cannot listen on port ${this.port} (${this.code}): set another port`
  }
}

/** Where Telegram brings the updates of a bot. */
export interface Webhook {
  readonly secret: Redacted.Redacted
  /** Keeps the update; it is durable then. A failure has Telegram bring it again. */
  readonly take: Intake["Service"]["take"]
}

/** What is answered over HTTP, besides that the process is alive. */
export interface Answers {
  readonly readiness: Effect.Effect<{ readonly ready: boolean }>
  /** Brings the gauges up to date. */
  readonly gather: Effect.Effect<void>
  /** The one that stands at the path; `undefined` where none does. */
  webhookAt(path: string): Effect.Effect<Webhook | undefined>
}

/** Where the program listens: from the very start, which may wait for Telegram as long as it likes. */
export class Endpoint extends Context.Service<
  Endpoint,
  {
    readonly port: number
    /** Gives these answers from now on. */
    attach(answers: Answers): Effect.Effect<void>
  }
>()("account-bot/endpoint/Endpoint") {
  /** Listens on `port`; 0 takes any free one. `first`: what is answered until there is more to say. */
  static readonly layer = (port: number, first: Answers) => {
    const server = NodeHttpServer.layer(createServer, {
      port,
      gracefulShutdownTimeout: "200 millis",
    }).pipe(Layer.catchTag("ServeError", ({ cause }) => refuse(port, cause)))
    return HttpRouter.serve(Layer.mergeAll(routes, onlyHere), {
      disableListenLog: true,
      disableLogger: true,
    }).pipe(
      Layer.provideMerge(address),
      Layer.provideMerge(Layer.effect(Attached, Ref.make(first))),
      Layer.provide(server),
    )
  }

  /** For the program of one bot, which is alive and not ready until its answers are given. */
  static readonly layerOne = (port: number) =>
    Layer.unwrap(
      Effect.map(Settings, (settings) =>
        Endpoint.layer(port, { ...starting, webhookAt: webhookOf(settings, () => soon) }),
      ),
    )

  /** Gives the answers of that program. */
  static readonly layerProgram = Layer.effectDiscard(
    Effect.gen(function* () {
      const { attach } = yield* Endpoint
      const { take } = yield* Intake
      const settings = yield* Settings
      const speaking = yield* asHere
      yield* attach({
        readiness: speaking(yield* makeReadiness),
        gather: Effect.andThen(speaking(yield* makeGather), yield* makeGatherProcess),
        webhookAt: webhookOf(settings, (update) => speaking(take(update))),
      })
    }),
  ).pipe(Layer.merge(countingEvents))
}

/** Who answers now. */
class Attached extends Context.Service<Attached, Ref.Ref<Answers>>()(
  "account-bot/endpoint/Endpoint/Attached",
) {}

/** The program is not built yet: it reads its journal, or waits for Telegram. */
export const starting = {
  readiness: Effect.succeed({ ready: false, checks: {} }),
  gather: Effect.void,
} as const

/** Telegram is to bring the update once more. */
const soon = Effect.fail(new IntakeStopped())

const webhookOf = (
  { webhookUrl, webhookSecret }: Pick<Settings["Service"], "webhookUrl" | "webhookSecret">,
  take: Webhook["take"],
): Answers["webhookAt"] => {
  const webhook = Option.map(Option.all([webhookUrl, webhookSecret]), ([url, secret]) => ({
    path: new URL(url).pathname,
    secret,
    take,
  }))
  return (path) =>
    Effect.succeed(Option.getOrUndefined(Option.filter(webhook, (each) => each.path === path)))
}

const address = Layer.effect(
  Endpoint,
  Effect.gen(function* () {
    const { address: bound } = yield* HttpServer.HttpServer
    const attached = yield* Attached
    return Endpoint.of({
      port: "port" in bound ? bound.port : 0,
      attach: (answers) => Ref.set(attached, answers),
    })
  }),
)

const refuse = <A>(port: number, cause: unknown): Layer.Layer<A, EndpointError> => {
  const known = Predicate.hasProperty(cause, "code") && typeof cause.code === "string"
  return Layer.effectContext(
    Effect.fail(new EndpointError({ port, code: known ? String(cause.code) : "unknown" })),
  )
}

const routes = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    const attached = yield* Attached

    yield* router.add("GET", ownPaths.alive, Effect.succeed(HttpServerResponse.text("alive\n")))
    yield* router.add(
      "GET",
      ownPaths.ready,
      Ref.get(attached).pipe(
        Effect.flatMap(({ readiness }) => readiness),
        Effect.map((found) =>
          HttpServerResponse.jsonUnsafe(found, { status: found.ready ? 200 : 503 }),
        ),
      ),
    )
    yield* router.add(
      "GET",
      ownPaths.metrics,
      Ref.get(attached).pipe(
        Effect.flatMap(({ gather }) => gather),
        Effect.andThen(PrometheusMetrics.format()),
        Effect.map((text) =>
          HttpServerResponse.text(text, { contentType: "text/plain; version=0.0.4" }),
        ),
      ),
    )
    // A path of characters that a router reads in its own way would lead elsewhere.
    yield* router.add("POST", "/*", Effect.flatMap(Ref.get(attached), takeUpdate))
  }),
)

/**
 * Answers Telegram. 200 means that the update is durable; anything else has Telegram send it again
 * later, for a day.
 */
const takeUpdate = Effect.fnUntraced(function* ({ webhookAt }: Answers) {
  const { url, headers } = yield* HttpServerRequest.HttpServerRequest
  const webhook = yield* webhookAt(pathOf(url))
  if (webhook === undefined) return answer(404)
  const said = digestOf(headers["x-telegram-bot-api-secret-token"] ?? "")
  if (!timingSafeEqual(said, digestOf(Redacted.value(webhook.secret)))) return answer(401)
  const body = yield* HttpServerRequest.HttpServerRequest.use(({ json }) => json).pipe(
    Effect.provideService(HttpIncomingMessage.MaxBodySize, largestUpdate),
    Effect.option,
  )
  if (Option.isNone(body)) return answer(400)
  return yield* webhook.take(body.value).pipe(
    Effect.as(answer(200)),
    Effect.timeoutOption(takenWithin),
    Effect.map(Option.getOrElse(() => later)),
    Effect.catch(() => Effect.succeed(later)),
  )
})

const answer = (status: number) => HttpServerResponse.empty({ status })

const later = HttpServerResponse.empty({ status: 503, headers: { "retry-after": "1" } })

/** Digests are compared, so that neither length nor time says anything of the secret. */
const digestOf = (text: string) => createHash("sha256").update(text).digest()

/** Updates take some kilobytes. */
const largestUpdate = ByteSize.mebibytes(1)

/** Telegram gives up a delivery after some time, and it comes again. */
const takenWithin = Duration.seconds(20)

const pathOf = (url: string) => url.split("?", 1)[0] ?? ""

/** To a request that came in on another address than HTTP_HOST only the open paths are there. */
const onlyHere = HttpRouter.middleware(
  Effect.gen(function* () {
    const { httpHost } = yield* Settings
    const attached = yield* Attached
    const isEverywhere = httpHost === "0.0.0.0" || httpHost === "::"
    return (handler) =>
      Effect.gen(function* () {
        const request = yield* HttpServerRequest.HttpServerRequest
        const path = pathOf(request.url)
        const isOpen =
          path === ownPaths.alive ||
          (yield* (yield* Ref.get(attached)).webhookAt(path)) !== undefined ||
          isEverywhere ||
          cameInOn(request) === httpHost
        return isOpen ? yield* handler : HttpServerResponse.empty({ status: 404 })
      })
  }),
  { global: true },
)

/** The address of this machine that the connection was made to. */
const cameInOn = ({ source }: HttpServerRequest.HttpServerRequest): string | undefined =>
  source instanceof IncomingMessage
    ? source.socket.localAddress?.replace(/^::ffff:/, "")
    : undefined
