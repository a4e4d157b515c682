import { assert, describe, it } from "vitest"
import { headerFromBase, wordsOf, wordsRead } from "../../src/domain/sheetWords.ts"

describe("the words in sheets", () => {
  it("are Russian where the catalogue says nothing else, each by itself", () => {
    assert.deepStrictEqual(wordsOf({}), {
      auto: "авто",
      withheld: "Изъято",
      broken: "не работает",
      noHeader: "Без заголовка",
      notes: "Примечания",
      region: "Регион",
      fromBase: "(из таблицы)",
    })
    assert.deepInclude(wordsOf({ sheetWords: { auto: "by timer" } }), {
      auto: "by timer",
      withheld: "Изъято",
    })
  })

  it("are read as the catalogue has them and in both languages", () => {
    assert.deepStrictEqual(wordsRead({}, "withheld"), ["Изъято", "Taken back"])
    const own = { sheetWords: { withheld: "Entzogen" } }
    assert.deepStrictEqual(wordsRead(own, "withheld"), ["Entzogen", "Изъято", "Taken back"])
  })

  it("stand behind the header that would be another column's", () => {
    assert.strictEqual(headerFromBase({}, "Статус"), "Статус (из таблицы)")
    const english = { sheetWords: { fromBase: "(from the sheet)" } }
    assert.strictEqual(headerFromBase(english, "Status"), "Status (from the sheet)")
  })
})
