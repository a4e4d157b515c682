import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Clock, Effect, Exit, FileSystem, Layer, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Access } from "../../src/access/Access.ts"
import { Applications } from "../../src/access/Applications.ts"
import { Blocks } from "../../src/access/Blocks.ts"
import { Whitelist } from "../../src/access/Whitelist.ts"
import { applicationsOpenMax, nicknamesAwaitedMax } from "../../src/config/Limits.ts"
import { Settings } from "../../src/config/Settings.ts"
import { foldNickname } from "../../src/domain/Application.ts"
import { TelegramId } from "../../src/domain/Employee.ts"
import { peoplePool } from "../../src/domain/PersonEvent.ts"
import { Journal } from "../../src/store/Journal.ts"
import { document } from "../contracts/journalFixtures.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"

const admin = TelegramId.make(1)
const secondAdmin = TelegramId.make(2)
const anna = TelegramId.make(79_000_001)
const boris = TelegramId.make(79_000_002)

type Services = Access | Applications | Blocks | Journal | Whitelist

const platform = Layer.merge(NodeFileSystem.layer, NodePath.layer)

/** A disk that outlives the program: `start` runs it anew each time. */
const makeWorld = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const dataDir = yield* fs.makeTempDirectoryScoped()
  const disk = MemoryJournal.makeDisk()
  const whitelistPath = `${dataDir}/whitelist.json`
  const start = <A, E>(self: Effect.Effect<A, E, Services>) =>
    Effect.provide(
      self,
      Layer.fresh(Applications.layer).pipe(
        Layer.provideMerge(Layer.fresh(Access.layer)),
        Layer.provideMerge(Layer.fresh(Blocks.layer)),
        Layer.provideMerge(Layer.fresh(Whitelist.layer)),
        Layer.provideMerge(MemoryJournal.layer(disk)),
        Layer.provide(Settings.layerTest({ dataDir, admins: [admin, secondAdmin] })),
        Layer.provide(platform),
      ),
    )
  return {
    disk,
    start,
    /** A run of the program that is about the applications. */
    run: <A, E>(story: (applications: Applications["Service"]) => Effect.Effect<A, E, Services>) =>
      start(Effect.flatMap(Applications, story)),
    roster: Effect.map(fs.readFileString(whitelistPath), (text): unknown => JSON.parse(text)),
    writeRoster: (roster: unknown) => fs.writeFileString(whitelistPath, JSON.stringify(roster)),
    /** From now on whitelist.json cannot be replaced, or can be again. */
    breakWhitelist: fs.makeDirectory(`${whitelistPath}.new`),
    repairWhitelist: fs.remove(`${whitelistPath}.new`, { recursive: true }),
  }
}).pipe(Effect.provide(platform))

const apply = Effect.fnUntraced(function* (id: TelegramId, nickname: string) {
  const applications = yield* Applications
  yield* applications.begin(id)
  return yield* applications.submit(id, nickname)
})

const card = (chatId: number) => ({ chatId, messageId: chatId * 100 })

describe("Many strangers", () => {
  it.effect("open so many applications and no more, until the admins decide", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      yield* world.run(
        Effect.fnUntraced(function* (applications) {
          const people = Array.from({ length: 60 }, (_, n) => TelegramId.make(5_000 + n))
          for (const [n, id] of people.entries()) {
            const { _tag } = yield* apply(id, `nick ${n}`)
            assert.strictEqual(_tag, n < applicationsOpenMax ? "Submitted" : "TooManyOpen")
          }
          assert.lengthOf(yield* applications.open, applicationsOpenMax)
          const [first = anna] = people
          const [last = anna] = people.slice(-1)
          yield* applications.decide(first, "refuse", admin)
          assert.strictEqual((yield* applications.submit(last, "nick last"))._tag, "Submitted")
        }),
      )
    }),
  )

  it.effect("are asked for a nickname, but only so many are remembered", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      yield* world.run(
        Effect.fnUntraced(function* (applications) {
          for (let n = 0; n <= nicknamesAwaitedMax; n += 1) {
            yield* applications.begin(TelegramId.make(5_000 + n))
            yield* TestClock.adjust("1 millis")
          }
          assert.isFalse(yield* applications.awaitsNickname(TelegramId.make(5_000)))
          assert.isTrue(yield* applications.awaitsNickname(TelegramId.make(5_001)))
          const stored = yield* Effect.flatMap(Journal, (journal) =>
            journal.documents("application"),
          )
          assert.lengthOf(stored, nicknamesAwaitedMax)
        }),
      )
    }),
  )
})

