/**
 * The whole outside world on one local port: Telegram, Google Sheets, the control API, the page.
 *
 * It binds to this machine only, and answers only requests that were meant for it: a web page
 * from elsewhere that is open in the same browser may not drive it.
 */
import { createServer } from "node:http"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { ByteSize, Context, Effect, Layer, Option, Path, Predicate, Schema } from "effect"
import {
  FetchHttpClient,
  type Headers,
  HttpIncomingMessage,
  HttpRouter,
  HttpServer,
  HttpServerRequest,
  HttpServerResponse,
  HttpStaticServer,
} from "effect/http"
import { Calls } from "./Calls.ts"
import { Changes } from "./Changes.ts"
import type { SampleCompany } from "./companies/SampleCompany.ts"
import { Company } from "./Company.ts"
import { chatRoutes } from "./control/chatRoutes.ts"
import { playgroundRoutes } from "./control/playgroundRoutes.ts"
import { replicaRoutes } from "./control/replicaRoutes.ts"
import { sceneRoutes } from "./control/sceneRoutes.ts"
import { sheetRoutes } from "./control/sheetRoutes.ts"
import { Faults } from "./Faults.ts"
import { BotHandle } from "./BotHandle.ts"
import { SceneRunner } from "./scenes/SceneRunner.ts"
import { sheetsApiRoutes } from "./SheetsEmulator.ts"
import { Workbooks } from "./spreadsheets/Workbooks.ts"
import { telegramApiRoutes } from "./TelegramEmulator.ts"
import { Chats } from "./telegram/Chats.ts"
import * as WebhookPush from "./telegram/WebhookPush.ts"

export class PlaygroundError extends Schema.TaggedError<PlaygroundError>()("PlaygroundError", {
  port: Schema.Int,
  /** The code of the operating system, such as EADDRINUSE. */
  code: Schema.String,
}) {
  override get message() {
    return this.code === "EADDRINUSE"
      ? `Port ${this.port} is in use by another program: stop it, or set PLAYGROUND_PORT to a free port.`
      : `The playground cannot listen on port ${this.port} (${this.code}): set PLAYGROUND_PORT to another port.`
  }
}

interface Options {
  /** 0 takes any free port. */
  readonly port: number
  /** The only bot token that the emulated Telegram knows. */
  readonly token: string
  /** What a fresh world begins with; the first of the companies where it is absent. */
  readonly company?: SampleCompany
}

export class Playground extends Context.Service<
  Playground,
  {
    /** Where the page, both APIs and the control API are: `http://127.0.0.1:8080`. */
    readonly url: string
    readonly port: number
  }
>()("account-bot/playground/Playground") {
  static readonly layer = ({ port, token, company }: Options) => {
    const server = NodeHttpServer.layer(makeServer, {
      host: "127.0.0.1",
      port,
      gracefulShutdownTimeout: "200 millis",
    }).pipe(Layer.catchTag("ServeError", ({ cause }) => refuse(port, cause)))
    const routes = Layer.mergeAll(
      telegramApiRoutes(token),
      sheetsApiRoutes,
      controlRoutes,
      page,
      onlyLocal,
    )
    return HttpRouter.serve(routes, { disableListenLog: true, disableLogger: true }).pipe(
      Layer.merge(WebhookPush.layer),
      Layer.provideMerge(address),
      Layer.provide([server, FetchHttpClient.layer]),
      Layer.provideMerge(worldOf(Option.fromUndefinedOr(company))),
      // The layer of the changes is shared by its reference with the world.
      Layer.provideMerge(BotHandle.layer.pipe(Layer.provide(Changes.layer))),
    )
  }
}

/**
 * The server listens before its routes are there: a request that comes in between is refused at
 * once, or it would never be answered.
 */
const makeServer = () => {
  const server = createServer()
  server.on("request", (_request, response) => {
    if (server.listenerCount("request") > 1) return
    response.writeHead(503, { connection: "close" }).end()
  })
  return server
}

const address = Layer.effect(
  Playground,
  Effect.map(HttpServer.HttpServer, ({ address: bound }) => {
    const port = "port" in bound ? bound.port : 0
    return Playground.of({ url: `http://127.0.0.1:${port}`, port })
  }),
)

const emulators = Layer.mergeAll(Chats.layer, Workbooks.layer).pipe(
  Layer.provide(Changes.layerWorld),
)
const worldOf = (company: Option.Option<SampleCompany>) =>
  Layer.mergeAll(Company.layer(company), Faults.layer).pipe(
    Layer.provideMerge(emulators),
    Layer.provideMerge(Changes.layerCalls.pipe(Layer.provide(Calls.layer))),
    Layer.provideMerge(Changes.layer),
  )

/** The control API, `/sim/…`, for tests and for the page; docs/control-api.md describes it. */
const controlRoutes = Layer.mergeAll(
  chatRoutes,
  sheetRoutes,
  playgroundRoutes,
  replicaRoutes,
  sceneRoutes,
).pipe(Layer.provide(SceneRunner.layer))

const page = Layer.unwrap(
  Effect.map(Path.Path, (path) =>
    HttpStaticServer.layer({
      root: path.join(import.meta.dirname, "page"),
      cacheControl: "no-store",
    }),
  ),
)

const refuse = <A>(port: number, cause: unknown): Layer.Layer<A, PlaygroundError> => {
  const known = Predicate.hasProperty(cause, "code") && typeof cause.code === "string"
  return Layer.effectContext(
    Effect.fail(new PlaygroundError({ port, code: known ? String(cause.code) : "unknown" })),
  )
}

/** Refuses requests by another name than a local one, and those of pages from elsewhere. */
const onlyLocal = HttpRouter.middleware(
  (handler) =>
    Effect.gen(function* () {
      const { headers, url } = yield* HttpServerRequest.HttpServerRequest
      const { host = "", origin } = headers
      if (!localName.test(host)) return refused("this name is not a local one")
      const isForeign = origin !== undefined && origin !== `http://${host}`
      if (isForeign || isFromElsewhere(headers, url)) return refused("not from this page")
      const response = yield* Effect.provideService(
        handler,
        HttpIncomingMessage.MaxBodySize,
        largestBody,
      )
      return HttpServerResponse.setHeaders(response, {
        "content-security-policy": "default-src 'self'; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
      })
    }),
  { global: true },
)

/**
 * Whether a page from elsewhere makes the browser ask, as a picture or a link of it does: such a
 * request has no origin, and Telegram's methods obey to GET. The page itself may be linked to.
 */
const isFromElsewhere = (headers: Headers.Headers, url: string): boolean => {
  const site = headers["sec-fetch-site"]
  if (site === undefined || site === "same-origin" || site === "none") return false
  return url !== "/" || headers["sec-fetch-mode"] !== "navigate"
}

const localName = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/

const refused = (error: string) => HttpServerResponse.jsonUnsafe({ error }, { status: 403 })

/** More than a photo or a full batch of rows takes. */
const largestBody = ByteSize.mebibytes(12)
