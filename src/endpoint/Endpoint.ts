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
import { Intake } from "../bot/Intake.ts"
import { ownPaths, Settings } from "../config/Settings.ts"
import { countingEvents, makeGather } from "./figures.ts"
import { makeReadiness, type Readiness } from "./readiness.ts"

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

/** What is answered once the program is there. */
interface Answers {
  readonly readiness: Effect.Effect<Readiness>
  /** Brings the gauges up to date. */
  readonly gather: Effect.Effect<void>
  readonly take: Intake["Service"]["take"]
}

/** Where the program listens: from the very start, which may wait for Telegram as long as it likes. */
export class Endpoint extends Context.Service<
  Endpoint,
  {
    readonly port: number
    attach(answers: Answers): Effect.Effect<void>
  }
>()("account-bot/endpoint/Endpoint") {
  /** Listens on `port`; 0 takes any free one. */
  static readonly layer = (port: number) => {
    const server = NodeHttpServer.layer(createServer, {
      port,
      gracefulShutdownTimeout: "200 millis",
    }).pipe(Layer.catchTag("ServeError", ({ cause }) => refuse(port, cause)))
    return HttpRouter.serve(Layer.mergeAll(routes, onlyHere), {
      disableListenLog: true,
      disableLogger: true,
    }).pipe(Layer.provideMerge(address), Layer.provideMerge(Attached.layer), Layer.provide(server))
  }

  /** Gives the program's answers; until then it is alive and not ready. */
  static readonly layerProgram = Layer.effectDiscard(
    Effect.gen(function* () {
      const { attach } = yield* Endpoint
      const { take } = yield* Intake
      yield* attach({ readiness: yield* makeReadiness, gather: yield* makeGather, take })
    }),
  ).pipe(Layer.merge(countingEvents))
}

/** The answers of the program, where it has given them. */
class Attached extends Context.Service<Attached, Ref.Ref<Option.Option<Answers>>>()(
  "account-bot/endpoint/Endpoint/Attached",
) {
  static readonly layer = Layer.effect(Attached, Ref.make(Option.none<Answers>()))
}

const address = Layer.effect(
  Endpoint,
  Effect.gen(function* () {
    const { address: bound } = yield* HttpServer.HttpServer
    const attached = yield* Attached
    return Endpoint.of({
      port: "port" in bound ? bound.port : 0,
      attach: (answers) => Ref.set(attached, Option.some(answers)),
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
    const readiness = Effect.flatMap(Ref.get(attached), (answers) =>
      Option.match(answers, {
        onNone: () => Effect.succeed(starting),
        onSome: (program) => program.readiness,
      }),
    )
    const gather = Effect.flatMap(Ref.get(attached), (answers) =>
      Option.match(answers, { onNone: () => Effect.void, onSome: (program) => program.gather }),
    )

    yield* router.add("GET", ownPaths.alive, Effect.succeed(HttpServerResponse.text("alive\n")))
    yield* router.add(
      "GET",
      ownPaths.ready,
      Effect.map(readiness, (found) =>
        HttpServerResponse.jsonUnsafe(found, { status: found.ready ? 200 : 503 }),
      ),
    )
    yield* router.add(
      "GET",
      ownPaths.metrics,
      gather.pipe(
        Effect.andThen(PrometheusMetrics.format()),
        Effect.map((text) =>
          HttpServerResponse.text(text, { contentType: "text/plain; version=0.0.4" }),
        ),
      ),
    )
    const { webhookUrl, webhookSecret } = yield* Settings
    if (Option.isNone(webhookUrl) || Option.isNone(webhookSecret)) return
    const update = makeUpdateRoute(attached, webhookSecret.value)
    // A path of characters that a router reads in its own way would lead elsewhere.
    yield* router.add("POST", "/*", update(new URL(webhookUrl.value).pathname))
  }),
)

/**
 * Answers Telegram. 200 means that the update is durable; anything else has Telegram send it again
 * later, for a day.
 */
const makeUpdateRoute = (attached: Attached["Service"], secret: Redacted.Redacted) => {
  const expected = digestOf(Redacted.value(secret))

  const taken = Effect.gen(function* () {
    const program = yield* Ref.get(attached)
    if (Option.isNone(program)) return later
    const body = yield* Effect.option(HttpServerRequest.HttpServerRequest.use(({ json }) => json))
    if (Option.isNone(body)) return answer(400)
    return yield* program.value.take(body.value).pipe(
      Effect.as(answer(200)),
      Effect.timeoutOption(takenWithin),
      Effect.map(Option.getOrElse(() => later)),
      Effect.catch(() => Effect.succeed(later)),
    )
  }).pipe(Effect.provideService(HttpIncomingMessage.MaxBodySize, largestUpdate))

  return (path: string) =>
    Effect.gen(function* () {
      const { url, headers } = yield* HttpServerRequest.HttpServerRequest
      if (pathOf(url) !== path) return answer(404)
      const said = digestOf(headers["x-telegram-bot-api-secret-token"] ?? "")
      return timingSafeEqual(said, expected) ? yield* taken : answer(401)
    })
}

const answer = (status: number) => HttpServerResponse.empty({ status })

const later = HttpServerResponse.empty({ status: 503, headers: { "retry-after": "1" } })

/** Digests are compared, so that neither length nor time says anything of the secret. */
const digestOf = (text: string) => createHash("sha256").update(text).digest()

/** Updates take some kilobytes. */
const largestUpdate = ByteSize.mebibytes(1)

/** Telegram gives up a delivery after some time, and it comes again. */
const takenWithin = Duration.seconds(20)

const pathOf = (url: string) => url.split("?", 1)[0] ?? ""

/** The program is not built yet: it reads its journal, or waits for Telegram. */
const starting: Readiness | { readonly ready: false; readonly checks: Record<string, never> } = {
  ready: false,
  checks: {},
}

/** To a request that came in on another address than HTTP_HOST only the open paths are there. */
const onlyHere = HttpRouter.middleware(
  Effect.gen(function* () {
    const { httpHost, webhookUrl } = yield* Settings
    const open = new Set<string>([
      ownPaths.alive,
      ...Option.toArray(Option.map(webhookUrl, (url) => new URL(url).pathname)),
    ])
    const isEverywhere = httpHost === "0.0.0.0" || httpHost === "::"
    return (handler) =>
      Effect.gen(function* () {
        const request = yield* HttpServerRequest.HttpServerRequest
        const isOpen =
          open.has(pathOf(request.url)) || isEverywhere || cameInOn(request) === httpHost
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
