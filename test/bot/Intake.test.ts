import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Latch } from "effect"
import { TestClock } from "effect/testing"
import { updatesInWorkMax, updatesPage } from "../../src/config/Limits.ts"
import { Journal } from "../../src/store/Journal.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import { strayUpdate, tapUpdate, textUpdate } from "./FakeUpdates.ts"
import { makeWorld } from "./World.ts"

/** Moves the clock until `reached` holds; the timers under test end in a minute. */
const passUntil = (reached: () => boolean) =>
  Effect.gen(function* () {
    for (let seconds = 0; seconds < 120 && !reached(); seconds += 1) {
      yield* TestClock.adjust("1 second")
    }
    assert.isTrue(reached())
  })

/** A text that an earlier run has kept and not handled. */
const textKept = (updateId: number, userId: number, text: string) => ({
  _tag: "UpdateReceived" as const,
  updateId,
  userId,
  body: { _tag: "Text", userId, chatId: userId, messageId: 1, text, firstName: "Имя" },
  at: 0,
})

const keep = (
  disk: ReturnType<typeof MemoryJournal.makeDisk>,
  updates: ReadonlyArray<ReturnType<typeof textKept>>,
) =>
  Effect.flatMap(Journal, (journal) => journal.write(updates)).pipe(
    Effect.provide(MemoryJournal.layer(disk)),
  )

