import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Layer, Option, Schema } from "effect"
import { Access } from "../../src/access/Access.ts"
import { Blocks } from "../../src/access/Blocks.ts"
import { Regions } from "../../src/access/Regions.ts"
import { Roster, Whitelist } from "../../src/access/Whitelist.ts"
import { Settings } from "../../src/config/Settings.ts"
import { TelegramId } from "../../src/domain/Employee.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"

const platform = Layer.merge(NodeFileSystem.layer, NodePath.layer)

const directoryOf = Effect.flatMap(FileSystem.FileSystem, (fs) => fs.makeTempDirectoryScoped())

const settings = (dataDir: string, regions: ReadonlyArray<string> = ["495", "812", "495"]) =>
  Settings.layerTest({ dataDir, admins: [admin], regions: [...regions] })

const admin = TelegramId.make(1)
const employee = TelegramId.make(123_456_789)
const applicant = TelegramId.make(987_654_321)
const stranger = TelegramId.make(5)

/** Each use of it is a start over the same directory. */
const start = <A, E>(self: Effect.Effect<A, E, Whitelist>, dataDir: string) =>
  Effect.provide(self, Layer.provide(Layer.fresh(Whitelist.layer), settings(dataDir)))

const seed = `{
  "123456789": {
    "stage": "worker_nickname",
    "is_approved": true,
    "note": { "since": 2024 }
  },
  "987654321": { "stage": "new_user", "is_approved": false }
}`

const withFile = Effect.fnUntraced(function* (text: string) {
  const fs = yield* FileSystem.FileSystem
  const directory = yield* directoryOf
  const path = `${directory}/whitelist.json`
  yield* fs.writeFileString(path, text)
  return { directory, read: fs.readFileString(path) }
})

describe("Whitelist", () => {
  it.effect("reads the file as it always was and keeps what it does not know", () =>
    Effect.gen(function* () {
      const { directory, read } = yield* withFile(seed)
      yield* start(
        Effect.gen(function* () {
          const whitelist = yield* Whitelist
          assert.deepStrictEqual(
            yield* whitelist.find(employee),
            Option.some({ stage: "worker_nickname", isApproved: true }),
          )
          assert.deepStrictEqual(yield* whitelist.find(stranger), Option.none())
          yield* whitelist.put(employee, { stage: "renamed", isApproved: true })
          assert.isTrue(yield* whitelist.remove(applicant))
          assert.isFalse(yield* whitelist.remove(applicant))
          yield* whitelist.put(stranger, { stage: "new one", isApproved: false })
        }),
        directory,
      )
      assert.deepStrictEqual(JSON.parse(yield* read), {
        "5": { stage: "new one", is_approved: false },
        "123456789": { stage: "renamed", is_approved: true, note: { since: 2024 } },
      })
      const all = yield* start(
        Whitelist.use((whitelist) => whitelist.all),
        directory,
      )
      assert.deepStrictEqual(all, [
        { id: stranger, stage: "new one", isApproved: false },
        { id: employee, stage: "renamed", isApproved: true },
      ])
    }).pipe(Effect.provide(platform)),
  )

  const broken = [
    '{"123456789": {"stage": "a", "is_approved": true}',
    '{"123456789": {"stage": "a", "is_approved": "yes"}}',
    '{"123456789": {"stage": "a"}}',
    '{"worker": {"stage": "a", "is_approved": true}}',
    '{"0123": {"stage": "a", "is_approved": true}}',
    '{"99999999999999999999": {"stage": "a", "is_approved": true}}',
    "[]",
  ]
  it.effect.each(broken)("stops the start over %s and leaves it alone", (text) =>
    Effect.gen(function* () {
      const { directory, read } = yield* withFile(text)
      const error = yield* Effect.flip(start(Whitelist, directory)).pipe(Effect.orDie)
      assert.strictEqual(error._tag, "FileDamaged")
      assert.strictEqual(yield* read, text)
    }).pipe(Effect.provide(platform)),
  )

  it.prop(
    "survives a rewrite of the file whatever it holds",
    {
      entries: Schema.Array(
        Schema.Struct({
          id: TelegramId,
          stage: Schema.String,
          is_approved: Schema.Boolean,
          note: Schema.Array(Schema.String),
        }),
      ),
    },
    ({ entries }) => {
      const roster = Object.fromEntries(entries.map(({ id, ...entry }) => [String(id), entry]))
      const text = Schema.encodeSync(Schema.fromJsonString(Roster))(roster)
      assert.deepStrictEqual(Schema.decodeSync(Schema.fromJsonString(Roster))(text), roster)
    },
  )

  it.effect.prop(
    "holds what a sequence of changes leaves",
    {
      script: Schema.Array(
        Schema.Struct({
          id: Schema.Literals([5, 123_456_789]),
          member: Schema.NullOr(
            Schema.Struct({ stage: Schema.String, isApproved: Schema.Boolean }),
          ),
        }),
      ).check(Schema.isMaxLength(8)),
    },
    ({ script }) =>
      Effect.gen(function* () {
        const directory = yield* directoryOf
        const expected = new Map<number, unknown>()
        yield* start(
          Effect.gen(function* () {
            const whitelist = yield* Whitelist
            for (const { id, member } of script) {
              if (member === null) yield* whitelist.remove(TelegramId.make(id))
              else yield* whitelist.put(TelegramId.make(id), member)
              if (member === null) expected.delete(id)
              else expected.set(id, { id, ...member })
            }
          }),
          directory,
        )
        const all = yield* start(
          Whitelist.use((whitelist) => whitelist.all),
          directory,
        )
        const sorted = [...expected].toSorted(([a], [b]) => a - b).map(([, member]) => member)
        assert.deepStrictEqual<unknown>(all, sorted)
      }).pipe(Effect.scoped, Effect.provide(platform)),
    { arbitrary: { runs: 30 } },
  )
})

