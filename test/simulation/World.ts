/**
 * The outside of one simulated run: what outlives a kill. Chats, spreadsheets, the disk.
 *
 * The production layers run over it in memory, under virtual time, each port call passing a fuse.
 */
import { Clock, Context, Duration, Effect, Exit, Layer, Option, Scope } from "effect"
import { type OpenParts, programWith } from "../../src/cli/program.ts"
import { Settings } from "../../src/config/Settings.ts"
import type { Resource } from "../../src/domain/Catalogue.ts"
import { shippedCatalogue } from "../../src/domain/shippedCatalogue.ts"
import type { CellInput, Seed } from "../../src/playground/spreadsheets/Seed.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { Chats } from "../../src/playground/telegram/Chats.ts"
import { World as Saved } from "../../src/playground/World.ts"
import { SheetsClient } from "../../src/sheets/SheetsClient.ts"
import { SheetsError } from "../../src/sheets/SheetsError.ts"
import { Journal, type Write } from "../../src/store/Journal.ts"
import * as WorkbooksClient from "../sheets/workbooksClient.ts"
import { type MemoryDisk, MemoryJournal } from "../store/MemoryJournal.ts"
import { type Fuse, type Kill, makeFuse, type Weather, type Witness } from "./Fuse.ts"
import * as MemoryFiles from "./memoryFiles.ts"
import * as TelegramPort from "./telegramPort.ts"
import { VirtualClock } from "./virtualTime.ts"

/** Something that people put into a tab, and that nobody but its holder may see. */
export interface Thing {
  readonly resource: string
  /** As the pool calls it; of a proxy the key of its endpoint with the password. */
  readonly key: string
  /** Of a proxy that gets another password: the key that it had before. */
  readonly former?: string
  /** How a chat shows it. */
  readonly text: string
  /** The row as somebody typed it, where it must look like that for ever. */
  readonly row?: ReadonlyArray<CellInput>
  /** What somebody wrote beside it, which must not get lost. */
  readonly note?: string
}

/** What a story begins with. */
export interface Stage {
  /** Ids in the shipped catalogue. */
  readonly resources: ReadonlyArray<string>
  /** Milliseconds since the epoch. */
  readonly startsAt: number
  readonly accounts: Seed["tabs"]
  readonly issued: Seed["tabs"]
  /** All that stands in the tabs. */
  readonly stock: ReadonlyArray<Thing>
  /** What nobody marks is marked after so many minutes. A short timer makes a short run. */
  readonly timerMinutes: number
}

export interface World {
  readonly chats: Chats["Service"]
  readonly workbooks: Workbooks["Service"]
  /** The chats and the spreadsheets as they are kept; another object after each change. */
  readonly saved: Saved["Service"]
  readonly disk: MemoryDisk
  readonly files: MemoryFiles.MemoryFiles
  readonly weather: Weather
  /** The time that all but the bot goes by. */
  readonly clock: Clock.Clock
  /** By how many milliseconds the clock of the bot's machine is wrong. */
  readonly wall: { wrong: number }
  /** Items that the timer marked sooner than it may. */
  readonly early: Array<string>
  /** How many looks in vain make somebody press again. */
  readonly patience: number
  readonly timerMinutes: number
  readonly resources: ReadonlyArray<Resource>
  /** What ever stood in a tab. */
  readonly stock: Array<Thing>
  /**
   * Tabs into which people inserted rows: whoever does that while rows are on their way back may
   * find them that much higher than they belong.
   */
  readonly inserted: Set<string>
  /** What people do to the base tabs in the moment in which the next write to them arrives. */
  readonly meanwhile: Array<Effect.Effect<void>>
  /** What any chat ever showed, by its key, with the chats that showed it. */
  readonly shown: Map<string, Set<number>>
}

export const admin = 1
export const ivan = 2
export const maria = 3

