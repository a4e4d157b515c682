/**
 * The demo: the same program as `npm start`, against emulators of Telegram and Google on this
 * machine, under a clock that can be moved. `npm run demo` starts it by way of src/supervisor.ts.
 */
import { generateKeyPair } from "node:crypto"
import { flushCompileCache } from "node:module"
import {
  ConfigProvider,
  Console,
  Context,
  Effect,
  Exit,
  Fiber,
  FileSystem,
  Layer,
  Option,
  Path,
  Queue,
  Ref,
  Scope,
  Stream,
} from "effect"
import { ChildProcessSpawner } from "effect/process"
import { Settings, type SettingsError } from "../config/Settings.ts"
import { CaughtUp } from "../observe/CaughtUp.ts"
import * as Logging from "../observe/Logging.ts"
import { Restart } from "../observe/Restart.ts"
import { Playground } from "../playground/Playground.ts"
import { companyNamed } from "../playground/companies.ts"
import type { SampleCompany } from "../playground/companies/SampleCompany.ts"
import { Company, savedCompany } from "../playground/Company.ts"
import { PlaygroundClock } from "../playground/PlaygroundClock.ts"
import { BotHandle } from "../playground/BotHandle.ts"
import { World } from "../playground/World.ts"
import type { StorageUnavailable } from "../store/Journal.ts"
import { untilDisowned } from "../store/Ownership.ts"
import { Refill } from "../scheduler/Refill.ts"
import type { PoolsView } from "../playground/PoolsView.ts"
import { makeIsWaiting, makePoolsReader, poolChanges } from "./readPools.ts"
import { DatabaseTime, observedProgram } from "./bot.ts"

/** The only token the emulated Telegram knows. */
const token = "7900000001:demo-token-that-opens-nothing"

/** A service account that exists nowhere, with a key made for this run: a short one, at once. */
const makeCredentials = Effect.callback<string>((resume) => {
  generateKeyPair(
    "rsa",
    {
      modulusLength: 1024,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    },
    (error, _publicKey, privateKey) => {
      const credentials = {
        type: "service_account",
        client_email: "bot@demo.example.com",
        private_key: privateKey,
      }
      resume(error === null ? Effect.succeed(JSON.stringify(credentials)) : Effect.die(error))
    },
  )
})

/** The environment's settings, with those of the outside world replaced. */
const settingsWith = (values: Record<string, string>) =>
  Settings.layer.pipe(
    Layer.provide(
      ConfigProvider.layerAdd(
        ConfigProvider.fromUnknown({
          BOT_TOKEN: token,
          SPREADSHEET_ACCOUNTS: "demo-accounts",
          SPREADSHEET_ISSUED: "demo-issued",
          ...values,
        }),
        { asPrimary: true },
      ),
    ),
  )

interface PoolsReader {
  readonly view: Effect.Effect<PoolsView>
  readonly isWaiting: Effect.Effect<boolean>
}

/** Removes the rows of the demo from the Postgres of DATABASE_URL, if it has any there. */
const forgetRows = Effect.fnUntraced(function* ({
  databaseUrl,
  botName: bot,
}: Pick<Settings["Service"], "databaseUrl" | "botName">) {
  if (Option.isNone(databaseUrl)) return
  const { forgetBot } = yield* Effect.promise(() => import("../store/postgres/forgetBot.ts"))
  yield* forgetBot({ url: databaseUrl.value, bot: demoNameOf(bot) })
})

/** No demo works with the rows of a bot that is none. */
const demoNameOf = (bot: string) => `demo-${bot}`.slice(0, 64)

