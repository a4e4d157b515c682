/** The two languages are complete, short enough for alerts, and count as people do. */
import { assert, describe, it } from "@effect/vitest"
import { textsOf } from "../../../src/bot/Languages.ts"
import { en, english } from "../../../src/bot/texts/en.ts"
import { ru, russian } from "../../../src/bot/texts/ru.ts"
import type { Texts } from "../../../src/bot/texts/Texts.ts"
import type { Alarm } from "../../../src/observe/Alarms.ts"

const alarms: ReadonlyArray<Alarm> = [
  { _tag: "TabUnusable", tab: "0", column: null },
  { _tag: "TabUnusable", tab: "0", column: "1" },
  { _tag: "TabUnusable", tab: "0", column: "1", header: ["2", "3"] },
  { _tag: "HeaderMoved", tab: "0" },
  ...(["denied", "notFound", "refused", "unreachable"] as const).map(
    (reason) => ({ _tag: "SheetsUnavailable", spreadsheet: "0", reason }) as const,
  ),
  { _tag: "AnotherWriter", spreadsheet: "0" },
  { _tag: "UnknownInboxRows", spreadsheet: "0", rows: 3 },
  { _tag: "RowsRefused", resource: "0", tab: "1" },
  { _tag: "RowVanished", tab: "0", issuance: "1" },
  ...[true, false].map((todayOnly) => {
    const label = { ru: "0", en: "0" }
    return {
      _tag: "LowStock",
      resource: "vk",
      label,
      tabs: ["1", "2"],
      remaining: 3,
      todayOnly,
    } as const
  }),
  { _tag: "StorageUnavailable" },
]

/** Every text of a language by its path; functions are called with digits. */
const allOf = (texts: Texts): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  const visit = (path: string, value: unknown): void => {
    if (typeof value === "string") found.set(path, value)
    else if (path === ".label") return
    else if (path === ".admin.alarm" || path === ".admin.cleared") {
      alarms.forEach((alarm, index) =>
        found.set(
          `${path}.${index}`,
          path === ".admin.alarm" ? texts.admin.alarm(alarm) : texts.admin.cleared(alarm),
        ),
      )
    } else if (path === ".admin.decided") {
      for (const decision of ["approve", "refuse"] as const) {
        found.set(`${path}.${decision}`, texts.admin.decided(decision, "0", "1"))
      }
    } else if (typeof value === "function") {
      // Each of them takes strings and numbers only, and shows them as they are.
      found.set(path, (value as (...args: ReadonlyArray<number>) => string)(1, 2, 3, 4, 5))
    } else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) visit(`${path}.${key}`, inner)
    }
  }
  visit("", texts)
  return found
}

const russianTexts = allOf(ru)
const englishTexts = allOf(en)

/** For whoever does not read the language that the bot speaks to them so far. */
const inBoth: ReadonlyArray<string> = [".menu.commands.language", ".languages.title"]

describe("texts", () => {
  it("have the same lines in both languages, none empty", () => {
    assert.deepStrictEqual([...russianTexts.keys()], [...englishTexts.keys()])
    for (const [path, text] of [...russianTexts, ...englishTexts]) {
      assert.isTrue(text.trim() === text && text !== "", path)
    }
    assert.isAbove(russianTexts.size, 120)
  })

  it("in Russian have no English left over, and the other way round", () => {
    const names = /Telegram ID|Telegram|Google|BOT_TOKEN|ADMIN_ID|FORGET_AFTER|ID|\/[a-z_]+/g
    for (const [path, text] of russianTexts) {
      if (path === ".language" || inBoth.includes(path)) continue
      assert.notMatch(text.replaceAll(names, ""), /[A-Za-z]/, path)
    }
    for (const [path, text] of englishTexts) {
      if (!inBoth.includes(path)) assert.notMatch(text, /[А-Яа-яЁё]/, path)
    }
  })

  it("that are shown as alerts fit into one", () => {
    const alerts = (texts: Texts): ReadonlyArray<string> => [
      ...Object.values(texts.gate),
      texts.wizard.noTargets,
      texts.wizard.regionGone,
      texts.wizard.looking,
      texts.refusals.outOfStock("0123456789012345678", "0123456789012345"),
      texts.employee.waiting.tooMany(10),
      texts.refusals.unknownIssuance,
      texts.refusals.notHolder,
      texts.refusals.alreadyMarked("🛠 012345678901234567890"),
      ...Object.values(texts.refusals.notAllowed),
      texts.refusals.storageUnavailable,
      texts.admin.alreadyDecided,
      texts.admin.cardGone,
      texts.admin.nicknameTakenSince,
      texts.admin.newerCard,
      texts.failed.gone,
      texts.failed.retrying,
      texts.failed.already("01234567890123456789012345678901"),
      texts.failed.notDropped,
      texts.blocks.isAdmin,
      texts.blocks.isApplicant,
      texts.blocks.isUnknown,
      texts.blocks.already,
      texts.blocks.notSuspended("0".repeat(60)),
      texts.audit.damaged,
    ]
    for (const text of [...alerts(ru), ...alerts(en)]) assert.isAtMost(text.length, 200, text)
  })

  it("have a sentence on what was lost, for everything that goes wrong", () => {
    const failures = ({ refusals, gate, wizard, failed, employee }: Texts) => [
      refusals.outOfStock("VK", "495"),
      refusals.tooManyPending(10, 10),
      refusals.unknownIssuance,
      refusals.notHolder,
      refusals.alreadyMarked("x"),
      refusals.storageUnavailable,
      gate.failed,
      gate.stale,
      wizard.noTargets,
      failed.gone,
      failed.notDropped,
      employee.history.unavailable,
      employee.repeat.impossible,
      ...Object.values(refusals.telegram),
    ]
    for (const text of failures(ru)) {
      assert.match(text, /[Нн]ичего не|Новое не выдано|Новая отметка не поставлена/)
    }
    for (const text of failures(en)) {
      assert.match(text, /[Nn]othing (new )?(was|is|changed)|new mark was not set/)
    }
  })

  it("are chosen by the setting", () => {
    assert.strictEqual(textsOf("ru").menu.help, "Помощь")
    assert.strictEqual(textsOf("en").menu.help, "Help")
    assert.strictEqual(textsOf("en").label({ ru: "Блок", en: "Blocked" }), "Blocked")
  })
})

describe("plurals", () => {
  const rows = russian("строка", "строки", "строк")
  for (const [count, text] of [
    [0, "0 строк"],
    [1, "1 строка"],
    [2, "2 строки"],
    [5, "5 строк"],
    [11, "11 строк"],
    [12, "12 строк"],
    [21, "21 строка"],
    [22, "22 строки"],
    [25, "25 строк"],
    [101, "101 строка"],
    [111, "111 строк"],
  ] as const) {
    it(text, () => assert.strictEqual(rows(count), text))
  }
  it("1 row, 2 rows, 21 rows", () =>
    assert.deepStrictEqual([1, 2, 21].map(english("row", "rows")), ["1 row", "2 rows", "21 rows"]))
})