export const makeWorld = Effect.fnUntraced(function* (stage: Stage, patience: number) {
  yield* VirtualClock.use(({ setTime }) => setTime(stage.startsAt))
  const context = yield* Layer.build(
    Layer.merge(Chats.layer, Workbooks.layer).pipe(Layer.provideMerge(Saved.layerMemory)),
  )
  const chats = Context.get(context, Chats)
  const workbooks = Context.get(context, Workbooks)
  yield* workbooks.create("accounts", { title: "accounts", tabs: stage.accounts })
  yield* workbooks.create("issued", { title: "issued", tabs: stage.issued })
  for (const [id, firstName] of [
    [admin, "Ольга"],
    [ivan, "Иван"],
    [maria, "Мария"],
  ] as const) {
    yield* chats.addUser({ id, firstName })
  }
  yield* Effect.orDie(chats.say(admin, "/start"))
  const resources = shippedCatalogue.resources.filter(({ id }) => stage.resources.includes(id))
  const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
  const world: World = {
    chats,
    workbooks,
    saved: Context.get(context, Saved),
    disk: MemoryJournal.makeDisk(),
    files: new Map([
      [
        "data/whitelist.json",
        text({
          [ivan]: { stage: "ivan", is_approved: true },
          [maria]: { stage: "maria", is_approved: true },
        }),
      ],
      ["catalogue.json", text({ resources })],
    ]),
    weather: { loss: 0 },
    clock: yield* Clock.Clock,
    wall: { wrong: 0 },
    early: [],
    patience,
    timerMinutes: stage.timerMinutes,
    resources,
    stock: [...stage.stock],
    inserted: new Set(),
    meanwhile: [],
    shown: new Map(),
  }
  return world
})

/** What a program that is killed now leaves behind; equal parts while nothing has changed. */
export const outsideOf = Effect.fnUntraced(function* ({ saved, disk, files }: World) {
  const [telegram, sheets] = [yield* saved.load("telegram"), yield* saved.load("sheets")]
  // The sign of life is for people: no start reads it.
  const lasting = [...files].filter(([path]) => !path.includes("heartbeat"))
  return [
    Option.getOrUndefined(telegram),
    Option.getOrUndefined(sheets),
    disk.commits,
    ...lasting.flat(),
  ]
})

const settingsOf = ({ timerMinutes }: World) =>
  Settings.layerTest({
    autoConfirmTimeout: Duration.minutes(timerMinutes),
    dataDir: "data",
    catalogueFile: Option.some("catalogue.json"),
    spreadsheetAccounts: "accounts",
    spreadsheetIssued: "issued",
    loadBatchSize: 3,
    refillThreshold: 2,
  })

/** The journal, every call of which passes the fuse. */
const journalPort = (fuse: Fuse, world: World) => {
  const note = makeTimerWatch(world)
  return Layer.effect(
    Journal,
    Effect.map(Journal, (journal) =>
      Journal.of({
        ...journal,
        write: (writes) =>
          fuse.guard(
            `write ${writes.map(nameOf).join("+")}`,
            Effect.tap(journal.write(writes), () => note(writes)),
          ),
      }),
    ),
  ).pipe(Layer.provide(MemoryJournal.layer(world.disk)))
}

/**
 * Looks whether the timer of one process leaves the holders the time that it says, whatever the
 * clock of the machine is set to. A start goes by that clock.
 */
const makeTimerWatch = ({ clock, early, timerMinutes }: World) => {
  const issuedAt = new Map<string, number>()
  return (writes: ReadonlyArray<Write>) =>
    Effect.sync(() => {
      const now = clock.currentTimeMillisUnsafe()
      for (const event of writes.flatMap((write) =>
        write._tag === "PoolEvents" ? write.events : [],
      )) {
        if (event._tag === "Issued") {
          for (const { id } of event.issuances) issuedAt.set(id, now)
        }
        if (event._tag !== "Confirmed" || !event.mark.auto) continue
        const held = now - (issuedAt.get(event.id) ?? Number.NEGATIVE_INFINITY)
        if (held < timerMinutes * 60_000) early.push(`${event.id} was marked after ${held} ms`)
      }
    })
}