describe("An application", () => {
  it.effect("takes a stranger from /start to the approval, over restarts", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      yield* world.run(
        Effect.fnUntraced(function* (applications) {
          assert.isFalse(yield* applications.awaitsNickname(anna))
          assert.strictEqual((yield* applications.submit(anna, "Anna"))._tag, "NotAwaited")
          assert.strictEqual((yield* applications.begin(anna))._tag, "NicknameAwaited")
          assert.strictEqual((yield* applications.begin(anna))._tag, "NicknameAwaited")
        }),
      )
      yield* TestClock.adjust("1 second")
      yield* world.run(
        Effect.fnUntraced(function* (applications) {
          assert.isTrue(yield* applications.awaitsNickname(anna))
          assert.strictEqual((yield* applications.submit(anna, "A"))._tag, "NicknameInvalid")
          const submitted = yield* applications.submit(anna, "  Anna ")
          assert.deepStrictEqual(submitted, {
            _tag: "Submitted",
            application: {
              id: anna,
              stage: "Anna",
              openedAt: 1000,
              remindedAt: null,
              cards: [],
              decision: null,
            },
          })
          assert.isFalse(yield* applications.awaitsNickname(anna))
          assert.isTrue(Option.isNone(yield* applications.cardSent(anna, card(admin))))
          yield* applications.cardSent(anna, { chatId: secondAdmin, messageId: 5 })
          yield* applications.cardSent(anna, card(secondAdmin))
          assert.strictEqual((yield* applications.submit(anna, "anna"))._tag, "Submitted")
          assert.strictEqual((yield* applications.submit(anna, "Other"))._tag, "AlreadyOpen")
          assert.strictEqual((yield* applications.begin(anna))._tag, "Open")
        }),
      )
      assert.deepStrictEqual(yield* world.roster, {
        [anna]: { stage: "Anna", is_approved: false },
      })
      yield* world.run(
        Effect.fnUntraced(function* (applications) {
          assert.isFalse(yield* Access.use((access) => access.isAllowed(anna)))
          const decided = yield* applications.decide(anna, "approve", admin)
          assert.deepInclude(decided, { _tag: "Decided", decision: "approve", by: admin, at: 1000 })
          assert.deepStrictEqual(decided._tag === "Decided" && decided.application.cards, [
            card(admin),
            card(secondAdmin),
          ])
          assert.isTrue(yield* Access.use((access) => access.isAllowed(anna)))
          assert.strictEqual((yield* applications.begin(anna))._tag, "Allowed")
        }),
      )
      assert.deepStrictEqual(yield* world.roster, { [anna]: { stage: "Anna", is_approved: true } })
    }),
  )

  it.effect("counts the first decision, and repeats it to its admin until it is announced", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      const tags = Effect.gen(function* () {
        const applications = yield* Applications
        const answers = [
          yield* applications.decide(anna, "refuse", secondAdmin),
          yield* applications.decide(anna, "approve", admin),
          yield* applications.decide(anna, "refuse", admin),
        ]
        return answers.map((answer) => answer._tag)
      })
      yield* world.run(
        Effect.fnUntraced(function* (applications) {
          assert.strictEqual(
            (yield* applications.decide(anna, "approve", admin))._tag,
            "NoApplication",
          )
          yield* apply(anna, "Anna")
          const answers = yield* Effect.all(
            [
              applications.decide(anna, "approve", admin),
              applications.decide(anna, "refuse", secondAdmin),
            ],
            { concurrency: "unbounded" },
          )
          assert.deepInclude(answers[0], { _tag: "Decided", decision: "approve", by: admin })
          assert.deepInclude(answers[1], { _tag: "AlreadyDecided", decision: "approve", by: admin })
        }),
      )
      const again = yield* world.start(tags)
      assert.deepStrictEqual(again, ["AlreadyDecided", "Decided", "AlreadyDecided"])
      yield* world.run((applications) => applications.announced(anna))
      const announced = yield* world.start(tags)
      assert.deepStrictEqual(announced, ["AlreadyDecided", "AlreadyDecided", "AlreadyDecided"])
      // A card that arrives late shows at once what was decided.
      const late = yield* world.run((applications) => applications.cardSent(anna, card(admin)))
      assert.deepInclude(Option.getOrThrow(late), { verdict: "approve", by: admin })
    }),
  )
})

