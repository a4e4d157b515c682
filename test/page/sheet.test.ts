/** The sheets of the page: a person at them is at Google Sheets, and sees what the bot does. */
import type { Page } from "playwright-core"
import { afterEach, assert, describe, it } from "vitest"
import { ivan, typeOrder } from "../e2e/people.ts"
import { axeFindings, usePage } from "./usePage.ts"

const { demo, open, forgive } = usePage()

const book = "demo-accounts"
const title = "Проба"
const stock = [
  ["Имя", "Число", "Заметка"],
  ["anna", 3, "x"],
  ["boris", 1, "y"],
  ["clara", 2, "x"],
]

const sample = [
  ["anna", "3", "x"],
  ["boris", "1", "y"],
  ["clara", "2", "x"],
]

/** A tab that the bot does not know. */
const openSample = async (look: Parameters<typeof open>[0] = {}) => {
  await demo.edit(book, { op: "addTab", tab: title })
  await demo.edit(book, { op: "append", tab: title, rows: stock })
  const page = await open({ view: `place=sheets&sheet=${book}/${title}`, ...look })
  await cell(page, "A1").filter({ hasText: "Имя" }).waitFor()
  return page
}
afterEach(() => demo.edit(book, { op: "removeTab", tab: title }).catch(() => undefined))

const cell = (page: Page, name: string) => {
  const column = name.charCodeAt(0) - "A".charCodeAt(0)
  return page.locator(`.sheet-grid tr[aria-rowindex="${name.slice(1)}"] > td`).nth(column)
}

const rows = async () => (await demo.tab(book, title)).rows.map(({ cells }) => cells)

/** Waits until the sheet itself, not only the page, reads so. */
const reads = (expected: ReadonlyArray<ReadonlyArray<string>>) =>
  demo
    .eventually(`the rows ${JSON.stringify(expected)}`, async () =>
      JSON.stringify(await rows()) === JSON.stringify(expected) ? true : undefined,
    )
    .catch(async () => assert.deepStrictEqual(await rows(), expected))

/** Presses the keys one after another; a word of more than one letter in quotes is typed. */
const keys = async (page: Page, ...all: ReadonlyArray<string>) => {
  for (const key of all) {
    if (key.startsWith('"')) await page.keyboard.type(key.slice(1, -1))
    else await page.keyboard.press(key)
  }
}

const nameBox = (page: Page) => page.getByRole("textbox", { name: "Ячейка или диапазон" })
const isNamed = async (page: Page, name: string) =>
  demo.eventually(`the selection ${name}`, async () =>
    (await nameBox(page).inputValue()) === name ? true : undefined,
  )

const choose = (page: Page, item: string | RegExp) =>
  page.getByRole("menuitem", { name: item }).click()

