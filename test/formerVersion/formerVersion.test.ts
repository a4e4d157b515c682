/**
 * What a former version left must go on working: the buttons in the chats, the data directory, and
 * whatever was half done when it was stopped. See test/fixtures/README.md.
 */
import { afterEach, assert, describe, it } from "@effect/vitest"
import { Effect, Option, Schema } from "effect"
import { Action, decodeAction, encodeAction } from "../../src/bot/buttons.ts"
import { en } from "../../src/bot/texts/en.ts"
import { ru } from "../../src/bot/texts/ru.ts"
import { decode, encode } from "../../src/pool/Snapshot.ts"
import { JournalEvent } from "../../src/store/Journal.ts"
import { Demo } from "../e2e/Demo.ts"
import { admin, answerTo, ivan, maria, numbersIn, records, shows } from "../e2e/people.ts"
import { makeDirectory } from "../store/sqliteFixtures.ts"
import { factsOf } from "./facts.ts"
import {
  copyData,
  dropSnapshots,
  rawEvents,
  rawQuarantine,
  rawSnapshots,
  readJson,
  startAt,
  versions,
} from "./fixture.ts"
import { buttonsIn, pressed, said } from "./presses.ts"
import { anna, egor, people, petr, vera } from "./walk.ts"

/** The states as this version would write them; one of a quiet pool stays as it was written. */
const asWrittenNow = Effect.fnUntraced(function* (snapshots: ReturnType<typeof rawSnapshots>) {
  const now = yield* Effect.forEach(Object.entries(snapshots), ([pool, state]) =>
    decode(state).pipe(
      Effect.map((read): unknown => encode(read)),
      // The proxies have a form of their own, and write it with each look at their tab.
      Effect.orElseSucceed(() => state),
      Effect.map((written) => [pool, written] as const),
    ),
  )
  // A former snapshot does not know what was taken from people; the events before it do.
  return JSON.parse(JSON.stringify(now), (name, value) =>
    name === "program" || name === "taken" ? undefined : value,
  )
})

/** The smallest number of kinds that a version has had. */
const kindsMin = 95

interface Expected {
  readonly at: number
  readonly facts: unknown
}

// Written by make.ts, and the tests compare what is in it.
const expectedOf = (version: string) => readJson(version, "expected.json") as Expected
const buttonsOf = (version: string) =>
  readJson(version, "buttons.json") as ReadonlyArray<{
    readonly data: string
    readonly action: Action
  }>

