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
    const first = yield* start(world, kill)
    const end = { isDead: false }
    yield* Effect.forkDetach(
      Effect.andThen(
        first.fuse.killed,
        Effect.sync(() => {
          end.isDead = true
        }),
      ),
      { startImmediately: true },
    )
    yield* seconds(5)
    while (first.fuse.calls.length < copyAt && !end.isDead) yield* act(world)
    yield* written(world.disk, copiesKind, String(world.clock.currentTimeMillisUnsafe()), {})
    const madeAt = world.clock.currentTimeMillisUnsafe()
    const copy = yield* copyOf(world.disk, isMarked)
    for (let n = 0; n < 400 && !end.isDead; n += 1) yield* act(world)
    const age = world.clock.currentTimeMillisUnsafe() - madeAt
    const restored: World = { ...world, disk: copy }
    const second = yield* start(restored, { at: 0, moment: "before" }, planted)
    yield* seconds(5)
    for (let n = 0; n < 25; n += 1) yield* act(restored)
    for (let minute = 0; minute < 12; minute += 1) yield* seconds(60)
    const { problems, inDoubt, adopted } = yield* check(restored)
    yield* second.stop
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
  const reports = yield* journal.documents("caughtUp")
  const [report] = reports.map(({ body }) => body as { adopted: number; inDoubt: number })
  return {
    problems: [...problems, ...(isStillBehind ? ["the data are still behind"] : [])],
    adopted: report?.adopted ?? 0,
    inDoubt: report?.inDoubt ?? 0,
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
