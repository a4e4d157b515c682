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
  Schema,
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

/** The settings of the outside world. */
const emulated = {
  BOT_TOKEN: token,
  SPREADSHEET_ACCOUNTS: "demo-accounts",
  SPREADSHEET_ISSUED: "demo-issued",
}

/** The environment's settings, with these in the place of what it has. */
const settingsWith = (values: Readonly<Record<string, string>>) =>
  Settings.layer.pipe(
    Layer.provide(ConfigProvider.layerAdd(ConfigProvider.fromUnknown(values), { asPrimary: true })),
  )

interface PoolsReader {
  readonly view: Effect.Effect<PoolsView>
  readonly isWaiting: Effect.Effect<boolean>
}

/** Removes the rows of the demo from the Postgres of DATABASE_URL, if it has any there. */
const forgetRows = Effect.fnUntraced(function* ({
  databaseUrl,
  bot,
}: Pick<Settings["Service"], "databaseUrl"> & { readonly bot: string }) {
  if (Option.isNone(databaseUrl)) return
  const { forgetBot } = yield* Effect.promise(() => import("../store/postgres/forgetBot.ts"))
  yield* forgetBot({ url: databaseUrl.value, bot })
})

/** Removes the files of the bot, and none of the emulators. */
const forgetFiles = Effect.fnUntraced(function* (directory: string) {
  const fs = yield* FileSystem.FileSystem
  for (const entry of yield* fs.readDirectory(directory)) {
    if (entry !== worldDirectory) {
      yield* fs.remove(`${directory}/${entry}`, { recursive: true, force: true })
    }
  }
}, Effect.orDie)

/** Starts the program, and starts it afresh when the page asks for a fresh world. */
const play = Effect.fnUntraced(function* (
  settingsFor: (company: SampleCompany) => Layer.Layer<Settings, SettingsError>,
  isSupervised: boolean,
  forget: Effect.Effect<void, StorageUnavailable>,
) {
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
      Stream.runForEach(() => bot.changed),
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

/** Beside the bot's own files in the directory of the demo: what the emulators remember. */
const worldDirectory = "world"

export interface Flags {
  readonly reset: boolean
  readonly admins: string
  readonly company: Option.Option<string>
  /** In how many processes of its own the bot runs; in that of the demo if there are none. */
  readonly replicas: Option.Option<number>
  /** Whether another process starts this one again when it is killed, and has done so by now. */
  readonly supervised: Option.Option<"first" | "again">
}

/** Runs until it is stopped, or a demo of the same name takes its rows in Postgres over. */
export const runDemo = (flags: Flags) => untilDisowned(playing(flags))

/** There is no database that the replicas could share. */
class ReplicasRefused extends Schema.TaggedError<ReplicasRefused>()("ReplicasRefused", {}) {
  override get message() {
    return "--replicas needs a Postgres, which the replicas share: set DATABASE_URL, e.g. DATABASE_URL=postgresql://bot:password@127.0.0.1/bots"
  }
}

/**
 * Names the directory of the demo and the bot whose rows it uses. A demo with replicas has its own: its
 * clock was never moved. Only rows of a demo are ever touched.
 */
const placesOf = ({ dataDir, botName }: Settings["Service"], isReplicated: boolean) => {
  const name = isReplicated ? "demo-replicas" : "demo"
  return { directory: `${dataDir}/${name}`, bot: `${name}-${botName}`.slice(0, 64) }
}

const playing = Effect.fnUntraced(function* (flags: Flags) {
  const { admins, company, supervised, replicas } = flags
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  // A key takes its time, in which the page can be served.
  const credentials = yield* Effect.forkChild(makeCredentials, { startImmediately: true })
  const own = { ...emulated, GOOGLE_CREDENTIALS_JSON: "being made", ADMIN_ID: admins }
  const settings = yield* Effect.provide(Settings, settingsWith(own))
  const { databaseUrl, playgroundPort } = settings
  if (Option.isSome(replicas) && Option.isNone(databaseUrl)) return yield* new ReplicasRefused()
  const { directory, bot } = placesOf(settings, Option.isSome(replicas))
  const forgetInDatabase = forgetRows({ databaseUrl, bot })
  const files = World.layerFiles(path.join(directory, worldDirectory))
  const isAgain = Option.contains(supervised, "again")
  const wanted = Option.flatMap(company, (id) => Option.fromUndefinedOr(companyNamed(id)))
  const saved = yield* Effect.provide(savedCompany, files)
  const isOther = Option.isSome(wanted) && Option.exists(saved, ({ id }) => id !== wanted.value.id)
  if ((flags.reset || isOther) && !isAgain) {
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
    const valuesFor = ({ settings: ofCompany }: SampleCompany) => ({
      ...own,
      ...ofCompany,
      BOT_NAME: bot,
      GOOGLE_CREDENTIALS_JSON: key,
      DATA_DIR: directory,
      TELEGRAM_API_ROOT: url,
      SHEETS_ROOT_URL: url,
    })
    const forget = Effect.andThen(
      forgetInDatabase,
      Effect.provideService(forgetFiles(directory), FileSystem.FileSystem, fs),
    )
    if (Option.isSome(replicas) && Option.isSome(databaseUrl)) {
      const { playReplicas } = yield* Effect.promise(() => import("./replicas/playReplicas.ts"))
      yield* playReplicas({
        count: replicas.value,
        databaseUrl: databaseUrl.value,
        valuesFor,
        directory,
        forget,
      })
    } else {
      const settingsFor = (played: SampleCompany) => settingsWith(valuesFor(played))
      yield* play(settingsFor, Option.isSome(supervised), forget)
    }
    const { people } = yield* (yield* Company).current
    const [boss, ...others] = people.map(({ firstName }) => firstName)
    yield* Console.log(
      [
        `Account Bot, demo: ${url}`,
        `Chat there as ${boss} (admin), ${others.join(" or ")}: /start, a nickname, approve it, and take something.`,
        ...Option.match(replicas, {
          onNone: () => [],
          onSome: (count) => [
            `${count} replicas share the bot: kill one on the page, and go on chatting.`,
          ],
        }),
        `What happens is kept in ${directory}; start with -- --reset to begin afresh. Ctrl+C stops.`,
      ].join("\n"),
    )
    yield* Option.isSome(supervised) ? supervisorGone : Effect.never
  }).pipe(Effect.scoped, Effect.provide(outside))
})