/** As it stands in a JSON file. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const copyOf = (version: string) =>
  Effect.tap(makeDirectory, (directory) => Effect.sync(() => copyData(version, directory)))

let demo: Demo | undefined

afterEach(() => demo?.remove())

it("there is a fixture of a former version", () => {
  assert.include(versions(), "0.3.0")
})

for (const version of versions()) {
  const { at, facts: expected } = expectedOf(version)

  describe(`a button of ${version}`, () => {
    it("means what it meant", () => {
      const buttons = buttonsOf(version)
      assert.isAtLeast(new Set(buttons.map(({ action }) => action._tag)).size, kindsMin)
      for (const { data, action } of buttons) {
        assert.deepStrictEqual(asJson(Option.getOrNull(decodeAction(data))), action, data)
      }
    })

    it("is what this version sends", () => {
      for (const { data, action } of buttonsOf(version)) {
        assert.strictEqual(encodeAction(action), data)
      }
    })
  })

  describe(`a data directory of ${version}`, () => {
    it.effect("opens, and everything is where it was", () =>
      Effect.gen(function* () {
        const directory = yield* copyOf(version)
        assert.deepStrictEqual(asJson(yield* factsOf(directory, at)), expected)
      }),
    )

    it.effect("says the same without its snapshots, from the first event on", () =>
      Effect.gen(function* () {
        const directory = yield* copyOf(version)
        assert.isAbove(dropSnapshots(directory), 5)
        assert.deepStrictEqual(asJson(yield* factsOf(directory, at)), expected)
      }),
    )

    it.effect("makes the same snapshots, out of the former ones and out of all events", () =>
      Effect.gen(function* () {
        const directory = yield* copyOf(version)
        yield* factsOf(directory, at, { snapshot: true })
        const whole = yield* copyOf(version)
        dropSnapshots(whole)
        yield* factsOf(whole, at, { snapshot: true })
        assert.deepStrictEqual(
          yield* asWrittenNow(rawSnapshots(directory)),
          yield* asWrittenNow(rawSnapshots(whole)),
        )
        assert.deepStrictEqual(asJson(yield* factsOf(directory, at)), expected)
      }),
    )

    it.effect("has the rows of its quarantine in their table from then on", () =>
      Effect.gen(function* () {
        const directory = yield* copyOf(version)
        const { resources } = yield* factsOf(directory, at)
        const counted = Object.entries(resources).flatMap(([id, { stock }]) =>
          stock.quarantine === 0 ? [] : [[id, stock.quarantine] as const],
        )
        assert.isAbove(counted.length, 1)
        assert.deepStrictEqual(rawQuarantine(directory), Object.fromEntries(counted))
      }),
    )

    it.effect("has events that this version would write just so", () =>
      Effect.gen(function* () {
        const directory = yield* copyOf(version)
        const events = rawEvents(directory)
        assert.isAbove(events.length, 150)
        for (const { seq, body } of events) {
          const event = yield* Schema.decodeUnknownEffect(JournalEvent)(body)
          assert.deepStrictEqual(
            asJson(yield* Schema.encodeEffect(JournalEvent)(event)),
            body,
            `event ${seq}`,
          )
        }
      }),
    )
  })

  describe(`this version started where ${version} was killed`, () => {
    it("takes the buttons in the chats, and ends what was half done", async () => {
      demo = Demo.process()
      copyData(version, demo.file("."))
      await startAt(demo, at)
      await everyButton(demo)
      await employees(demo)
      await admins(demo)
      await access(demo)
      await halfDone(demo)
      await eachKind(demo)
    })
  })
}

/** None of those that the former version sent is unknown. */
const everyButton = async (of: Demo) => {
  const chats = await Promise.all(people.map((id) => of.chat(id)))
  const sent = chats.flatMap(buttonsIn).map(({ data }) => data)
  assert.isAbove(sent.length, 100)
  assert.deepStrictEqual(
    sent.filter((data) => Option.isNone(decodeAction(data))),
    [],
  )
}

const employees = async (of: Demo) => {
  const mark = await pressed(of, maria, { _tag: "Mark", resource: "number", status: "working" })
  await shows(of, maria, mark.messageId, /1\.[^]*✅ Рабочий[^]*2\.[^]*✅ Рабочий/)
  // He was reminded of two, which are shown once more.
  await pressed(of, ivan, { _tag: "Page", screen: "batch" })
  const good = { _tag: "Mark", resource: "vk", status: "good" } as const
  const first = await pressed(of, ivan, good)
  await shows(of, ivan, first.messageId, /1\.[^]*✅ Хороший/)
  await pressed(of, ivan, good)
  await of.eventually("the reminder to be gone", async () =>
    (await of.chat(ivan)).some(({ text }) => text.includes("отметится само")) ? undefined : true,
  )
  const take = await pressed(of, ivan, { _tag: "ProxyTake" })
  await shows(of, ivan, take.messageId, "192.0.2.33:1080:demo:proxy-2")
  // Her draft of two proxies.
  const draft = await pressed(of, maria, { _tag: "ProxyUsed" })
  await pressed(of, maria, { _tag: "ProxyCountries" })
  await pressed(of, maria, { _tag: "ProxyCountry", country: "FR" })
  await pressed(of, maria, { _tag: "ProxyDays", days: 10 })
  await shows(of, maria, draft.messageId, "Сохранено: 2 прокси")
}