describe("taking", () => {
  it.effect("handles what arrives, then confirms it", () =>
    Effect.gen(function* () {
      const { telegram, seen, unhandled, start } = makeWorld()
      const { quiet } = yield* start
      telegram.push(textUpdate(7, 42, "a"), textUpdate(8, 42, "b"))
      yield* quiet
      assert.deepStrictEqual(seen, ["a", "b"])
      assert.deepStrictEqual(yield* unhandled, [])
      assert.strictEqual(telegram.polls.at(-1), 9)
    }),
  )

  it.effect("handles an update once, however often Telegram brings it", () =>
    Effect.gen(function* () {
      const { telegram, seen, start } = makeWorld()
      const first = yield* start
      telegram.push(textUpdate(7, 42, "a"))
      yield* first.quiet
      telegram.push(textUpdate(7, 42, "a"), textUpdate(8, 42, "b"))
      yield* first.quiet
      yield* first.kill
      // A bot that starts does not know what was confirmed.
      telegram.push(textUpdate(7, 42, "a"), textUpdate(8, 42, "b"), textUpdate(9, 42, "c"))
      const second = yield* start
      yield* second.quiet
      assert.deepStrictEqual(seen, ["a", "b", "c"])
    }),
  )

  it.effect("confirms an update it has no use for, and bothers nobody with it", () =>
    Effect.gen(function* () {
      const { telegram, seen, unhandled, start } = makeWorld()
      const { quiet } = yield* start
      telegram.push({ update_id: 3, channel_post: {} }, textUpdate(4, 42, "a"))
      yield* quiet
      assert.deepStrictEqual(seen, ["a"])
      assert.deepStrictEqual(yield* unhandled, [])
      assert.strictEqual(telegram.polls.at(-1), 5)
    }),
  )

  it.effect("takes an update of our own through the journal, and bothers nobody with it", () =>
    Effect.gen(function* () {
      const { seen, commits, unhandled, start } = makeWorld()
      const { quiet, intake } = yield* start
      yield* quiet
      yield* intake.take({ update_id: -5, probe: true })
      yield* quiet
      assert.deepStrictEqual(seen, [])
      assert.deepStrictEqual(yield* unhandled, [])
      assert.deepStrictEqual(commits.flat(), ["UpdateReceived", "UpdateHandled"])
      // Nobody outside can send one: Telegram's own numbers are above zero.
      yield* intake.take({ update_id: 5, probe: true })
      yield* quiet
      assert.lengthOf(commits.flat(), 2)
    }),
  )

  it.effect("leaves updates with Telegram while the disk refuses, and raises the alarm", () =>
    Effect.gen(function* () {
      const { telegram, disk, seen, start } = makeWorld()
      const { quiet, raised } = yield* start
      yield* quiet
      disk.failing = true
      telegram.push(textUpdate(7, 42, "a"))
      yield* passUntil(() => telegram.polls.length >= 6)
      assert.deepStrictEqual(new Set(telegram.polls), new Set([0]))
      assert.deepStrictEqual(seen, [])
      assert.deepStrictEqual(yield* raised, [{ _tag: "StorageUnavailable" }])
      disk.failing = false
      yield* passUntil(() => telegram.polls.includes(8))
      yield* quiet
      assert.deepStrictEqual(seen, ["a"])
      assert.deepStrictEqual(yield* raised, [])
    }),
  )

  it.effect("has everybody told whose update the disk refuses, each text's sender once", () =>
    Effect.gen(function* () {
      const { telegram, disk, excused, seen, start } = makeWorld()
      const { quiet } = yield* start
      yield* quiet
      disk.failing = true
      telegram.push(textUpdate(7, 42, "a"), textUpdate(8, 42, "b"), textUpdate(9, 43, "c"))
      yield* TestClock.adjust("5 minutes")
      telegram.push(tapUpdate(10, 42), tapUpdate(11, 42))
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(excused, ["a", "c", "Tap", "Tap"])
      assert.deepStrictEqual(seen, [])
      disk.failing = false
      yield* TestClock.adjust("1 second")
      yield* quiet
      assert.deepStrictEqual(seen.toSorted(), ["Tap", "Tap", "a", "b", "c"])
      disk.failing = true
      telegram.push(textUpdate(12, 42, "again"))
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(excused.slice(4), ["again"])
    }),
  )

  it.effect("tells nobody of the disk who could not be told while it was away", () =>
    Effect.gen(function* () {
      const { telegram, disk, excused, seen, hooks, start } = makeWorld()
      const { quiet } = yield* start
      yield* quiet
      const mayBeTold = yield* Latch.make()
      hooks.beforeExcuse = mayBeTold.await
      disk.failing = true
      telegram.push(...[1, 2, 3, 4, 5, 6].map((n) => textUpdate(10 + n, 40 + n, `${n}`)))
      yield* TestClock.adjust("15 seconds")
      disk.failing = false
      yield* TestClock.adjust("1 second")
      yield* mayBeTold.open
      yield* TestClock.adjust("1 minute")
      yield* quiet
      // Two of six were still waiting to be told when it came back; the others had waited too long.
      assert.lengthOf(seen, 6)
      assert.isAtMost(excused.length, 2)
    }),
  )

  it.effect("is back a second after the disk, however long that was away", () =>
    Effect.gen(function* () {
      const { telegram, disk, seen, acts, lines, start } = makeWorld()
      const { quiet } = yield* start
      // The disk fills up while a handler runs, so what is refused first is that it ended.
      acts.set(
        "a",
        Effect.sync(() => {
          disk.failing = true
        }),
      )
      telegram.push(textUpdate(7, 42, "a"))
      yield* TestClock.adjust("1 second")
      telegram.push(textUpdate(8, 42, "b"), textUpdate(9, 43, "c"))
      yield* TestClock.adjust("10 minutes")
      assert.deepStrictEqual(seen, ["a"])
      assert.isBelow(lines.length, 5, "the log has a line for an outage, not for each try")
      disk.failing = false
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual(seen, ["a", "b", "c"])
      yield* quiet
    }),
  )

  it.effect("leaves alone the alarm that somebody else raised", () =>
    Effect.gen(function* () {
      const { telegram, seen, start } = makeWorld()
      const { quiet, raised, raise } = yield* start
      yield* raise({ _tag: "StorageUnavailable" })
      telegram.push(textUpdate(7, 42, "a"))
      yield* quiet
      assert.deepStrictEqual(seen, ["a"])
      assert.deepStrictEqual(yield* raised, [{ _tag: "StorageUnavailable" }])
    }),
  )

  it.effect("goes on after a conflict, at most half a minute later each time", () =>
    Effect.gen(function* () {
      const { telegram, seen, lines, start } = makeWorld()
      telegram.fail(...Array.from({ length: 12 }, () => ({ _tag: "Conflict" }) as const))
      telegram.push(textUpdate(7, 42, "a"))
      const { quiet } = yield* start
      for (let polls = 1; polls <= 12; polls += 1) {
        yield* Effect.yieldNow
        assert.isAtLeast(telegram.polls.length, polls)
        yield* TestClock.adjust("36 seconds")
      }
      yield* quiet
      assert.deepStrictEqual(seen, ["a"])
      assert.strictEqual(lines.filter((line) => /another program/i.test(line)).length, 12)
    }),
  )

  it.effect("tells the program that the token is refused, and polls no more", () =>
    Effect.gen(function* () {
      const { telegram, start } = makeWorld()
      telegram.fail({ _tag: "Unauthorized" })
      const { intake } = yield* start
      const error = yield* Effect.flip(intake.refused)
      assert.strictEqual(error.reason._tag, "Unauthorized")
      yield* TestClock.adjust("10 minutes")
      assert.strictEqual(telegram.polls.length, 1)
    }),
  )

  it.effect("takes nothing more after a stop, and finishes what it has", () =>
    Effect.gen(function* () {
      const { telegram, seen, acts, unhandled, start } = makeWorld()
      const gate = yield* Deferred.make<void>()
      acts.set("a", Deferred.await(gate))
      const { intake, quiet } = yield* start
      yield* quiet
      telegram.push(textUpdate(7, 42, "a"), textUpdate(8, 42, "b"))
      yield* telegram.held
      yield* intake.stop
      telegram.push(textUpdate(9, 42, "c"))
      yield* Deferred.succeed(gate, undefined)
      yield* intake.drain
      assert.deepStrictEqual(seen, ["a", "b"])
      assert.deepStrictEqual(yield* unhandled, [])
    }),
  )
})