/** What a person would paste from, and finds after copying. */
const clipboard = async (page: Page, text?: string) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"])
  if (text !== undefined) {
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`)
  }
  return page.evaluate<string>("navigator.clipboard.readText()")
}

describe("typing", () => {
  it("over a cell replaces it, and Enter, Tab and Escape do what they do in a spreadsheet", async () => {
    const page = await openSample()
    await cell(page, "A5").click()
    await keys(page, '"dora"', "Tab", '"05.12.2026"', "Tab", '"0042"', "Enter")
    await isNamed(page, "A6")
    await reads([
      ["anna", "3", "x"],
      ["boris", "1", "y"],
      ["clara", "2", "x"],
      ["dora", "05.12.2026", "0042"],
    ])
    const written = (await demo.tab(book, title)).rows[3]
    assert.deepInclude(written, { values: ["dora", 46361, "0042"] })

    await cell(page, "B2").click()
    await keys(page, '"9"', "Escape", "F2", '"7"', "Enter")
    await isNamed(page, "B3")
    await cell(page, "A3").dblclick()
    await keys(page, '"!"', "Enter", "Delete")
    await reads([
      ["anna", "37", "x"],
      ["boris!", "1", "y"],
      ["", "2", "x"],
      ["dora", "05.12.2026", "0042"],
    ])
  })

  it("happens in the formula bar too, which tells what is behind a cell", async () => {
    const page = await openSample()
    await demo.edit(book, {
      op: "set",
      tab: title,
      row: 2,
      column: 1,
      value: { formula: '="один"' },
    })
    await cell(page, "B3").filter({ hasText: "один" }).click()
    const bar = page.getByRole("textbox", { name: "Значение ячейки" })
    assert.strictEqual(await bar.inputValue(), '="один"')
    await bar.fill("'007")
    await bar.press("Enter")
    await reads([
      ["anna", "3", "x"],
      ["boris", "007", "y"],
      ["clara", "2", "x"],
    ])
    await nameBox(page).fill("b2:c3")
    await nameBox(page).press("Enter")
    await isNamed(page, "B2:C3")
    await page.locator("td.active-cell:focus").waitFor()
  })

  it("is for the row that the person saw, wherever it has moved, or for none", async () => {
    const page = await openSample()
    await cell(page, "A3").dblclick()
    await demo.edit(book, { op: "insert", tab: title, at: 1, rows: [["new"]] })
    await cell(page, "A2").filter({ hasText: "new" }).waitFor()
    await keys(page, '"+"', "Enter")
    const moved = [["new"], ["anna", "3", "x"], ["boris+", "1", "y"], ["clara", "2", "x"]]
    await reads(moved)
    await cell(page, "A5").dblclick()
    await demo.edit(book, { op: "delete", tab: title, at: 4, count: 1 })
    await demo.edit(book, { op: "append", tab: title, rows: [["other"]] })
    await cell(page, "A5").filter({ hasText: "other" }).waitFor()
    await keys(page, '"+"', "Enter")
    await page.getByText("Правка не записана, повторите её").waitFor()
    assert.deepStrictEqual(await rows(), [...moved.slice(0, 3), ["other"]])
    forgive(/409/)
  })
})

describe("a range", () => {
  it("is dragged, reached with Shift, copied, pasted and cleared", async () => {
    const page = await openSample()
    await cell(page, "A2").hover()
    await page.mouse.down()
    await cell(page, "B3").hover()
    await page.mouse.up()
    await isNamed(page, "A2:B3")
    await keys(page, "Shift+ArrowRight", "Shift+ArrowDown", "Shift+ArrowLeft", "Control+c")
    await isNamed(page, "A2:B4")
    assert.strictEqual(await clipboard(page), "anna\t3\nboris\t1\nclara\t2")
    await cell(page, "D2").click()
    await keys(page, "Control+v")
    await reads([
      ["anna", "3", "x", "anna", "3"],
      ["boris", "1", "y", "boris", "1"],
      ["clara", "2", "x", "clara", "2"],
    ])
    await isNamed(page, "D2:E4")
    await keys(page, "Delete")
    await cell(page, "B2").click()
    await cell(page, "C3").click({ modifiers: ["Shift"] })
    await keys(page, "Delete")
    await reads([["anna"], ["boris"], ["clara", "2", "x"]])
    await keys(page, "Control+a")
    await isNamed(page, "A1:C4")
  })

  it("is marked when it is cut, and moves when it is pasted, also onto itself", async () => {
    const page = await openSample()
    const frame = page.locator(".cut-frame")
    await cell(page, "B2").click()
    await cell(page, "C4").click({ modifiers: ["Shift"] })
    await keys(page, "Control+x")
    await frame.waitFor()
    await reads(sample)
    await keys(page, "Escape")
    await frame.waitFor({ state: "hidden" })

    await keys(page, "Control+x")
    await frame.waitFor()
    // The bot may have moved the rows since.
    await demo.edit(book, { op: "insert", tab: title, at: 1, rows: [["new"]] })
    await cell(page, "A2").filter({ hasText: "new" }).waitFor()
    await cell(page, "C4").click()
    await keys(page, "Control+v")
    const moved = [["new"], ["anna"], ["boris", "", "3", "x"], ["clara", "", "1", "y"]]
    await reads([...moved, ["", "", "2", "x"]])
    assert.isTrue(await frame.isHidden())
    await keys(page, "Control+z")
    await reads([["new"], ...sample])

    // The page learns of it a moment later, and what is cut is what the person sees.
    await cell(page, "C4").filter({ hasText: "y" }).waitFor()
    await cell(page, "C4").click()
    await keys(page, "Control+x")
    await page
      .locator(".sheets")
      .getByRole("tab", { name: /^Rambler/ })
      .click()
    await cell(page, "F1").click()
    await keys(page, "Control+v")
    await reads([["new"], ["anna", "3", "x"], ["boris", "1"], ["clara", "2", "x"]])
    const { header } = await demo.tab(book, "Rambler")
    assert.strictEqual(header[5], "y")
    await demo.edit(book, { op: "set", tab: "Rambler", row: 0, column: 5, value: null })
  })

  it("is pasted from a real spreadsheet, several rows, below all that is there too", async () => {
    const page = await openSample()
    await clipboard(page, '05.12.2026\t79000000101\r\n"две\nстроки"\t=1+1\r\n')
    await cell(page, "B4").click()
    await keys(page, "Control+v")
    await reads([
      ["anna", "3", "x"],
      ["boris", "1", "y"],
      ["clara", "05.12.2026", "79000000101"],
      ["", "две\nстроки", "#ERROR!"],
    ])
    await keys(page, "Control+z")
    await reads([
      ["anna", "3", "x"],
      ["boris", "1", "y"],
      ["clara", "2", "x"],
    ])
  })
})

describe("merged cells", () => {
  it("are one cell, which the keys step over and a filter keeps in shape", async () => {
    const page = await openSample()
    const block = { row: 1, column: 0, rows: 2, columns: 2 }
    await demo.edit(book, { op: "merge", tab: title, ...block })
    const merged = cell(page, "A2")
    await page.locator('.sheet-grid td[colspan="2"][rowspan="2"]').waitFor()
    assert.strictEqual(await merged.textContent(), "anna")
    assert.isFalse(await cell(page, "B3").isVisible())
    const [whole, below] = [await merged.boundingBox(), await cell(page, "A4").boundingBox()]
    assert.isAtLeast(whole?.height ?? 0, (below?.height ?? 0) * 2)

    await merged.click()
    await isNamed(page, "A2")
    await keys(page, "ArrowRight")
    await isNamed(page, "C2")
    await keys(page, "ArrowDown", "ArrowLeft")
    await isNamed(page, "A2")
    await keys(page, "ArrowDown")
    await isNamed(page, "A4")
    await keys(page, "ArrowUp", '"one"', "Enter")
    await reads([
      ["one", "", "x"],
      ["", "", "y"],
      ["clara", "2", "x"],
    ])

    await demo.edit(book, { op: "hide", tab: title, at: 2, count: 1 })
    await page.locator('.sheet-grid td[colspan="2"][rowspan="1"]').waitFor()
  })
})

describe("a column", () => {
  const widthOf = async (page: Page, name: string) =>
    Math.round((await cell(page, name).boundingBox())?.width ?? 0)

  it("becomes wider by its edge or by keys, fits its texts again, and a reload keeps it", async () => {
    const page = await openSample()
    const width = await widthOf(page, "B2")
    const edge = page.locator(".column-letters th").nth(1).locator("i")
    await edge.hover()
    await page.mouse.down()
    const { x, y } = (await edge.boundingBox()) ?? { x: 0, y: 0 }
    await page.mouse.move(x + 100, y, { steps: 4 })
    await page.mouse.up()
    const dragged = await widthOf(page, "B2")
    assert.closeTo(dragged, width + 100, 8)
    assert.strictEqual(await nameBox(page).inputValue(), "A2")

    await cell(page, "B2").click()
    await keys(page, "Alt+Shift+ArrowRight")
    assert.strictEqual(await widthOf(page, "B2"), dragged + 16)
    await page.reload()
    await cell(page, "B2").filter({ hasText: "3" }).waitFor()
    assert.strictEqual(await widthOf(page, "B2"), dragged + 16)
    await edge.dblclick()
    assert.strictEqual(await widthOf(page, "B2"), width)
  })
})

describe("undo", () => {
  it("takes back one's own edits and does them again, also where rows have moved", async () => {
    const page = await openSample()
    await cell(page, "A2").click()
    await keys(page, '"one"', "Enter", "Delete")
    await reads([
      ["one", "3", "x"],
      ["", "1", "y"],
      ["clara", "2", "x"],
    ])
    await demo.edit(book, { op: "insert", tab: title, at: 1, rows: [["new"]] })
    await cell(page, "A2").filter({ hasText: "new" }).waitFor()
    await keys(page, "Control+z", "Control+z")
    await reads([["new"], ["anna", "3", "x"], ["boris", "1", "y"], ["clara", "2", "x"]])
    await keys(page, "Control+y")
    await reads([["new"], ["one", "3", "x"], ["boris", "1", "y"], ["clara", "2", "x"]])
  })

  it("leaves alone what is no longer what the edit wrote, and says so", async () => {
    const page = await openSample()
    await cell(page, "A2").click()
    await keys(page, '"one"', "Enter")
    await reads([
      ["one", "3", "x"],
      ["boris", "1", "y"],
      ["clara", "2", "x"],
    ])
    await demo.edit(book, { op: "set", tab: title, row: 1, column: 0, value: "two" })
    await page.getByRole("button", { name: "Отменить (Ctrl+Z)" }).click()
    await page.getByText("там уже не то, что записала правка").waitFor()
    assert.deepStrictEqual((await rows())[0], ["two", "3", "x"])
    forgive(/409/)
  })
})

describe("the menu of the cells", () => {
  it("opens by the keyboard, and inserts, deletes, hides and shows rows", async () => {
    const page = await openSample()
    await cell(page, "B3").click()
    await keys(page, "Shift+F10")
    await choose(page, "Вставить строку выше")
    await reads([["anna", "3", "x"], [], ["boris", "1", "y"], ["clara", "2", "x"]])
    await cell(page, "A4").filter({ hasText: "boris" }).waitFor()
    await cell(page, "A3").click({ button: "right" })
    await choose(page, "Удалить строку")
    await reads([
      ["anna", "3", "x"],
      ["boris", "1", "y"],
      ["clara", "2", "x"],
    ])
    await cell(page, "A3").filter({ hasText: "boris" }).click({ button: "right" })
    await choose(page, "Скрыть строку")
    await cell(page, "A3").waitFor({ state: "hidden" })
    await page.getByRole("button", { name: "Показать скрытые строки: 1" }).click()
    await cell(page, "A3").waitFor()
    await page.getByRole("button", { name: /^Действия с выделенным/ }).click()
    await keys(page, "Escape")
    await page.locator("td.active-cell:focus").waitFor()
  })

  it("puts a note on a cell, which is shown with the cell", async () => {
    const page = await openSample()
    await cell(page, "B3").click()
    await keys(page, "Shift+F2", '"проверить"')
    await page.getByRole("button", { name: "Сохранить" }).click()
    await page.locator(".sheet-note", { hasText: "проверить" }).waitFor()
    await cell(page, "A2").click()
    await page.locator(".sheet-note").waitFor({ state: "hidden" })
    await cell(page, "B3").hover()
    await page.locator(".sheet-note", { hasText: "проверить" }).waitFor()
    assert.strictEqual(await cell(page, "B3").getAttribute("aria-description"), "проверить")
    // A change by somebody else does not take the note from under the mouse.
    await demo.edit(book, { op: "set", tab: title, row: 1, column: 2, value: "z" })
    await cell(page, "C2").filter({ hasText: "z" }).waitFor()
    assert.isTrue(await page.locator(".sheet-note", { hasText: "проверить" }).isVisible())
  })

  it("sorts the tab and filters it by the values of a column", async () => {
    const page = await openSample()
    await cell(page, "B1").hover()
    await page.getByRole("button", { name: "Сортировка и фильтр: Число" }).click()
    await choose(page, "Сортировать лист А → Я")
    await reads([
      ["boris", "1", "y"],
      ["clara", "2", "x"],
      ["anna", "3", "x"],
    ])
    await cell(page, "C2").filter({ hasText: "y" }).click({ button: "right" })
    await choose(page, "Фильтр по значению…")
    await page.getByRole("checkbox", { name: "x", exact: true }).uncheck()
    await page.getByRole("button", { name: "ОК", exact: true }).click()
    await cell(page, "A3").waitFor({ state: "hidden" })
    await page.getByText("Фильтр: 1 из 3").waitFor()
    await page.getByRole("button", { name: "Убрать фильтр" }).click()
    await cell(page, "A3").filter({ hasText: "clara" }).waitFor()
  })
})

describe("the tabs", () => {
  it("stand in one row at 1280 px, with the hidden ones of the bot on demand", async () => {
    const page = await open({ width: 1280 })
    const tabs = page.locator(".sheets").getByRole("tab")
    await page.locator(".sheets").getByRole("button", { name: "Выдано" }).click()
    await tabs.filter({ hasText: "Мамба_Выдано" }).click()
    const tops = await tabs.evaluateAll((all) => all.map((tab) => tab.getBoundingClientRect().top))
    assert.isAbove(tops.length, 5)
    assert.lengthOf(new Set(tops), 1)
    await page.locator(".sheets").getByRole("button", { name: "Аккаунты" }).click()
    const inbox = tabs.filter({ hasText: "_bot_inbox" })
    assert.strictEqual(await inbox.count(), 0)
    await page.getByRole("button", { name: "скрытые листы: 1" }).click()
    await inbox.click()
    assert.match(decodeURIComponent(page.url()), /sheet=demo-accounts\/_bot_inbox/)
    await page.reload()
    await page.locator('[role="tab"][aria-selected="true"]', { hasText: "_bot_inbox" }).waitFor()
  })

  it("follow the bot: the one that it writes to opens, and the new rows flash", async () => {
    const page = await open({ view: `sheet=${book}/ВКонтакте` })
    const selected = page.locator(".sheets").getByRole("tab", { selected: true })
    await selected.filter({ hasText: "ВКонтакте" }).waitFor()
    const issue = async () => {
      const messageId = await typeOrder(demo, ivan, "gmail 495 1")
      await demo.press(ivan, "Любые", messageId)
      await demo.press(ivan, "✅ Хороший", messageId)
      await demo.advance("2 minutes")
    }
    const flash = page
      .locator("tr.just-changed", { hasText: "gmail-50" })
      .first()
      .waitFor({ timeout: 60_000 })
    await issue()
    await selected.filter({ hasText: "Gmail_Выдано" }).waitFor()
    await flash

    // The half minute for which the page stays with a tab that a person opened does not end.
    await page.clock.setFixedTime("2100-01-01T12:00:00Z")
    await page
      .locator(".sheets")
      .getByRole("tab", { name: /^Сводка/ })
      .click()
    await issue()
    const written = page.locator(".sheets").getByRole("tab", { name: /^Gmail_Выдано/ })
    await written.filter({ hasText: "2" }).waitFor()
    assert.match((await written.getAttribute("aria-description")) ?? "", /есть новое/)
    assert.match((await selected.textContent()) ?? "", /^Сводка/)
  })
})

describe("on a phone", () => {
  it("a tap selects, a second one edits, and a row is added at the bottom", async () => {
    const page = await openSample({ width: 390 })
    await cell(page, "A3").tap()
    await isNamed(page, "A3")
    assert.strictEqual(await page.locator(".cell-editor").count(), 0)
    await cell(page, "A3").tap()
    await page.locator(".cell-editor").fill("bob")
    await keys(page, "Enter")
    await page.getByRole("button", { name: "+ строка" }).tap()
    await page.getByRole("dialog").getByLabel("Имя").fill("dora")
    await page.getByRole("button", { name: "Добавить" }).click()
    await reads([["anna", "3", "x"], ["bob", "1", "y"], ["clara", "2", "x"], ["dora"]])
    const width = await page.evaluate<number>("document.documentElement.scrollWidth")
    assert.isAtMost(width, 390)
  })
})

describe("everybody", () => {
  const looks = [
    { lang: "ru", theme: "light" },
    { lang: "en", theme: "dark" },
  ] as const
  for (const look of looks) {
    it(`can use the sheets, which axe has nothing against: ${look.lang}, ${look.theme}`, async () => {
      const page = await openSample(look)
      await cell(page, "B2").click()
      assert.deepStrictEqual(await axeFindings(page, { include: [".sheets"] }), [])
      await keys(page, "Shift+F10")
      assert.deepStrictEqual(await axeFindings(page, { include: [".sheet-menu"] }), [])
    })
  }

  it("sees a change among 500 rows without the others being drawn anew", async () => {
    await demo.edit(book, { op: "addTab", tab: title })
    const many = Array.from({ length: 500 }, (_, at) => [`row ${at}`, at, "x"])
    await demo.edit(book, {
      op: "append",
      tab: title,
      rows: [["Имя", "Число", "Заметка"], ...many],
    })
    const page = await open({ view: `sheet=${book}/${title}` })
    await cell(page, "A501").waitFor({ state: "attached" })
    await page.evaluate(`
      window.changed = new Set()
      new MutationObserver((all) => {
        for (const { target } of all) {
          window.changed.add((target.nodeType === 1 ? target : target.parentElement).closest("tr"))
        }
      }).observe(document.querySelector(".sheet-grid tbody"), {
        childList: true, subtree: true, characterData: true
      })`)
    await demo.edit(book, { op: "set", tab: title, row: 300, column: 0, value: "changed" })
    await cell(page, "A301").filter({ hasText: "changed" }).waitFor({ state: "attached" })
    assert.strictEqual(await page.evaluate<number>("window.changed.size"), 1)
  })
})