const noBlocks = Layer.provideMerge(Blocks.layer, MemoryJournal.layer())

describe("Access", () => {
  const roster: Roster = {
    [employee]: { stage: "worker", is_approved: true },
    [applicant]: { stage: "new", is_approved: false },
  }
  const layer = Access.layer.pipe(
    Layer.provide(noBlocks),
    Layer.provide(Whitelist.layerTest(roster)),
    Layer.provide(Settings.layerTest({ admins: [admin] })),
  )

  it.effect("lets in admins and approved people, and nobody else", () =>
    Effect.gen(function* () {
      const access = yield* Access
      const people = [admin, employee, applicant, stranger]
      assert.deepStrictEqual(yield* Effect.forEach(people, (id) => access.role(id)), [
        "admin",
        "employee",
        "applicant",
        "stranger",
      ])
      assert.deepStrictEqual(yield* Effect.forEach(people, (id) => access.isAllowed(id)), [
        true,
        true,
        false,
        false,
      ])
      assert.deepStrictEqual(yield* Effect.forEach(people, (id) => access.stageOf(id)), [
        "админ 1",
        "worker",
        "new",
        "5",
      ])
    }).pipe(Effect.provide(layer)),
  )

  /** Gives a function that runs the program anew each time, on the same disk. */
  const programOf = (usual: Parameters<typeof Settings.layerTest>[0]) => {
    const disk = MemoryJournal.makeDisk()
    return <A, E>(self: Effect.Effect<A, E, Access>, more: typeof usual = {}) =>
      self.pipe(
        Effect.provide(
          Layer.fresh(Access.layer).pipe(
            Layer.provide(Layer.fresh(Blocks.layer)),
            Layer.provide(MemoryJournal.layer(disk)),
            Layer.provide(Whitelist.layerTest(roster)),
            Layer.provide(Settings.layerTest({ ...usual, ...more })),
          ),
        ),
      )
  }

  it.effect("names an admin as ADMIN_ID does, by the nickname, by Telegram, or by the id", () =>
    Effect.gen(function* () {
      const far = TelegramId.make(987_656_789)
      const admins = [admin, employee, far, stranger]
      const run = programOf({ admins, adminNames: new Map([[admin, "Ольга"]]) })
      const names = Access.use((access) =>
        Effect.forEach([...admins, applicant], (id) => access.nameOfAdmin(id)),
      )
      assert.deepStrictEqual(yield* run(names), [
        "Ольга",
        "worker",
        "админ …6789",
        "админ 5",
        "new",
      ])
      yield* run(
        Access.use((access) =>
          Effect.forEach([...admins, applicant], (id) => access.introduced(id, "Имя")),
        ),
      )
      // Two admins have one name by now. Nothing is remembered of those who are no admins.
      assert.deepStrictEqual(yield* run(names), [
        "Ольга",
        "worker",
        "Имя (987656789)",
        "Имя (5)",
        "new",
      ])
      yield* run(Access.use((access) => access.introduced(stranger, "")))
      assert.strictEqual(
        yield* run(
          Access.use((access) => access.stageOf(stranger)),
          { language: "en" },
        ),
        "Имя",
      )
      // Who decided as an admin and is none any more keeps the name.
      const former = Access.use((access) =>
        Effect.forEach([far, TelegramId.make(77)], (id) => access.nameOfAdmin(id)),
      )
      assert.deepStrictEqual(yield* run(former, { admins: [admin] }), ["Имя", "ID 77"])
    }),
  )

  it.effect("speaks of an admin without a name in the language of the company", () =>
    Effect.gen(function* () {
      const run = programOf({ admins: [admin], language: "en" })
      assert.strictEqual(yield* run(Access.use((access) => access.stageOf(admin))), "admin 1")
    }),
  )

  it.effect("follows a change of the whitelist at once", () =>
    Effect.gen(function* () {
      const access = yield* Access
      const whitelist = yield* Whitelist
      yield* whitelist.remove(employee)
      assert.isFalse(yield* access.isAllowed(employee))
      yield* whitelist.put(applicant, { stage: "new", isApproved: true })
      assert.isTrue(yield* access.isAllowed(applicant))
    }).pipe(
      Effect.provide(
        Access.layer.pipe(
          Layer.provide(noBlocks),
          Layer.provideMerge(Whitelist.layerTest(roster)),
          Layer.provide(Settings.layerTest({ admins: [admin] })),
        ),
      ),
    ),
  )
})