describe("Applications in time", () => {
  it.effect("make a refused person wait a day", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      yield* world.run(
        Effect.fnUntraced(function* (applications) {
          yield* apply(anna, "Anna")
          yield* applications.decide(anna, "refuse", admin)
          assert.deepStrictEqual(yield* world.roster, {})
          const retryAt = 24 * 3_600_000
          assert.deepStrictEqual(yield* applications.begin(anna), { _tag: "Paused", retryAt })
          assert.deepStrictEqual(yield* applications.mayApply(anna), Option.some(retryAt))
          assert.strictEqual((yield* applications.submit(anna, "Anna"))._tag, "NotAwaited")
          yield* TestClock.adjust("23 hours")
          assert.strictEqual((yield* applications.begin(anna))._tag, "Paused")
          yield* TestClock.adjust("1 hour")
          assert.deepStrictEqual(yield* applications.mayApply(anna), Option.none())
          assert.strictEqual((yield* apply(anna, "Anna"))._tag, "Submitted")
        }),
      )
    }),
  )

  it.effect("remind once after four hours and expire after seventy-two", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      yield* world.run(
        Effect.fnUntraced(function* (applications) {
          const at = Effect.fnUntraced(function* (rule: "remind" | "expire") {
            const found = yield* applications[rule](yield* Clock.currentTimeMillis)
            return found.map(({ id }) => id)
          })
          yield* apply(anna, "Anna")
          yield* TestClock.adjust("1 hour")
          yield* apply(boris, "Boris")
          yield* applications.begin(TelegramId.make(79_000_003))
          yield* TestClock.adjust("2 hours")
          assert.deepStrictEqual(yield* at("remind"), [])
          yield* TestClock.adjust("1 hour")
          assert.deepStrictEqual(yield* at("remind"), [anna])
          yield* TestClock.adjust("1 hour")
          assert.deepStrictEqual(yield* at("remind"), [boris])
          yield* applications.decide(boris, "approve", admin)
          yield* TestClock.adjust("67 hours")
          assert.deepStrictEqual(yield* at("remind"), [])
          assert.deepStrictEqual(yield* at("expire"), [anna])
          assert.deepStrictEqual(yield* at("expire"), [])
          assert.deepStrictEqual(yield* world.roster, {
            [boris]: { stage: "Boris", is_approved: true },
          })
          assert.strictEqual((yield* applications.begin(anna))._tag, "NicknameAwaited")
          // A stranger who gave no nickname is forgotten, and not told.
          yield* TestClock.adjust("1 hour")
          assert.deepStrictEqual(yield* at("expire"), [])
          assert.isFalse(yield* applications.awaitsNickname(TelegramId.make(79_000_003)))
          assert.isTrue(yield* applications.awaitsNickname(anna))
        }),
      )
    }),
  )

  it.effect("leave alone whom somebody approved by hand", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      yield* world.start(apply(anna, "Anna"))
      const approved = { [anna]: { stage: "Anna", is_approved: true } }
      yield* world.writeRoster(approved)
      yield* TestClock.adjust("80 hours")
      yield* world.run(
        Effect.fnUntraced(function* (applications) {
          const now = yield* Clock.currentTimeMillis
          assert.deepStrictEqual(yield* applications.remind(now), [])
          assert.deepStrictEqual(yield* applications.expire(now), [])
          assert.isTrue(Option.isNone(yield* applications.find(anna)))
        }),
      )
      assert.deepStrictEqual(yield* world.roster, approved)
    }),
  )
})