describe("starting", () => {
  it.effect("takes up what a killed bot kept but did not handle", () =>
    Effect.gen(function* () {
      const { telegram, seen, acts, unhandled, start } = makeWorld()
      acts.set("a", Effect.never)
      const first = yield* start
      telegram.push(textUpdate(7, 42, "a"), textUpdate(8, 42, "b"))
      yield* telegram.held
      yield* first.kill
      assert.deepStrictEqual(seen, ["a"])
      assert.deepStrictEqual(yield* unhandled, [7, 8])

      acts.delete("a")
      const second = yield* start
      yield* second.quiet
      assert.deepStrictEqual(seen, ["a", "a", "b"])
      assert.deepStrictEqual(yield* unhandled, [])
    }),
  )

  it.effect("leaves out what it cannot read in the journal, and goes on", () =>
    Effect.gen(function* () {
      const { disk, seen, lines, unhandled, start } = makeWorld()
      yield* Effect.flatMap(Journal, (journal) =>
        journal.write([
          { _tag: "UpdateReceived", updateId: 1, userId: 42, body: { _tag: "Older" }, at: 0 },
        ]),
      ).pipe(Effect.provide(MemoryJournal.layer(disk)))
      const { quiet } = yield* start
      yield* quiet
      assert.deepStrictEqual(seen, [])
      assert.deepStrictEqual(yield* unhandled, [])
      assert.isTrue(lines.some((line) => /cannot be read/.test(line)))
    }),
  )

  it.effect("has caught up once everything that waited is handled", () =>
    Effect.gen(function* () {
      const { telegram, acts, start } = makeWorld()
      const gate = yield* Deferred.make<void>()
      acts.set("old", Deferred.await(gate))
      telegram.push(textUpdate(7, 42, "old"))
      const { caughtUp, kill } = yield* start
      const waiting = yield* Effect.forkChild(caughtUp)
      yield* telegram.held
      // Somebody who keeps the bot busy from now on does not hold up the timers.
      acts.set("new", Effect.never)
      telegram.push(textUpdate(8, 43, "new"))
      yield* telegram.held
      yield* TestClock.adjust("1 minute")
      assert.isUndefined(waiting.pollUnsafe())
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(waiting)
      yield* kill
    }),
  )

  it.effect("has not caught up as long as Telegram does not answer", () =>
    Effect.gen(function* () {
      const { telegram, start } = makeWorld()
      telegram.fail(...Array.from({ length: 5 }, () => ({ _tag: "Unsure" }) as const))
      const { caughtUp } = yield* start
      const waiting = yield* Effect.forkChild(caughtUp)
      yield* TestClock.adjust("2 seconds")
      assert.isUndefined(waiting.pollUnsafe())
      yield* passUntil(() => telegram.polls.length > 5)
      yield* Fiber.join(waiting)
    }),
  )
})

