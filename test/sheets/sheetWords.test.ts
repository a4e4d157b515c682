/** A company whose catalogue has words of its own for what the bot puts into its sheets. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Resource } from "../../src/domain/Catalogue.ts"
import { TelegramId } from "../../src/domain/Employee.ts"
import { withheld } from "../../src/domain/Issuance.ts"
import { inItsRegion } from "../../src/scheduler/rowReading.ts"
import { readRow } from "../../src/sheets/BaseRow.ts"
import { markedText, saysStatus, statusText } from "../../src/sheets/Flush.ts"
import { baseColumns, issuedColumns, newIssuedHeader } from "../../src/sheets/Headers.ts"
import { readPastRows } from "../../src/sheets/IssuedHistory.ts"
import { faultText } from "../../src/sheets/registryRows.ts"
import type { CellData } from "../../src/sheets/SheetsClient.ts"
import { vk, vkTab, zone } from "./bench.ts"

const own: Resource = {
  ...vk,
  sheetWords: {
    auto: "by timer",
    withheld: "Taken back",
    broken: "not working",
    noHeader: "No header",
    notes: "Notes",
    region: "Region",
    fromBase: "(from the sheet)",
  },
}

/** Noon in Moscow. */
const noon = Date.UTC(2026, 10, 22, 9)
const by = TelegramId.make(2)
const mark = (status: string, auto: boolean) => ({ status, at: noon, by, auto })

const text = (stringValue: string): CellData => ({
  userEnteredValue: { stringValue },
  effectiveValue: { stringValue },
})

/** What the row has beside the columns of the item, by its header in the issued tab. */
const extrasOf = (resource: Resource) => {
  const header = ["Дата", "Логин", "Пароль", "Регион"]
  const columns = Result.getOrThrow(baseColumns(resource, header))
  const cells = [
    text("21.11.2026 10:00"),
    { ...text("user1@example.com"), note: "asked for twice" },
    text("pass-1"),
    text("London (old)"),
    text("spare"),
  ]
  const row = readRow({ resource, tab: vkTab, columns, id: "T-0", phoneCountry: "RU" }, cells)
  if (row._tag !== "Item") return assert.fail(row._tag)
  const placed = inItsRegion(row.item, () => "London", resource)
  if (placed._tag !== "Item") return assert.fail(placed._tag)
  return placed.item.extras.map(({ header: name }) => name)
}

/** Whether a row of history that says this was marked by the timer, and when. */
const readMark = (resource: Resource, marked: string) => {
  const header = resource.issuedColumns.map((column) => column.header)
  const columns = Result.getOrThrow(issuedColumns(resource, header))
  const cells = { Логин: "user1@example.com", "Дата выдачи": "21.11.2026", Отмечено: marked }
  const row = header.map((name) => new Map(Object.entries(cells)).get(name) ?? "")
  const around = { zone, now: noon, phoneCountry: "RU" } as const
  const [read] = readPastRows(resource, columns, [row], around).rows
  return [read?.auto, read?.markedAt]
}

describe("words of a catalogue of one's own", () => {
  it("stand in the cells of a mark", () => {
    assert.strictEqual(markedText(vk, mark("good", true), zone), "22.11.2026 12:00 авто")
    assert.strictEqual(markedText(own, mark("good", true), zone), "22.11.2026 12:00 by timer")
    assert.strictEqual(markedText(own, mark("good", false), zone), "22.11.2026 12:00")
    assert.strictEqual(statusText(vk, mark(withheld, false)), "Изъято")
    assert.strictEqual(statusText(own, mark(withheld, false)), "Taken back")
  })

  it("stand in the registry of proxies", () => {
    const broken = { at: noon, by, stage: "anna", reason: "slow" }
    assert.strictEqual(faultText(vk, broken), "не работает: slow")
    assert.strictEqual(faultText(own, broken), "not working: slow")
    assert.strictEqual(faultText(own, { ...broken, reason: "" }), "not working")
  })

  it("are the headers of what stands beside the columns of an item", () => {
    assert.sameMembers(extrasOf(vk), [
      "Без заголовка",
      "Дата (из таблицы)",
      "Примечания",
      "Регион (из таблицы)",
    ])
    assert.sameMembers(extrasOf(own), [
      "No header",
      "Дата (from the sheet)",
      "Notes",
      "Region (from the sheet)",
    ])
    assert.include(newIssuedHeader(own, ["Статус"]), "Статус (from the sheet)")
  })

  it("are read back, and so are the words from before", () => {
    for (const word of ["by timer", "By Timer", "авто", "(авто)", "auto"]) {
      assert.deepStrictEqual(readMark(own, `22.11.2026 12:00 ${word}`), [true, noon], word)
    }
    assert.deepStrictEqual(readMark(own, "22.11.2026 12:00"), [false, noon])
    assert.deepStrictEqual(readMark(vk, "22.11.2026 12:00 by timer"), [false, null])
    const taken = mark(withheld, false)
    for (const status of ["taken back", "Изъято"]) assert.isTrue(saysStatus(own, taken, status))
    assert.isFalse(saysStatus(own, taken, "Хороший"))
    assert.isFalse(saysStatus(own, mark("good", false), "Taken back"))
  })
})