const startRegions = <A, E>(
  self: Effect.Effect<A, E, Regions>,
  dataDir: string,
  configured?: ReadonlyArray<string>,
) => Effect.provide(self, Layer.provide(Layer.fresh(Regions.layer), settings(dataDir, configured)))

describe("Regions", () => {
  const all = Regions.use((regions) => regions.all)

  it.effect("come from REGIONS at the first start only", () =>
    Effect.gen(function* () {
      const directory = yield* directoryOf
      assert.deepStrictEqual(yield* startRegions(all, directory), ["495", "812"])
      assert.deepStrictEqual(yield* startRegions(all, directory, ["383"]), ["495", "812"])
      yield* startRegions(
        Effect.gen(function* () {
          const regions = yield* Regions
          assert.isTrue(yield* regions.remove("495"))
          assert.isFalse(yield* regions.remove("495"))
          assert.isTrue(yield* regions.add("МСК"))
          assert.isFalse(yield* regions.add("МСК"))
        }),
        directory,
      )
      assert.deepStrictEqual(yield* startRegions(all, directory), ["812", "МСК"])
    }).pipe(Effect.provide(platform)),
  )

  it.effect("keep what is said to mean them, over restarts", () =>
    Effect.gen(function* () {
      const directory = yield* directoryOf
      const means = (text: string) =>
        Regions.use(({ finder }) => Effect.map(finder, (find) => find(text)))
      yield* startRegions(
        Effect.gen(function* () {
          const regions = yield* Regions
          const before = yield* regions.finder
          assert.strictEqual(yield* regions.finder, before)
          assert.isTrue(yield* regions.teach({ spelling: "+7495", region: "495" }))
          assert.isFalse(yield* regions.teach({ spelling: "＋7495 ", region: "495" }))
          assert.isTrue(yield* regions.teach({ spelling: "Питер", region: "495" }))
          assert.isTrue(yield* regions.teach({ spelling: "питер", region: "812" }))
          assert.notStrictEqual(yield* regions.finder, before)
        }),
        directory,
      )
      assert.strictEqual(yield* startRegions(means("+7495"), directory), "495")
      assert.strictEqual(yield* startRegions(means("ПИТЕР"), directory), "812")
      const forget = Regions.use((regions) => regions.forget("+7495"))
      assert.isTrue(yield* startRegions(forget, directory))
      assert.isFalse(yield* startRegions(forget, directory))
      assert.isUndefined(yield* startRegions(means("+7495"), directory))
      assert.deepStrictEqual(yield* startRegions(all, directory), ["495", "812"])
    }).pipe(Effect.provide(platform)),
  )

  it.effect.each<[string, string]>([
    ["regions.json", '["495", "too long for a region"]'],
    ["region-spellings.json", '[{ "spelling": "+7495", "region": "too long for a region" }]'],
    ["region-spellings.json", '[{ "spelling": "", "region": "495" }]'],
  ])("stop the start when %s is broken: %s", ([file, text]) =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const directory = yield* directoryOf
      yield* fs.writeFileString(`${directory}/${file}`, text)
      const error = yield* Effect.flip(startRegions(all, directory)).pipe(Effect.orDie)
      assert.strictEqual(error._tag, "FileDamaged")
    }).pipe(Effect.provide(platform)),
  )
})