/** Texts of one person, numbered from `first`. */
const textsOf = (person: number, count: number, first = 1) =>
  Array.from({ length: count }, (_, n) => textUpdate(first + n, person, `${person}:${n}`))

describe("a flood", () => {
  it.effect("of a stranger: one message is handled, then one a minute, nobody is answered", () =>
    Effect.gen(function* () {
      const { telegram, seen, outsiders, slowed, unhandled, start } = makeWorld()
      outsiders.add(900)
      const { quiet } = yield* start
      telegram.push(...textsOf(900, 250))
      yield* quiet
      assert.deepStrictEqual(seen, ["900:0"])
      assert.deepStrictEqual(yield* unhandled, [])
      assert.strictEqual(telegram.polls.at(-1), 251)
      yield* TestClock.adjust("1 minute")
      telegram.push(...textsOf(900, 2, 300))
      yield* quiet
      assert.strictEqual(seen.length, 2)
      assert.deepStrictEqual(slowed, [])
    }),
  )

  it.effect("is none when an applicant goes step by step, with two mistakes", () =>
    Effect.gen(function* () {
      const { telegram, seen, outsiders, steps, start } = makeWorld()
      outsiders.add(900)
      const { quiet } = yield* start
      const registration = ["/start", "a", "taken", "Новенький"]
      for (const [n, text] of registration.entries()) {
        steps.clear()
        steps.add(text)
        // The same message, sent over and over before the bot has answered, is no further step.
        telegram.push(...Array.from({ length: 5 }, (_, m) => textUpdate(10 * n + m, 900, text)))
        yield* quiet
      }
      assert.deepStrictEqual(seen, registration)
    }),
  )

  it.effect("that a colleague has pressed during an outage: no button is lost", () =>
    Effect.gen(function* () {
      const { telegram, disk, seen, slowed, unhandled, start } = makeWorld()
      const pressed = [
        ...Array.from({ length: 400 }, (_, n) => tapUpdate(n + 1, 42, `is1:${n}`)),
        // On one message: a mark, another one and the first again are three wishes.
        ...["ma1:good", "ma1:block", "ma1:good"].map((data, n) => tapUpdate(401 + n, 42, data)),
        ...Array.from({ length: 50 }, (_, n) => tapUpdate(404 + n, 42, "ma1:good")),
        tapUpdate(454, 42, "ma1:block"),
      ]
      telegram.push(...pressed, textUpdate(455, 42, "too many"))
      const { quiet } = yield* start
      yield* quiet
      assert.deepStrictEqual(yield* unhandled, [])
      assert.strictEqual(seen.filter((each) => each === "Tap").length, 400 + 3 + 1)
      assert.notInclude(seen, "too many")
      assert.strictEqual(disk.tables.inbox.size, 400 + 3 + 1)
      assert.strictEqual(slowed.length, 50 + 1)
    }),
  )

  it.effect("of taps without their message counts like one of others", () =>
    Effect.gen(function* () {
      const { telegram, disk, seen, outsiders, steps, slowed, unhandled, start } = makeWorld()
      outsiders.add(900)
      outsiders.add(901)
      const { quiet } = yield* start
      const flood = (person: number, from: number) =>
        Array.from({ length: 400 }, (_, n) => strayUpdate(from + n, person, "ma1:good"))
      telegram.push(...flood(900, 1))
      yield* quiet
      assert.deepStrictEqual(seen, ["StrayTap"])
      telegram.push(...flood(42, 500))
      yield* quiet
      assert.strictEqual(seen.length, 1 + 300)
      assert.strictEqual(disk.tables.inbox.size, 1 + 300)
      assert.strictEqual(slowed.length, 100)
      // A button of an application is a step of it, so that the tap after it still has its turn.
      steps.add("ap1:")
      telegram.push(textUpdate(1_000, 901, "hello"))
      yield* quiet
      telegram.push(strayUpdate(1_001, 901, "ap1:"))
      yield* quiet
      telegram.push(tapUpdate(1_002, 901, "ap1:"))
      yield* quiet
      assert.deepStrictEqual(seen.slice(-3), ["hello", "StrayTap", "Tap"])
      assert.deepStrictEqual(yield* unhandled, [])
    }),
  )

  it.effect("of buttons in one lane keeps nobody else out", () =>
    Effect.gen(function* () {
      const { telegram, seen, acts, start } = makeWorld()
      const gate = yield* Deferred.make<void>()
      acts.set("Tap", Deferred.await(gate))
      const { quiet } = yield* start
      const count = updatesInWorkMax + 500
      telegram.push(
        ...Array.from({ length: count }, (_, n) => tapUpdate(n + 1, 42, `is1:${n}`)),
        textUpdate(count + 1, 43, "mine"),
      )
      for (let n = 0; n < 5_000; n += 1) yield* Effect.yieldNow
      const before = seen.includes("mine")
      yield* Deferred.succeed(gate, undefined)
      yield* quiet
      assert.isTrue(before)
      assert.strictEqual(seen.length, count + 1)
    }),
  )

  it.effect("of a colleague is answered with one sentence, and the dropped stay dropped", () =>
    Effect.gen(function* () {
      const { telegram, seen, slowed, unhandled, start } = makeWorld()
      const first = yield* start
      telegram.push(...textsOf(42, 400))
      yield* first.quiet
      assert.strictEqual(seen.length, 300)
      assert.strictEqual(slowed.filter(({ isTold }) => isTold).length, 1)
      yield* first.kill
      const second = yield* start
      yield* second.quiet
      assert.strictEqual(seen.length, 300)
      assert.deepStrictEqual(yield* unhandled, [])
    }),
  )

  it.effect("takes no turn of anybody else, whether strangers or colleagues flood", () =>
    Effect.gen(function* () {
      const { telegram, seen, outsiders, start } = makeWorld()
      outsiders.add(900)
      const { quiet } = yield* start
      telegram.push(
        ...textsOf(900, 40, 1),
        ...textsOf(42, 50, 100),
        ...textsOf(43, 5, 200),
        ...textsOf(44, 5, 300),
      )
      yield* quiet
      const turnsBefore = (text: string) =>
        seen.slice(0, seen.indexOf(text)).filter((each) => each.startsWith("42:")).length
      assert.isAtMost(turnsBefore("43:4"), 6)
      assert.isAtMost(turnsBefore("44:4"), 6)
      assert.strictEqual(seen.length, 1 + 50 + 5 + 5)
    }),
  )

  it.effect("of many accounts gets no more turns than all outsiders have together", () =>
    Effect.gen(function* () {
      const { telegram, seen, outsiders, start } = makeWorld()
      const crowd = Array.from({ length: 300 }, (_, n) => 1_000 + n)
      crowd.forEach((person) => outsiders.add(person))
      const { quiet } = yield* start
      telegram.push(...crowd.map((person, n) => textUpdate(n + 1, person, String(person))))
      yield* quiet
      assert.strictEqual(seen.length, 60)
    }),
  )

  it.effect("that a former version kept is read in pages, and dropped durably", () =>
    Effect.gen(function* () {
      const { disk, seen, outsiders, unhandled, pages, start } = makeWorld()
      outsiders.add(900)
      yield* keep(
        disk,
        Array.from({ length: 1_000 }, (_, n) =>
          n === 999 ? textKept(n + 1, 42, "mine") : textKept(n + 1, 900, "flood"),
        ),
      )
      const { quiet } = yield* start
      yield* quiet
      // As many as may have been let in.
      assert.deepStrictEqual(seen.toSorted(), ["flood", "flood", "flood", "flood", "mine"])
      assert.deepStrictEqual(yield* unhandled, [])
      assert.isAtMost(Math.max(...pages), updatesPage)
    }),
  )

  it.effect("is handled also where it is a step whose step before is handled once more", () =>
    Effect.gen(function* () {
      const { disk, seen, outsiders, steps, unhandled, start } = makeWorld()
      outsiders.add(900)
      for (const step of ["/start", "ivan.sales"]) steps.add(step)
      yield* keep(disk, [textKept(1, 900, "/start"), textKept(2, 900, "ivan.sales")])
      const { quiet } = yield* start
      yield* quiet
      assert.deepStrictEqual(seen, ["/start", "ivan.sales"])
      assert.deepStrictEqual(yield* unhandled, [])
    }),
  )

  it.effect("takes no next step away that comes while the step before is handled once more", () =>
    Effect.gen(function* () {
      const { telegram, disk, seen, acts, outsiders, steps, start } = makeWorld()
      outsiders.add(900)
      for (const step of ["/start", "ivan.sales", "again"]) steps.add(step)
      const gate = yield* Deferred.make<void>()
      acts.set("/start", Deferred.await(gate))
      yield* keep(disk, [textKept(1, 900, "/start")])
      const { quiet } = yield* start
      telegram.push(textUpdate(2, 900, "ivan.sales"))
      while (!telegram.polls.includes(3)) yield* Effect.yieldNow
      // Nobody can have had the answer to that one.
      telegram.push(textUpdate(3, 900, "again"))
      while (!telegram.polls.includes(4)) yield* Effect.yieldNow
      yield* Deferred.succeed(gate, undefined)
      yield* quiet
      assert.deepStrictEqual(seen, ["/start", "ivan.sales"])
    }),
  )

  it.effect("is handled once, however much comes while the rest is still read", () =>
    Effect.gen(function* () {
      const { disk, seen, hooks, start } = makeWorld()
      const kept = Array.from({ length: 2 * updatesPage + 10 }, (_, n) => n + 1)
      yield* keep(
        disk,
        kept.map((n) => textKept(n, 1_000 + n, String(n))),
      )
      hooks.afterReading = Effect.repeat(Effect.yieldNow, { times: 50 })
      const { intake, quiet } = yield* start
      yield* intake.take(textUpdate(9_000, 42, "new"))
      yield* quiet
      assert.deepStrictEqual(seen.toSorted(), [...kept.map(String), "new"].toSorted())
    }),
  )

  it.effect("waits in Telegram while more is in work than memory should hold", () =>
    Effect.gen(function* () {
      const { telegram, seen, acts, unhandled, start } = makeWorld()
      const gate = yield* Deferred.make<void>()
      const people = Array.from({ length: 1_500 }, (_, n) => 2_000 + n)
      people.forEach((person) => acts.set(String(person), Deferred.await(gate)))
      const { quiet } = yield* start
      telegram.push(...people.map((person, n) => textUpdate(n + 1, person, String(person))))
      for (let n = 0; n < 5_000; n += 1) yield* Effect.yieldNow
      const inWork = [seen.length, (yield* unhandled).length]
      yield* Deferred.succeed(gate, undefined)
      yield* quiet
      assert.strictEqual(seen.length, people.length)
      assert.deepStrictEqual(inWork, [updatesInWorkMax, updatesInWorkMax])
    }),
  )

  it.effect("uses up nothing while the disk refuses and Telegram brings the same again", () =>
    Effect.gen(function* () {
      const { telegram, disk, seen, start } = makeWorld()
      const { quiet } = yield* start
      yield* quiet
      disk.failing = true
      telegram.push(...textsOf(42, 100))
      yield* passUntil(() => telegram.polls.length >= 6)
      disk.failing = false
      yield* passUntil(() => telegram.polls.includes(101))
      yield* quiet
      assert.strictEqual(seen.length, 100)
    }),
  )
})