describe("Applications after trouble", () => {
  it.effect("open one for an applicant of an older file", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      yield* world.writeRoster({ [anna]: { stage: "old name", is_approved: false } })
      yield* world.run(
        Effect.fnUntraced(function* (applications) {
          const begun = yield* applications.begin(anna)
          assert.strictEqual(begun._tag === "Open" && begun.application.stage, "old name")
          assert.deepStrictEqual(yield* applications.begin(anna), begun)
          yield* applications.decide(anna, "approve", admin)
          assert.isTrue(yield* Access.use((access) => access.isAllowed(anna)))
        }),
      )
    }),
  )

  it.effect("carry out at the next start what was decided before a crash", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      yield* world.run(
        Effect.fnUntraced(function* (applications) {
          yield* apply(anna, "Anna")
          yield* apply(boris, "Boris")
          yield* world.breakWhitelist
          const approve = applications.decide(anna, "approve", admin)
          const refuse = applications.decide(boris, "refuse", admin)
          for (const decide of [approve, refuse]) {
            const exit = yield* Effect.exit(decide)
            const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
            assert.deepInclude(error, { _tag: "FileUnwritable" })
          }
          assert.isFalse(yield* Access.use((access) => access.isAllowed(anna)))
        }),
      )
      yield* world.repairWhitelist
      yield* world.run(
        Effect.fnUntraced(function* (applications) {
          assert.isTrue(yield* Access.use((access) => access.isAllowed(anna)))
          const again = yield* applications.decide(anna, "approve", admin)
          assert.strictEqual(again._tag, "Decided")
        }),
      )
      assert.deepStrictEqual(yield* world.roster, { [anna]: { stage: "Anna", is_approved: true } })
    }),
  )

  it.effect("change nothing while the journal refuses", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      yield* world.run(
        Effect.fnUntraced(function* (applications) {
          yield* apply(anna, "Anna")
          world.disk.failing = true
          for (const attempt of [
            Effect.asVoid(applications.decide(anna, "approve", admin)),
            Effect.asVoid(applications.begin(boris)),
          ]) {
            assert.strictEqual(
              (yield* Effect.flip(attempt).pipe(Effect.orDie))._tag,
              "StorageUnavailable",
            )
          }
          assert.isFalse(yield* Access.use((access) => access.isAllowed(anna)))
          assert.isFalse(yield* applications.awaitsNickname(boris))
          world.disk.failing = false
          const decided = yield* applications.decide(anna, "refuse", secondAdmin)
          assert.deepInclude(decided, { _tag: "Decided", decision: "refuse", by: secondAdmin })
        }),
      )
    }),
  )

  it.effect("stop the start over a record that cannot be read", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      yield* world.start(
        Journal.use((journal) =>
          journal.write([document("7", { _tag: "Applied", nickname: "hunter2" }, "application")]),
        ),
      )
      const exit = yield* Effect.exit(world.start(Applications))
      const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
      assert.deepInclude(error, { _tag: "JournalDamaged", record: "application 7" })
      assert.notInclude(JSON.stringify(error), "hunter2")
    }),
  )
})

const eventsOfPeople = Effect.flatMap(Journal, (journal) =>
  journal.events(peoplePool, { after: 0, limit: 100 }),
).pipe(Effect.map((events) => events.map(({ event }) => event)))

