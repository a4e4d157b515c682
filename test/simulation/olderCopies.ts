/**
 * One run of a bot that loses its disk: people take and mark items, a copy is made at some moment,
 * they go on, the process is killed at some call, and another one starts on the copy.
 */
import { Effect, Random } from "effect"
import type { OpenParts } from "../../src/cli/program.ts"
import type { Resource } from "../../src/domain/Catalogue.ts"
import * as Available from "../../src/pool/Available.ts"
import { restore } from "../../src/pool/Outbox.ts"
import { fold } from "../../src/pool/Pool.ts"
import * as State from "../../src/pool/State.ts"
import { copiesKind, copyKind, Journal } from "../../src/store/Journal.ts"
import { type MemoryDisk, MemoryJournal } from "../store/MemoryJournal.ts"
import type { Kill } from "./Fuse.ts"
import { press, pressAnywhere, toMenu } from "./steps.ts"
import { isTitled, keyOfRow, recordsOf } from "./tabs.ts"
import { inVirtualTime } from "./virtualTime.ts"
import {
  ivan,
  makeWorld,
  maria,
  seconds,
  type Stage,
  start,
  type Thing,
  type World,
} from "./World.ts"

const thing = (name: string): Thing => {
  const login = `${name}@example.com`
  return { resource: "mamba", key: login, text: login }
}
const men = Array.from({ length: 40 }, (_, n) => thing(`m${n}`))
const women = Array.from({ length: 30 }, (_, n) => thing(`w${n}`))
const rowOf = ({ key }: Thing) => [key, `pass-${key}`]

const stage: Stage = {
  resources: ["mamba"],
  startsAt: 86_400_000,
  accounts: [
    { title: "Мамба Муж", rows: [["Логин", "Пароль"], ...men.map(rowOf)], frozen: 1 },
    { title: "Мамба Жен", rows: [["Логин", "Пароль"], ...women.map(rowOf)], frozen: 1 },
  ],
  issued: [{ title: "Заметки", rows: [] }],
  stock: [...men, ...women],
  timerMinutes: 3,
}

/** Somebody orders, marks, replaces, or does nothing for a while. */
const act = Effect.fnUntraced(function* (world: World) {
  const who = yield* Random.choice([ivan, maria])
  const variant = yield* Random.choice(["Любой", "М", "Ж"])
  const quantity = yield* Random.choice(["1", "2", "3"])
  const order = press(who, [variant, quantity, "495", "Mamba"], toMenu(who))
  const mark = pressAnywhere(who, [
    yield* Random.choice([
      /^(1 )?✅ Хороший/,
      /^2 ✅ Хороший/,
      /^(1 )?⛔ Блок/,
      /Остальные: Хороший/,
    ]),
  ])
  const replace = pressAnywhere(who, [/Да, заменить/])
  const does = yield* Random.choice([order, order, order, order, mark, mark, replace])
  yield* Effect.ignore(does(world))
  yield* seconds(yield* Random.choice([1, 1, 2, 5, 40]))
})

/** Another disk with what stands on this one, as a backup or a snapshot of the machine has it. */
const copyOf = Effect.fnUntraced(function* (disk: MemoryDisk, isMarked: boolean) {
  const copy: MemoryDisk = { ...MemoryJournal.makeDisk(), tables: structuredClone(disk.tables) }
  if (isMarked) {
    yield* written(copy, copyKind, "", { madeAt: 1 })
  }
  return copy
})

const written = (disk: MemoryDisk, kind: string, key: string, body: unknown) =>
  Effect.orDie(
    Effect.provide(
      Journal.use((journal) => journal.write([{ _tag: "DocumentPut", kind, key, body }])),
      MemoryJournal.layer(disk),
    ),
  )

const never: Kill = { at: 0, moment: "before" }

/** Starts the program, and tells when it was killed. */
const startUntil = Effect.fnUntraced(function* (world: World, kill: Kill, planted: OpenParts = {}) {
  const { fuse, stop } = yield* start(world, kill, planted)
  const end = { isDead: false }
  yield* Effect.forkDetach(
    Effect.andThen(
      fuse.killed,
      Effect.sync(() => {
        end.isDead = true
      }),
    ),
    { startImmediately: true },
  )
  return { fuse, stop, end }
})

/** What is wrong, and what the copy had become by then. */
export interface CopyRun {
  readonly problems: ReadonlyArray<string>
  readonly age: number
  readonly adopted: number
  readonly inDoubt: number
}