const admins = async (of: Demo) => {
  const card = await pressed(of, admin, { _tag: "Decide", applicant: vera, decision: "approve" })
  await shows(of, admin, card.messageId, "Одобрено")
  await of.sees(vera, "Доступ открыт")
  const left = await pressed(of, admin, { _tag: "LeftSettle", how: "confirm" })
  await shows(of, admin, left.messageId, "Подтверждено: 2")
  await pressed(of, admin, { _tag: "Readmit", person: petr })
  await of.sees(petr, "снова открыт")
  const trash = await pressed(of, admin, { _tag: "Restore", resource: "ok" })
  await shows(of, admin, trash.messageId, "вернул на склад 5 штук")
  const pause = await pressed(of, admin, { _tag: "Resume", resource: "mamba" })
  await shows(of, admin, pause.messageId, "выдача возобновлена")
  const region = await pressed(of, admin, { _tag: "RegionReturn", region: "383" })
  await shows(of, admin, region.messageId, "снова на кнопках")
  await pressed(of, admin, { _tag: "EditDecide", choice: "bot" })
}

/** What the former version knew of people. */
const access = async (of: Demo) => {
  await said(of, anna, "/menu")
  await of.sees(anna, "Причина: Отпуск")
  await said(of, egor, "/menu")
  await of.sees(egor, en.menu.title)
  await of.edit("demo-accounts", {
    tab: "Rambler",
    op: "append",
    rows: [["", "late901@example.com", "pass-late901"]],
  })
  await of.advance("2 minutes")
  await of.sees(maria, "Появилось: Rambler")
}

/** Of every kind that a person has in his chat, the newest: each leads somewhere. */
const eachKind = async (of: Demo) => {
  const stale: Array<string> = []
  let count = 0
  for (const userId of [ivan, maria, egor, admin]) {
    const kinds = new Map(
      buttonsIn(await of.chat(userId))
        .toReversed()
        .map((each) => [each.data.split(":")[0], each]),
    )
    for (const { messageId, data } of kinds.values()) {
      count += 1
      const answer = await answerTo(of, userId, { messageId, data })
      if (answer === ru.gate.stale || answer === en.gate.stale) stale.push(data)
    }
  }
  assert.isAbove(count, 60)
  assert.deepStrictEqual(stale, [])
}

const halfDone = async (of: Demo) => {
  // The update that was being handled when it was killed.
  assert.match((await of.sees(ivan, "vk111@example.com")).text, /подтвердится сам в/)
  // So long the bot waits for a flush that was sent and not answered, before it sends it again.
  await of.advance("4 minutes")
  // Rows that were on their way to the sheet are there once, the corrected ones as they shall be.
  const numbers = numbersIn(await of.sees(maria, "79000002001"))
  assert.lengthOf(numbers, 2)
  const timesWritten = async () => {
    const written = records(await of.tab("demo-issued", "Номера_Выдано")).map((row) => row["Номер"])
    return numbers.map((number) => written.filter((each) => each === number).length)
  }
  await of.eventually("both numbers in the sheet", async () =>
    (await timesWritten()).every((times) => times > 0) ? true : undefined,
  )
  await of.advance("1 minute")
  assert.deepStrictEqual(await timesWritten(), [1, 1])
  await of.eventually("the two corrected rows", async () => {
    const rows = records(await of.tab("demo-issued", "ВКонтакте_Выдано"))
    const [first, second] = rows.map((row) => `${row["Логин"]} ${row["Статус"]}`)
    return first === "79000000101 Блок" && second === "79000000102 Дефектный" ? true : undefined
  })
  const base = records(await of.tab("demo-accounts", "Gmail")).map((row) => row["Почта"])
  const released = ["mail901", "mail902", "mail903", "mail904"].map((name) => `${name}@example.com`)
  assert.includeMembers(base, released)
  assert.strictEqual(new Set(base).size, base.length)
}