describe("A change of a nickname", () => {
  const started = Effect.fnUntraced(function* () {
    const world = yield* makeWorld
    yield* world.writeRoster({
      [anna]: { stage: "=Anna/1", is_approved: true, other: 7 },
      [boris]: { stage: "boris", is_approved: false },
    })
    return world
  })

  const rename = (id: TelegramId, nickname: string, by: TelegramId) =>
    Applications.use((applications) => applications.rename(id, nickname, by))

  it.effect("keeps the format of the file, and is an event of the journal", () =>
    Effect.gen(function* () {
      const world = yield* started()
      yield* world.start(
        Effect.gen(function* () {
          assert.deepStrictEqual(yield* rename(anna, "  Анна   К ", admin), {
            _tag: "Renamed",
            from: "=Anna/1",
            to: "Анна К",
          })
          assert.deepStrictEqual(yield* world.roster, {
            [anna]: { stage: "Анна К", is_approved: true, other: 7 },
            [boris]: { stage: "boris", is_approved: false },
          })
          for (const [nickname, tag] of [
            ["Анна К", "Same"],
            ["А", "NicknameInvalid"],
            ["BORIS", "NicknameTaken"],
            ["админ", "NicknameTaken"],
          ] as const) {
            assert.strictEqual((yield* rename(anna, nickname, admin))._tag, tag, nickname)
          }
          const nobody = TelegramId.make(5)
          assert.strictEqual((yield* rename(nobody, "New name", admin))._tag, "Unknown")
          // An employee renames nobody, not even himself.
          assert.strictEqual((yield* rename(anna, "New name", anna))._tag, "Unknown")
          const event = { from: "=Anna/1", to: "Анна К", person: anna, by: admin, at: 0 }
          assert.deepStrictEqual(yield* eventsOfPeople, [{ _tag: "NicknameChanged", ...event }])
        }),
      )
    }),
  )

  it.effect("is not made where the file cannot be written, and not made later either", () =>
    Effect.gen(function* () {
      const world = yield* started()
      yield* world.start(
        Effect.gen(function* () {
          yield* Applications.use((applications) => applications.begin(boris))
          yield* world.breakWhitelist
          for (const id of [anna, boris]) {
            const refused = yield* Effect.flip(rename(id, "New name", admin)).pipe(Effect.orDie)
            assert.strictEqual(refused._tag, "FileUnwritable")
          }
          yield* world.repairWhitelist
        }),
      )
      yield* world.start(
        Effect.gen(function* () {
          assert.deepStrictEqual(yield* eventsOfPeople, [])
          const open = yield* Applications.use((applications) => applications.find(boris))
          assert.strictEqual(Option.getOrThrow(open).stage, "boris")
        }),
      )
      assert.deepInclude(yield* world.roster, { [boris]: { stage: "boris", is_approved: false } })
    }),
  )

  it.effect("is carried out at the next start where a crash cut it off, and told once", () =>
    Effect.gen(function* () {
      for (const inFile of ["boris", "boris.k", "by hand"]) {
        const world = yield* started()
        yield* world.run((applications) => applications.begin(boris))
        // As a crash leaves it: what is to be done is on disk, and the file may have it or not.
        const left = { id: boris, from: "boris", to: "boris.k", by: admin, at: 5 }
        yield* world.start(
          Journal.use((journal) => journal.write([document(String(boris), left, "renaming")])),
        )
        yield* world.writeRoster({ [boris]: { stage: inFile, is_approved: false } })
        const isByHand = inFile === "by hand"
        for (const _again of [1, 2]) {
          yield* world.start(
            Effect.gen(function* () {
              const open = yield* Applications.use((applications) => applications.find(boris))
              const { stage } = Option.getOrThrow(open)
              assert.strictEqual(stage, isByHand ? "boris" : "boris.k")
              assert.lengthOf(yield* eventsOfPeople, isByHand ? 0 : 1)
            }),
          )
        }
        assert.deepStrictEqual(yield* world.roster, {
          [boris]: { stage: isByHand ? inFile : "boris.k", is_approved: false },
        })
      }
    }),
  )

  it.effect("that the journal did not finish is finished by the same wish once more", () =>
    Effect.gen(function* () {
      const world = yield* started()
      yield* world.start(
        Effect.gen(function* () {
          const whitelist = yield* Whitelist
          const journal = yield* Journal
          const left = { id: anna, from: "=Anna/1", to: "Anna", by: admin, at: 5 }
          yield* journal.write([document(String(anna), left, "renaming")])
          yield* whitelist.put(anna, { stage: "Anna", isApproved: true })
        }),
      )
      world.disk.failing = true
      const exit = yield* Effect.exit(world.start(eventsOfPeople))
      assert.isTrue(Exit.isFailure(exit))
      world.disk.failing = false
      const renamed = yield* world.start(rename(anna, "Anna", admin))
      assert.strictEqual(renamed._tag, "Same")
      assert.lengthOf(yield* world.start(eventsOfPeople), 1)
    }),
  )
})