describe("what is seen from outside", () => {
  it.effect("when Telegram and the disk last worked, how they failed, and what is in work", () =>
    Effect.gen(function* () {
      const { telegram, disk, acts, start } = makeWorld()
      const finish = yield* Deferred.make<void>()
      acts.set("long", Deferred.await(finish))
      const { vitals, quiet } = yield* start
      telegram.push(textUpdate(7, 42, "long"), textUpdate(8, 42, "behind it"))
      yield* telegram.held
      assert.strictEqual(yield* vitals.gauge("updates"), 2)
      yield* Deferred.succeed(finish, undefined)
      yield* quiet
      assert.strictEqual(yield* vitals.gauge("updates"), 0)
      assert.strictEqual((yield* vitals.pulse("journal")).workedAt, 0)
      assert.strictEqual((yield* vitals.pulse("telegram")).workedAt, 0)

      yield* TestClock.adjust("1 second")
      disk.failing = true
      telegram.push(textUpdate(9, 42, "a"))
      yield* TestClock.adjust("1 millis")
      assert.deepInclude(yield* vitals.pulse("journal"), { failedAt: 1_000, failure: "refused" })
      assert.isNull((yield* vitals.pulse("telegram")).failedAt)

      disk.failing = false
      telegram.fail({ _tag: "Conflict" })
      yield* passUntil(() => telegram.polls.length > 5)
      yield* quiet
      assert.strictEqual((yield* vitals.pulse("telegram")).failure, "taken")
      assert.isAbove((yield* vitals.pulse("journal")).workedAt ?? 0, 1_000)
    }),
  )
})