/** Of an intent also what it is for. */
const nameOf = (write: Write) =>
  write._tag === "IntentOpened" ? `${write._tag} ${write.intent.kind}` : write._tag

const sheetsPort = (fuse: Fuse, { workbooks, clock, meanwhile }: World) => {
  const busyHands = (spreadsheet: string) =>
    Effect.suspend(() =>
      spreadsheet === "accounts" ? Effect.all(meanwhile.splice(0), { discard: true }) : Effect.void,
    )
  const send = <A>(method: string, spreadsheet: string, call: Effect.Effect<A, SheetsError>) =>
    fuse.transmit(
      method,
      Effect.provideService(call, Clock.Clock, clock),
      () =>
        new SheetsError({
          method,
          spreadsheet,
          reason: { _tag: "Unsure", cause: "network", status: null },
        }),
    )
  return Layer.effect(
    SheetsClient,
    Effect.map(SheetsClient, (client) =>
      SheetsClient.of({
        batchUpdate: (...call) =>
          send(
            "batchUpdate",
            call[0],
            Effect.andThen(busyHands(call[0]), client.batchUpdate(...call)),
          ),
        get: (...call) => send("get", call[0], client.get(...call)),
        values: (...call) => send("values", call[0], client.values(...call)),
        metadata: (...call) => send("metadata", call[0], client.metadata(...call)),
        searchMetadata: (...call) =>
          send("searchMetadata", call[0], client.searchMetadata(...call)),
        plain: client.plain,
        clockAhead: client.clockAhead,
      }),
    ),
  ).pipe(
    Layer.provide(WorkbooksClient.layer),
    Layer.provide(Layer.merge(WorkbooksClient.Days.layer, Layer.succeed(Workbooks, workbooks))),
  )
}

/**
 * The clock of the bot's machine, which people may set. Nothing in a dead program wakes up: its
 * timers would only cost time until the run is over.
 */
const clockPort = (fuse: Fuse, { clock, wall }: World): Clock.Clock => ({
  currentTimeMillisUnsafe: () => clock.currentTimeMillisUnsafe() + wall.wrong,
  currentTimeMillis: Effect.map(clock.currentTimeMillis, (now) => now + wall.wrong),
  currentTimeNanosUnsafe: () => clock.currentTimeNanosUnsafe() + BigInt(wall.wrong) * 1_000_000n,
  currentTimeNanos: Effect.map(
    clock.currentTimeNanos,
    (now) => now + BigInt(wall.wrong) * 1_000_000n,
  ),
  monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
  monotonicTimeNanos: clock.monotonicTimeNanos,
  sleep: (duration) => Effect.andThen(clock.sleep(duration), fuse.alive),
})

export interface Running {
  readonly fuse: Fuse
  /** A stop as by a signal, with all finalisers. */
  readonly stop: Effect.Effect<void>
}

/**
 * Starts the program. Killed, it leaves its fibers behind: they hang at their next port call,
 * and nothing of them reaches the world any more.
 */
export const start = Effect.fnUntraced(function* (
  world: World,
  kill: Kill,
  planted: OpenParts = {},
  witness?: Witness,
) {
  const fuse = yield* makeFuse(kill, world.weather, witness)
  const ports = Layer.mergeAll(
    journalPort(fuse, world),
    sheetsPort(fuse, world),
    TelegramPort.layer(fuse, world),
    MemoryFiles.layer(world.files),
    settingsOf(world),
  )
  const scope = yield* Scope.make()
  yield* Layer.buildWithScope(programWith(planted).pipe(Layer.provide(ports)), scope).pipe(
    Effect.tapCause((cause) => Effect.logError("the program did not start", cause)),
    Effect.provideService(Clock.Clock, clockPort(fuse, world)),
    Effect.forkDetach({ startImmediately: true }),
  )
  const running: Running = { fuse, stop: Scope.close(scope, Exit.void) }
  return running
})

export const seconds = (count: number) =>
  VirtualClock.use(({ adjust }) => adjust(Duration.seconds(count)))