describe("An application that its author takes back", () => {
  it.effect("is gone at the next start too, though the file could not be written", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      yield* world.run(
        Effect.fnUntraced(function* (applications) {
          yield* apply(anna, "Anna")
          yield* world.breakWhitelist
          const refused = yield* Effect.flip(applications.withdraw(anna)).pipe(Effect.orDie)
          assert.strictEqual(refused._tag, "FileUnwritable")
          assert.strictEqual(
            (yield* applications.decide(anna, "approve", admin))._tag,
            "NoApplication",
          )
        }),
      )
      yield* world.repairWhitelist
      yield* world.run(
        Effect.fnUntraced(function* (applications) {
          assert.strictEqual((yield* applications.withdraw(anna))._tag, "NotOpen")
          const begun = yield* applications.begin(anna)
          assert.deepStrictEqual(begun, { _tag: "JustWithdrawn", retryAt: 3_600_000 })
          assert.lengthOf(yield* eventsOfPeople, 1)
          yield* TestClock.adjust("1 hour")
          assert.deepStrictEqual(yield* applications.expire(yield* Clock.currentTimeMillis), [])
          assert.isTrue(Option.isNone(yield* applications.withdrawn(anna)))
          assert.strictEqual((yield* apply(anna, "Anna"))._tag, "Submitted")
        }),
      )
    }),
  )

  it.effect("is not, once it is decided, whoever was faster", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      yield* world.run(
        Effect.fnUntraced(function* (applications) {
          yield* apply(anna, "Anna")
          yield* apply(boris, "Boris")
          const answers = yield* Effect.all(
            [
              applications.decide(anna, "approve", admin),
              applications.withdraw(anna),
              applications.withdraw(boris),
              applications.decide(boris, "approve", admin),
            ],
            { concurrency: "unbounded" },
          )
          assert.deepStrictEqual(
            answers.map(({ _tag }) => _tag),
            ["Decided", "NotOpen", "TakenBack", "NoApplication"],
          )
          assert.isTrue(yield* Access.use((access) => access.isAllowed(anna)))
          assert.isFalse(yield* Access.use((access) => access.isAllowed(boris)))
        }),
      )
      assert.deepStrictEqual(yield* world.roster, { [anna]: { stage: "Anna", is_approved: true } })
    }),
  )

  it.effect("stays where somebody approved its author by hand", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      yield* world.start(apply(anna, "Anna"))
      const approved = { [anna]: { stage: "Anna", is_approved: true } }
      yield* world.writeRoster(approved)
      yield* world.start(
        Effect.gen(function* () {
          const withdrawn = yield* Applications.use((all) => all.withdraw(anna))
          assert.strictEqual(withdrawn._tag, "NotOpen")
        }),
      )
      assert.deepStrictEqual(yield* world.roster, approved)
    }),
  )
})