/** Starts the program, and starts it afresh when the page asks for a fresh world. */
const play = Effect.fnUntraced(function* (
  directory: string,
  settingsFor: (company: SampleCompany) => Layer.Layer<Settings, SettingsError>,
  isSupervised: boolean,
  forgetInDatabase: Effect.Effect<void, StorageUnavailable>,
) {
  const fs = yield* FileSystem.FileSystem
  const bot = yield* BotHandle
  const company = yield* Company
  const ready = yield* Ref.make(false)
  const stocked = yield* Ref.make(false)
  const running = yield* Ref.make(yield* Scope.make())
  const reader = yield* Ref.make(Option.none<PoolsReader>())

  const platform = yield* Effect.context<
    FileSystem.FileSystem | Path.Path | BotHandle | ChildProcessSpawner.ChildProcessSpawner
  >()

  const restarts = yield* Queue.unbounded<void>()
  const restart = Layer.succeed(Restart, {
    ask: Effect.asVoid(Queue.offer(restarts, undefined)),
    isAsked: Effect.succeed(false),
  })

  const start = Effect.gen(function* () {
    const scope = yield* Scope.make()
    const botSettings = settingsFor(yield* company.current)
    yield* Ref.set(running, scope)
    const context = yield* Layer.buildWithScope(
      observedProgram.pipe(
        Layer.provideMerge(Logging.layer),
        Layer.provideMerge(botSettings),
        Layer.provide(Layer.merge(restart, Layer.succeed(DatabaseTime, false))),
      ),
      scope,
    )
    const make = Effect.all({ view: makePoolsReader, isWaiting: makeIsWaiting })
    const made = yield* Effect.provideContext(make, context)
    const view = Effect.provideContext(made.view, context)
    yield* Ref.set(reader, Option.some({ view, isWaiting: made.isWaiting }))
    yield* poolChanges.pipe(
      Stream.runForEach(() => bot.poolsChanged),
      Effect.provideContext(context),
      Effect.forkIn(scope),
    )
    yield* Context.get(context, CaughtUp).wait.pipe(
      Effect.andThen(Ref.set(ready, true)),
      Effect.andThen(Context.get(context, Refill).filled),
      Effect.andThen(Ref.set(stocked, true)),
      // A demo is often killed, and only a process that ends by itself writes down what it compiled.
      Effect.andThen(Effect.sync(flushCompileCache)),
      Effect.forkIn(scope),
    )
  })
  const stop = Effect.gen(function* () {
    yield* Ref.set(ready, false)
    yield* Ref.set(stocked, false)
    yield* Ref.set(reader, Option.none())
    yield* Scope.close(yield* Ref.get(running), Exit.void)
  })
  const forget = Effect.gen(function* () {
    yield* forgetInDatabase
    for (const entry of yield* fs.readDirectory(directory)) {
      if (entry !== worldDirectory) {
        yield* fs.remove(`${directory}/${entry}`, { recursive: true, force: true })
      }
    }
  })

  yield* Effect.addFinalizer(() => stop)
  const hooks = {
    ready: Ref.get(ready),
    stocked: Ref.get(stocked),
    ...(isSupervised && { kill }),
  }
  // The page is served by now, and what it shows may be killed before the bot is there.
  yield* bot.attach(hooks)
  yield* start
  // Outside of what is stopped: the program that asks for it ends on the way.
  yield* Queue.take(restarts).pipe(
    Effect.andThen(stop),
    Effect.andThen(start),
    Effect.forever,
    Effect.forkScoped,
  )
  yield* bot.attach({
    ...hooks,
    pools: Effect.flatMap(Ref.get(reader), (now) =>
      Effect.transposeOption(Option.map(now, ({ view }) => view)),
    ),
    isWaiting: Effect.flatMap(
      Ref.get(reader),
      Option.match({
        onNone: () => Effect.succeed(false),
        onSome: ({ isWaiting }) => isWaiting,
      }),
    ),
    reset: (clear) =>
      stop.pipe(
        Effect.andThen(forget),
        Effect.andThen(clear),
        Effect.andThen(start),
        Effect.orDie,
        Effect.provideContext(platform),
      ),
  })
})

const kill = Effect.sync(() => {
  process.kill(process.pid, "SIGKILL")
})

/** Done when the process that started this one is gone. */
const supervisorGone = Effect.callback<void>((resume) => {
  const end = () => resume(Effect.void)
  if (process.connected) process.once("disconnect", end)
  else end()
})

/** Beside the bot's own files in `data/demo`: what the emulators remember. */
const worldDirectory = "world"

export interface Flags {
  readonly reset: boolean
  readonly admins: string
  readonly company: Option.Option<string>
  /** Whether another process starts this one again when it is killed, and has done so by now. */
  readonly supervised: Option.Option<"first" | "again">
}

/** Runs until it is stopped, or a demo of the same name takes its rows in Postgres over. */
export const runDemo = (flags: Flags) => untilDisowned(playing(flags))

const playing = Effect.fnUntraced(function* ({ reset, admins, company, supervised }: Flags) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  // A key takes its time, in which the page can be served.
  const credentials = yield* Effect.forkChild(makeCredentials, { startImmediately: true })
  const own = { GOOGLE_CREDENTIALS_JSON: "being made", ADMIN_ID: admins }
  const settings = yield* Effect.provide(Settings, settingsWith(own))
  const { dataDir, playgroundPort } = settings
  const forgetInDatabase = forgetRows(settings)
  const directory = path.join(dataDir, "demo")
  const files = World.layerFiles(path.join(directory, worldDirectory))
  const isAgain = Option.contains(supervised, "again")
  const wanted = Option.flatMap(company, (id) => Option.fromUndefinedOr(companyNamed(id)))
  const saved = yield* Effect.provide(savedCompany, files)
  const isOther = Option.isSome(wanted) && Option.exists(saved, ({ id }) => id !== wanted.value.id)
  if ((reset || isOther) && !isAgain) {
    yield* forgetInDatabase
    yield* fs.remove(directory, { recursive: true, force: true })
  }

  const outside = Playground.layer({
    port: playgroundPort,
    token,
    ...(Option.isSome(wanted) && { company: wanted.value }),
  }).pipe(
    Layer.provideMerge(PlaygroundClock.layer),
    // A layer of its own: the directory is another one after a reset.
    Layer.provideMerge(World.layerFiles(path.join(directory, worldDirectory))),
  )
  return yield* Effect.gen(function* () {
    const { url } = yield* Playground
    const key = yield* Fiber.join(credentials)
    const settingsFor = ({ settings: ofCompany }: SampleCompany) =>
      settingsWith({
        ...own,
        ...ofCompany,
        BOT_NAME: demoNameOf(settings.botName),
        GOOGLE_CREDENTIALS_JSON: key,
        DATA_DIR: directory,
        TELEGRAM_API_ROOT: url,
        SHEETS_ROOT_URL: url,
      })
    yield* play(directory, settingsFor, Option.isSome(supervised), forgetInDatabase)
    const { people } = yield* (yield* Company).current
    const [boss, ...others] = people.map(({ firstName }) => firstName)
    yield* Console.log(
      [
        `Account Bot, demo: ${url}`,
        `Chat there as ${boss} (admin), ${others.join(" or ")}: /start, a nickname, approve it, and take something.`,
        `What happens is kept in ${directory}; start with -- --reset to begin afresh. Ctrl+C stops.`,
      ].join("\n"),
    )
    yield* Option.isSome(supervised) ? supervisorGone : Effect.never
  }).pipe(Effect.scoped, Effect.provide(outside))
})