describe("lanes under the intake", () => {
  it.effect("one at a time and in order for each person, people in parallel", () =>
    Effect.gen(function* () {
      const { telegram, seen, acts, start } = makeWorld()
      const gate = yield* Deferred.make<void>()
      acts.set("a1", Deferred.await(gate))
      const { intake } = yield* start
      telegram.push(
        textUpdate(1, 42, "a1"),
        textUpdate(2, 42, "a2"),
        textUpdate(3, 43, "b1"),
        textUpdate(4, 43, "b2"),
      )
      yield* telegram.held
      telegram.push(textUpdate(5, 42, "a3"), textUpdate(6, 44, "c1"))
      yield* telegram.held
      while (!seen.includes("c1") || !seen.includes("b2")) yield* Effect.yieldNow
      assert.deepStrictEqual(seen, ["a1", "b1", "b2", "c1"])
      yield* Deferred.succeed(gate, undefined)
      yield* intake.drain
      assert.deepStrictEqual(seen, ["a1", "b1", "b2", "c1", "a2", "a3"])
    }),
  )

  it.effect("an update that ends while the journal is read is not handled again", () =>
    Effect.gen(function* () {
      const { telegram, seen, acts, hooks, unhandled, start } = makeWorld()
      const gate = yield* Deferred.make<void>()
      acts.set("a", Deferred.await(gate))
      const { quiet } = yield* start
      telegram.push(textUpdate(1, 42, "a"))
      yield* telegram.held
      hooks.afterReading = Effect.gen(function* () {
        yield* Deferred.succeed(gate, undefined)
        while ((yield* unhandled).includes(1)) yield* Effect.yieldNow
        yield* Effect.yieldNow
      }).pipe(Effect.orDie)
      telegram.push(textUpdate(2, 43, "b"))
      yield* quiet
      assert.deepStrictEqual(seen, ["a", "b"])
    }),
  )

  it.effect("a handler that crashes costs its update only, and its words are not logged", () =>
    Effect.gen(function* () {
      const { telegram, seen, lines, acts, unhandled, start } = makeWorld()
      acts.set("a", Effect.die(new TypeError("password-of-the-item")))
      const { quiet } = yield* start
      telegram.push(textUpdate(1, 42, "a"), textUpdate(2, 42, "b"))
      yield* quiet
      assert.deepStrictEqual(seen, ["a", "b"])
      assert.deepStrictEqual(yield* unhandled, [])
      const line = lines.find((text) => /handler crashed/.test(text)) ?? ""
      assert.match(line, /TypeError\n +at /)
      assert.notInclude(lines.join("\n"), "password-of-the-item")
    }),
  )

  it.effect("a handled update is noted as soon as the disk allows, and not handled again", () =>
    Effect.gen(function* () {
      const { telegram, disk, seen, acts, unhandled, start } = makeWorld()
      acts.set(
        "a",
        Effect.sync(() => {
          disk.failing = true
        }),
      )
      const { intake } = yield* start
      telegram.push(textUpdate(1, 42, "a"), textUpdate(2, 42, "b"))
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(seen, ["a"])
      assert.deepStrictEqual(yield* unhandled, [1, 2])
      disk.failing = false
      yield* TestClock.adjust("15 seconds")
      yield* intake.drain
      assert.deepStrictEqual(seen, ["a", "b"])
      assert.deepStrictEqual(yield* unhandled, [])
    }),
  )

  it.effect("a slow handler is remarked on once, and runs on", () =>
    Effect.gen(function* () {
      const { telegram, lines, acts, unhandled, start } = makeWorld()
      acts.set("a", Effect.sleep("5 minutes"))
      const { intake } = yield* start
      telegram.push(textUpdate(1, 42, "a"))
      yield* telegram.held
      yield* TestClock.adjust("4 minutes")
      assert.deepStrictEqual(yield* unhandled, [1])
      yield* TestClock.adjust("1 minute")
      yield* intake.drain
      assert.deepStrictEqual(yield* unhandled, [])
      assert.strictEqual(lines.filter((line) => /slow/.test(line)).length, 1)
    }),
  )
})