/** `isMarked`: the copy says that it is one, as a backup does; else only the sheet shows it. */
export const runCopies = (
  seed: string,
  isMarked = true,
  planted: OpenParts = {},
): Effect.Effect<CopyRun> =>
  Effect.gen(function* () {
    const world = yield* makeWorld(stage, 8)
    const copyAt = yield* Random.nextIntBetween(20, 250)
    const kill: Kill = {
      at: copyAt + (yield* Random.nextIntBetween(1, 400)),
      moment: (yield* Random.nextBoolean) ? "before" : "after",
    }
    // Nobody waits for long for a Google that does not answer, where nothing but the sheet would tell.
    world.weather.loss = isMarked ? yield* Random.choice([0, 0, 0.05, 0.15]) : 0
    const { fuse, end } = yield* startUntil(world, kill)
    yield* seconds(5)
    while (fuse.calls.length < copyAt && !end.isDead) yield* act(world)
    yield* written(world.disk, copiesKind, String(world.clock.currentTimeMillisUnsafe()), {})
    const madeAt = world.clock.currentTimeMillisUnsafe()
    const copy = yield* copyOf(world.disk, isMarked)
    for (let n = 0; n < 400 && !end.isDead; n += 1) yield* act(world)
    const age = world.clock.currentTimeMillisUnsafe() - madeAt
    const restored: World = { ...world, disk: copy }
    // In some runs it is killed once more, perhaps while it catches up.
    const again: Kill = { at: yield* Random.choice([0, 0, 3, 8, 13, 20, 35]), moment: kill.moment }
    const second = yield* startUntil(restored, again, planted)
    for (let n = 0; n < 12; n += 1) yield* act(restored)
    const last = second.end.isDead ? yield* startUntil(restored, never, planted) : second
    for (let n = 0; n < 20; n += 1) yield* act(restored)
    world.weather.loss = 0
    for (let minute = 0; minute < 12; minute += 1) yield* seconds(60)
    const { problems, inDoubt, adopted } = yield* check(restored)
    yield* last.stop
    const run = `${seed}, copied at call ${copyAt}, killed ${kill.moment} call ${kill.at}`
    return { problems: problems.map((problem) => `${run}: ${problem}`), age, adopted, inDoubt }
  }).pipe(Effect.scoped, Random.withSeed(seed), inVirtualTime, Effect.orDie)

const check = Effect.fnUntraced(function* (world: World) {
  const [resource] = world.resources
  if (resource === undefined) return { problems: ["no resource"], adopted: 0, inDoubt: 0 }
  const journal = yield* Effect.provide(Journal, MemoryJournal.layer(world.disk))
  const { state } = yield* restore(journal, resource.id, fold)
  const issued = yield* keysIn(world, resource, "issued", [resource.issuedTab])
  const based = yield* keysIn(
    world,
    resource,
    "accounts",
    resource.baseTabs.map(({ title }) => title),
  )
  const stock = [...Available.all(state.available), ...State.returningOf(state)].map(
    ({ item }) => item.key,
  )
  const live = State.liveOf(state).map(({ issuance }) => issuance.item.key)
  const quarantine = [...world.disk.tables.projections.quarantine.values()].map(
    ({ row }) => row.key ?? String(row.origin.cells[0]?.value ?? ""),
  )
  const problems = world.stock.flatMap(({ key }) => {
    const chats = world.shown.get(key)
    const rows = issued.filter((each) => each === key).length
    const isHeld = rows > 0 || live.includes(key)
    const places = [
      ...based.filter((each) => each === key),
      ...stock.filter((each) => each === key),
      ...quarantine.filter((each) => each === key),
    ].length
    return [
      ...(chats !== undefined && chats.size > 1 ? [`${key} was given twice`] : []),
      ...(rows > 1 ? [`${key} has ${rows} rows`] : []),
      ...(places + (isHeld ? 1 : 0) === 0 ? [`${key} is lost`] : []),
      ...(places + (isHeld ? 1 : 0) > 1
        ? [`${key} is in ${places + (isHeld ? 1 : 0)} places`]
        : []),
    ]
  })
  const isStillBehind = (yield* journal.documents(copyKind)).length > 0
  const { books, quarantine: rows } = world.disk.tables.projections
  const adopted = [...books.values()].filter(({ imported }) => imported).length
  const inDoubt = [...rows.values()].filter(({ row }) => row.reason === "restored").length
  return {
    problems: [...problems, ...(isStillBehind ? ["the data are still behind"] : [])],
    adopted,
    inDoubt,
  }
})

const keysIn = Effect.fnUntraced(function* (
  { workbooks }: World,
  resource: Resource,
  book: string,
  titles: ReadonlyArray<string>,
) {
  const tabs = yield* workbooks.view(book)
  return tabs
    .filter(({ title }) => titles.some((wanted) => isTitled(title, wanted)))
    .flatMap(recordsOf)
    .map((row) => keyOfRow(resource, row))
})