describe("An application with names", () => {
  const names = { firstName: "Анна", name: "Анна К", username: "anna_k" }

  it.effect("keeps them over a restart and a correction; one of 0.3.0 has none and is read", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      const former = {
        _tag: "Applied",
        application: {
          id: boris,
          stage: "=Boris",
          openedAt: 1,
          remindedAt: null,
          cards: [],
          decision: null,
        },
        settled: false,
        announced: false,
      }
      yield* world.writeRoster({ [boris]: { stage: "=Boris", is_approved: false } })
      yield* world.start(
        Effect.gen(function* () {
          const journal = yield* Journal
          yield* journal.write([document(String(boris), former, "application")])
          const applications = yield* Applications
          yield* applications.begin(anna, names)
          yield* applications.submit(anna, "Anna", names)
          yield* applications.rename(anna, "Anna.K", anna)
        }),
      )
      yield* world.run(
        Effect.fnUntraced(function* (applications) {
          const found = Option.getOrThrow(yield* applications.find(anna))
          assert.deepInclude(found, { stage: "Anna.K", profile: names, corrections: 1 })
          const older = Option.getOrThrow(yield* applications.find(boris))
          assert.deepStrictEqual(older, { ...former.application, id: boris })
          assert.strictEqual((yield* applications.decide(boris, "approve", admin))._tag, "Decided")
        }),
      )
    }),
  )
})

describe("Nicknames", () => {
  it.effect("are refused when somebody has them in other letters", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      yield* world.start(
        Effect.gen(function* () {
          assert.strictEqual((yield* apply(anna, "Алёна К"))._tag, "Submitted")
          for (const nickname of [
            "АЛЕНА К",
            "алёна   к",
            "Але\u0308на К",
            "ａｄｍｉｎ",
            "Admin",
            "админ",
            "админ 2",
            "Admin 6789",
          ]) {
            assert.strictEqual((yield* apply(boris, nickname))._tag, "NicknameTaken", nickname)
          }
          assert.strictEqual((yield* apply(boris, "Алёна Л"))._tag, "Submitted")
        }),
      )
    }),
  )

  const letters = Schema.Array(
    Schema.Literals(["а", "е", "ё", "Ё", "Ж", "a", "Z", "ß", "Σ", "1", " "]),
  ).check(Schema.isMaxLength(12))

  it.prop("fold to the same text in any case, with ё or е", { letters }, ({ letters: parts }) => {
    const text = parts.join("")
    const folded = foldNickname(text)
    assert.strictEqual(foldNickname(text.toUpperCase()), folded)
    assert.strictEqual(foldNickname(text.toLowerCase()), folded)
    assert.strictEqual(foldNickname(text.replaceAll("ё", "е").replaceAll("Ё", "Е")), folded)
    assert.strictEqual(foldNickname(folded), folded)
  })

  it.effect.prop(
    "stay unique whoever asks for what at once",
    {
      wishes: Schema.Array(Schema.Literals(["Ёж", "еж", "ЕЖ", "Лиса", "ЛИСА", "Волк"])).check(
        Schema.isMaxLength(10),
      ),
    },
    ({ wishes }) =>
      Effect.gen(function* () {
        const world = yield* makeWorld
        const stages = yield* world.start(
          Effect.gen(function* () {
            yield* Effect.forEach(
              wishes,
              (nickname, index) => apply(TelegramId.make(100 + index), nickname),
              { concurrency: "unbounded" },
            )
            const all = yield* Whitelist.use((whitelist) => whitelist.all)
            return all.map(({ stage }) => foldNickname(stage))
          }),
        )
        assert.deepStrictEqual(
          stages.toSorted((a, b) => a.localeCompare(b)),
          [...new Set(wishes.map(foldNickname))].toSorted((a, b) => a.localeCompare(b)),
        )
      }).pipe(Effect.scoped),
    { arbitrary: { runs: 20 } },
  )
})