describe("the notes that updates are handled", () => {
  /** Two people are answered while the handler of a third is at work. */
  const twoOfThree = Effect.gen(function* () {
    const world = makeWorld()
    const gate = yield* Deferred.make<void>()
    world.acts.set("long", Deferred.await(gate))
    const bot = yield* world.start
    yield* bot.quiet
    world.telegram.push(textUpdate(1, 42, "a0"), textUpdate(2, 43, "b"), textUpdate(3, 44, "long"))
    yield* world.telegram.held
    return { ...world, ...bot, gate }
  })

  it.effect("share a write, and wait for others no longer than a moment", () =>
    Effect.gen(function* () {
      const { commits, unhandled, kill } = yield* twoOfThree
      assert.deepStrictEqual(yield* unhandled, [1, 2, 3])
      yield* TestClock.adjust("250 millis")
      assert.deepStrictEqual(yield* unhandled, [3])
      assert.deepStrictEqual(commits.slice(1), [["UpdateHandled", "UpdateHandled"]])
      yield* kill
    }),
  )

  it.effect("are written with the next updates, before any of these is handled", () =>
    Effect.gen(function* () {
      const { telegram, acts, unhandled, kill } = yield* twoOfThree
      let left: ReadonlyArray<number> = []
      acts.set(
        "a1",
        Effect.map(Effect.orDie(unhandled), (numbers) => void (left = numbers)),
      )
      telegram.push(textUpdate(4, 42, "a1"))
      yield* telegram.held
      assert.deepStrictEqual(left, [3, 4])
      yield* kill
    }),
  )

  it.effect("do not wait where nothing else is being handled", () =>
    Effect.gen(function* () {
      const { gate, unhandled } = yield* twoOfThree
      yield* Deferred.succeed(gate, undefined)
      while ((yield* unhandled).length > 0) yield* Effect.yieldNow
    }),
  )

  it.effect("that a kill comes before: only the last update of each person is repeated", () =>
    Effect.gen(function* () {
      const { telegram, disk, seen, acts, unhandled, start, kill } = yield* twoOfThree
      telegram.push(textUpdate(4, 42, "a1"))
      yield* telegram.held
      assert.deepStrictEqual(seen, ["a0", "b", "long", "a1"])
      // A disk that refuses is all that a kill leaves of the end of a process.
      disk.failing = true
      yield* kill
      disk.failing = false
      assert.deepStrictEqual(yield* unhandled, [3, 4])
      acts.delete("long")
      const second = yield* start
      yield* second.quiet
      assert.deepStrictEqual(seen.slice(4), ["long", "a1"])
    }),
  )

  it.effect("are written by a stop that breaks off what is still being handled", () =>
    Effect.gen(function* () {
      const { unhandled, kill } = yield* twoOfThree
      yield* kill
      assert.deepStrictEqual(yield* unhandled, [3])
    }),
  )

  it.effect("do not wait for a stop", () =>
    Effect.gen(function* () {
      const { gate, intake, seen, unhandled } = yield* twoOfThree
      const drained = yield* Effect.forkChild(intake.drain, { startImmediately: true })
      while ((yield* unhandled).length > 1) yield* Effect.yieldNow
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(drained)
      assert.lengthOf(seen, 3)
      assert.deepStrictEqual(yield* unhandled, [])
    }),
  )
})
