/** The chats of the page: a person in one is in Telegram. */
import type { Page } from "playwright-core"
import { assert, describe, it } from "vitest"
import { ivan } from "../e2e/people.ts"
import { axeFindings, overflow, usePage } from "./usePage.ts"

const { demo, open } = usePage()

/** The token of the demo's bot, in whose name a test writes what the bot itself never would. */
const token = "7900000001:demo-token-that-opens-nothing"
const asBot = <A>(method: string, body: object) =>
  demo.post<{ readonly result: A }>(`/bot${token}/${method}`, body).then(({ result }) => result)

/** Gives the number of the message. */
const botSays = async (userId: number, text: string, more: object = {}): Promise<number> => {
  const body = { chat_id: userId, text, parse_mode: "HTML", ...more }
  return (await asBot<{ readonly message_id: number }>("sendMessage", body)).message_id
}
const keyboard = (...rows: ReadonlyArray<ReadonlyArray<object>>) => ({
  reply_markup: { inline_keyboard: rows },
})

let people = 50
const newPerson = async (firstName = "Анна") => {
  people += 1
  await demo.post("/sim/users", { id: people, firstName, languageCode: "ru" })
  return people
}

/** Somebody whom the bot may write to, as he has written first. */
const guest = async () => {
  const id = await newPerson()
  await demo.say(id, "/start")
  return id
}

const chatOf = async (userId: number, look: Parameters<typeof open>[0] = {}) => {
  const page = await open({ ...look, view: `left=${userId}` })
  return { page, chat: page.locator("section.chat.first") }
}

const menuItem = (page: Page, name: string) => page.getByRole("menuitem", { name })
const clipboard = async (page: Page) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"])
  return () => page.evaluate<string>("navigator.clipboard.readText()")
}
const lastOf = async (userId: number) => (await demo.chat(userId)).at(-1)

/** The words of the bot's buttons that stand on two lines. */
const brokenWords = `[...document.querySelectorAll(".chat.first .key")].flatMap(({ firstChild }) =>
  [...firstChild.data.matchAll(/\\S+/g)].filter(({ 0: word, index }) => {
    const range = new Range()
    range.setStart(firstChild, index)
    range.setEnd(firstChild, index + word.length)
    return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1
  }).map(([word]) => word)
)`
/** What reaches out of the pane. The button beside a message that is not pointed at is not seen. */
const cutOff = `(() => {
  const pane = document.querySelector(".chat.first")
  const { left, right } = pane.getBoundingClientRect()
  return [...pane.querySelectorAll("button:not(.reply), .bubble, textarea")]
    .map((node) => [node, node.getBoundingClientRect()])
    .filter(([, box]) => box.width > 0 && (box.left < left || box.right > right + 0.5))
    .map(([node]) => node.outerHTML.slice(0, 80))
})()`
/** The names of all that the page itself says in the pane. */
const ownWords = `[...document.querySelectorAll(".chat.first [title], .chat.first [aria-label]")]
  .filter((node) => node.closest(".text, .account, .command-row") === null)
  .flatMap((node) => [node.title, node.getAttribute("aria-label") ?? ""])
  .join(" ")`

describe("messages", () => {
  it("have one tick until the bot has taken them, then two", async () => {
    const id = await guest()
    const { chat } = await chatOf(id)
    await demo.fault({ api: "telegram", method: "getUpdates", kind: "status", times: 1_000 })
    await demo.say(id, "есть кто?")
    const message = chat.locator(".message.user").filter({ hasText: "есть кто?" })
    await message.getByRole("img", { name: "бот ещё не взял" }).waitFor()
    assert.isFalse(await message.locator(".ticks .second").isVisible())
    await fetch(`${demo.address}/sim/faults`, { method: "DELETE" })
    await message.getByRole("img", { name: "Бот получил" }).waitFor()
    assert.isTrue(await message.locator(".ticks .second").isVisible())
  })

  it("show the formats of Telegram: code copies, a spoiler hides until it is pressed", async () => {
    const id = await guest()
    const { page, chat } = await chatOf(id)
    const copied = await clipboard(page)
    const html = `<b>Данные</b>\n<blockquote>цитата</blockquote>\nЛогин <code>anna-7</code>, пароль <tg-spoiler>s3cret</tg-spoiler>`
    await botSays(id, html, keyboard([{ text: "Всё сразу", copy_text: { text: "anna-7:s3cret" } }]))
    const message = chat.locator(".message").filter({ hasText: "Данные" })
    assert.strictEqual(await message.locator("blockquote").textContent(), "цитата")

    await message.getByText("anna-7", { exact: true }).click()
    await chat.getByText("Скопировано: anna-7").waitFor()
    assert.strictEqual(await copied(), "anna-7")
    await message.getByRole("button", { name: "Показать" }).click()
    await message.locator(".spoiler.open").filter({ hasText: "s3cret" }).waitFor()
    assert.strictEqual(await message.getByRole("button", { name: "Показать" }).count(), 0)
    await message.getByRole("button", { name: "Всё сразу" }).click()
    await chat.getByText("Скопировано: anna-7:s3cret").waitFor()
    assert.strictEqual(await copied(), "anna-7:s3cret")
  })

  it("fade when the bot deletes them, and their author is told", async () => {
    const id = await guest()
    const { chat } = await chatOf(id, { moves: true })
    const { messageId } = await demo.say(id, "пароль от всего")
    const message = chat.locator(`[data-message-id="${messageId}"]`)
    await message.waitFor()
    await asBot("deleteMessage", { chat_id: id, message_id: messageId })
    await chat.getByText("Бот удалил ваше сообщение").waitFor()
    await message.waitFor({ state: "detached" })
  })

  it("of a long chat are drawn as far as a person scrolls, and what comes meanwhile is counted", async () => {
    const id = await guest()
    const { page, chat } = await chatOf(ivan)
    const message = (messageId: number) => ({
      messageId,
      from: "bot",
      sentAt: 1_795_337_852_000 + messageId * 1_000,
      text: `сообщение ${messageId}`,
      keyboard: [],
    })
    const said = Array.from({ length: 250 }, (_, index) => message(index + 1))
    await page.route(`**/sim/chats/${id}`, (route) => route.fulfill({ json: said }))
    await chat.locator(`[title="Telegram ID ${id}"]`).click()
    await chat.locator(".message").filter({ hasText: "сообщение 250" }).waitFor()
    assert.strictEqual(await chat.locator(".message").count(), 100)

    await page.evaluate('document.querySelector(".chat.first .scroller").scrollTop = 0')
    await demo.eventually("older messages", async () =>
      (await chat.locator(".message").count()) === 200 ? true : undefined,
    )
    said.push(message(251))
    await chat.getByRole("button", { name: "К последним сообщениям, новых: 1" }).click()
    await chat.locator(".message").filter({ hasText: "сообщение 251" }).waitFor()
    await chat.locator(".to-end").waitFor({ state: "hidden" })
  })
})

describe("a button of the bot", () => {
  it("spins until the bot has answered, whose answer is a toast or an alert", async () => {
    const id = await guest()
    const { page, chat } = await chatOf(id)
    // The bot says nothing to a tap of somebody whom it does not know: the test answers for it.
    const answers = async (answer: object) => {
      await botSays(id, "Нажмите", keyboard([{ text: "Сюда", callback_data: "nothing:of:ours" }]))
      const pressed = page.waitForResponse("**/sim/taps")
      await chat.getByRole("button", { name: "Сюда" }).last().click()
      const { callbackQueryId } = (await (await pressed).json()) as { callbackQueryId: string }
      await chat.locator('.key[aria-busy="true"]').waitFor()
      await asBot("answerCallbackQuery", { callback_query_id: callbackQueryId, ...answer })
      await chat.locator('.key[aria-busy="true"]').waitFor({ state: "detached" })
    }
    await answers({ text: "Принято" })
    await chat.getByText("Принято").waitFor()
    await answers({ text: "Сначала выберите регион", show_alert: true })
    const alert = page.getByRole("dialog")
    await alert.getByText("Сначала выберите регион").waitFor()
    await alert.getByRole("button", { name: "Понятно" }).click()
    await alert.waitFor({ state: "detached" })
    await chat.locator(".key:focus").waitFor()
  })

  const widths = [1600, 1280, 768, 390] as const
  it.each(widths)(
    "never breaks a label within a word, and nothing is cut off at %i px",
    async (width) => {
      const id = await guest()
      await botSays(
        id,
        "?",
        keyboard(
          ["Подтверждение", "Восстановление", "Регистрация", "Переназначение"].map((text) => ({
            text,
            callback_data: "a",
          })),
          [{ text: "✅ Остальные: хороший", callback_data: "a", style: "success" }],
        ),
      )
      const { page, chat } = await chatOf(id, { width })
      await chat.locator(".key.success").waitFor()
      const broken = await page.evaluate<ReadonlyArray<string>>(brokenWords)
      assert.deepStrictEqual(broken, [])
      const cut = await page.evaluate<ReadonlyArray<string>>(cutOff)
      assert.deepStrictEqual(cut, [])
      assert.strictEqual(await overflow(page), 0)
    },
  )
})

describe("a person", () => {
  it("answers a message, and comes to it by the quote in his own", async () => {
    const id = await guest()
    const asked = await botSays(id, "Какой регион?")
    const { chat } = await chatOf(id)
    const question = chat.locator(".message").filter({ hasText: "Какой регион?" })
    await question.hover()
    await question.getByRole("button", { name: "Ответить" }).click()
    await chat.locator("textarea").fill("495")
    await chat.locator("textarea").press("Enter")
    const answer = chat.locator(".message.user").filter({ hasText: "495" })
    const quote = answer.getByRole("button", { name: "Какой регион?" })
    await quote.click()
    await chat.locator(`.flash[data-message-id="${asked}"]`).waitFor()
    const said = await demo.get<ReadonlyArray<{ text: string; replyTo?: number }>>(
      `/sim/chats/${id}`,
    )
    const sent = said.find(({ text }) => text === "495")
    assert.strictEqual(sent?.replyTo, asked)
  })

  it("edits what he wrote last with the arrow up", async () => {
    const id = await guest()
    const { chat } = await chatOf(id)
    const field = chat.locator("textarea")
    await field.fill("опечтака")
    await field.press("Enter")
    await chat.locator(".message.user").filter({ hasText: "опечтака" }).waitFor()
    await field.press("ArrowUp")
    assert.strictEqual(await field.inputValue(), "опечтака")
    await field.fill("опечатка")
    await field.press("Enter")
    const message = chat.locator(".message.user").filter({ hasText: "опечатка" })
    await message.getByText("изменено").waitFor()
    assert.strictEqual(await field.inputValue(), "")
  })

  it("sends a picture, which opens large and gives the focus back", async () => {
    const id = await guest()
    const { page, chat } = await chatOf(id)
    await chat.getByRole("button", { name: "Прикрепить" }).click()
    await menuItem(page, "Готовая картинка").click()
    await page.getByLabel("Подпись").fill("вот она")
    await page.keyboard.press("Enter")
    const picture = chat
      .locator(".message.user")
      .filter({ hasText: "вот она" })
      .getByRole("button", {
        name: "Открыть картинку",
      })
    await picture.click()
    await page.getByRole("dialog", { name: "вот она" }).waitFor()
    await page.keyboard.press("Escape")
    await page.getByRole("dialog").waitFor({ state: "detached" })
    await chat.locator(".photo:focus").waitFor()
    const loaded = await page.evaluate<boolean>(
      'document.querySelector(".chat.first .photo img").naturalWidth === 640',
    )
    assert.isTrue(loaded)
  })

  it("sends a sticker and a file, and forwards what the bot and what others wrote", async () => {
    const id = await guest()
    await botSays(id, "от бота")
    const { page, chat } = await chatOf(id)
    const attach = chat.getByRole("button", { name: "Прикрепить" })
    await attach.click()
    await menuItem(page, "Стикер").click()
    await menuItem(page, "🎉").click()
    await chat.locator(".sticker").filter({ hasText: "🎉" }).waitFor()

    await attach.click()
    const choosing = page.waitForEvent("filechooser")
    await menuItem(page, "Картинка или файл").click()
    const file = { name: "list.csv", mimeType: "text/csv", buffer: Buffer.from("a;b\n") }
    await (await choosing).setFiles(file)
    await page.getByRole("dialog").getByRole("button", { name: "Отправить" }).click()
    await chat.getByRole("link", { name: "Скачать list.csv" }).waitFor()

    await chat.locator(".bubble").filter({ hasText: "от бота" }).click({ button: "right" })
    await menuItem(page, "Переслать боту").click()
    const forwarded = chat.locator(".message.user .forwarded")
    await forwarded.filter({ hasText: "Account Bot" }).waitFor()

    await attach.click()
    await menuItem(page, "Переслать чужое сообщение").click()
    await page.getByLabel("Кто его написал").fill("Глеб")
    await page.getByLabel("Сообщение", { exact: true }).fill("vk 495 5")
    await page.keyboard.press("Enter")
    await forwarded.filter({ hasText: "Глеб" }).waitFor()
  })

  it("is offered the commands that begin as he types, and sends one with Enter", async () => {
    const { chat } = await chatOf(ivan)
    const field = chat.locator("textarea")
    const offered = chat.getByRole("option")
    await field.fill("/st")
    await offered.filter({ hasText: "/stats" }).waitFor()
    for (const text of await offered.allTextContents()) assert.include(text, "/st")
    await field.press("Escape")
    await offered.first().waitFor({ state: "hidden" })

    await field.fill("")
    const menu = chat.getByRole("button", { name: "Меню", exact: true })
    await menu.click()
    assert.strictEqual(await menu.getAttribute("aria-expanded"), "true")
    const commands = await demo.get<ReadonlyArray<object>>(`/sim/commands/${ivan}`)
    assert.strictEqual(await offered.count(), commands.length)
    await chat.page().keyboard.press("Escape")
    await chat.locator("textarea:focus").waitFor()
    assert.strictEqual(await menu.getAttribute("aria-expanded"), "false")

    await field.fill("/stat")
    await field.press("Enter")
    await demo.eventually("the command to be sent", async () =>
      (await demo.chat(ivan)).some(({ from, text }) => from === "user" && text === "/stats")
        ? true
        : undefined,
    )
  })

  it("begins an empty chat with one press, blocks the bot and lets it in again", async () => {
    const id = await newPerson("Новенький")
    const { chat } = await chatOf(id)
    await chat.getByText("Вы пишете как Новенький").waitFor()
    await chat.getByRole("button", { name: "/start" }).click()
    await chat.locator(".message.bot").waitFor()
    await chat.getByRole("button", { name: "Новенький: заблокировать бота" }).click()
    await chat.getByRole("button", { name: "Разблокировать бота" }).click()
    await chat.getByRole("textbox", { name: "Сообщение боту от имени Новенький" }).waitFor()
  })
})

describe("the accounts", () => {
  it("count what has come for those who are not shown, and the address keeps who is", async () => {
    const id = await guest()
    const { page, chat } = await chatOf(ivan)
    const ivans = chat.getByRole("tab", { name: "Иван" })
    assert.strictEqual(await ivans.getAttribute("aria-selected"), "true")
    await botSays(id, "раз")
    await botSays(id, "два")
    const account = chat.locator(`[title="Telegram ID ${id}"]`)
    await account.getByRole("img", { name: "новых сообщений: 2" }).waitFor()
    await chat.locator("textarea").fill("начатое")
    await account.click()
    await chat.locator(".message").filter({ hasText: "два" }).waitFor()
    await account.getByRole("img").waitFor({ state: "detached" })
    assert.strictEqual(await chat.locator("textarea").inputValue(), "")
    await ivans.click()
    assert.strictEqual(await chat.locator("textarea").inputValue(), "начатое")
    await account.click()
    await page.reload()
    await chat.locator(".message").filter({ hasText: "два" }).waitFor()
  })
})

describe("the pane", () => {
  const looks = [
    { theme: "light", width: 1600 },
    { theme: "dark", width: 1600 },
    { theme: "light", width: 390 },
    { theme: "dark", width: 390 },
  ] as const
  it.each(looks)("has no finding of axe: $theme, $width px", async (look) => {
    const id = await guest()
    await botSays(
      id,
      "<b>Имя</b> <code>x</code> <tg-spoiler>тайна <code>s</code></tg-spoiler>\n<blockquote expandable>a\nb\nc\nd\ne</blockquote>",
      keyboard([
        { text: "Да", callback_data: "a", style: "success" },
        { text: "Нет", callback_data: "b", style: "danger" },
        { text: "Ещё", callback_data: "c", style: "primary" },
        { text: "Копия", copy_text: { text: "x" } },
        { text: "Сайт", url: "https://example.com" },
      ]),
    )
    await demo.post("/sim/messages", { userId: id, photo: "sample", text: "вот" })
    await demo.post("/sim/messages", { userId: id, sticker: "👍" })
    await demo.post("/sim/messages", { userId: id, text: "ок", forwarded: { from: "Глеб" } })
    const last = await lastOf(id)
    await demo.post("/sim/messages", { userId: id, text: "ответ", replyTo: last?.messageId })
    const { page, chat } = await chatOf(id, look)
    const include = [".chat.first"]
    await chat.locator(".forwarded").waitFor()
    assert.deepStrictEqual(await axeFindings(page, { include }), [])
    await chat.getByRole("button", { name: "Меню", exact: true }).click()
    assert.deepStrictEqual(await axeFindings(page, { include }), [])
    await chat.getByRole("button", { name: "Прикрепить" }).click()
    assert.deepStrictEqual(await axeFindings(page, { include }), [])
    await menuItem(page, "Готовая картинка").click()
    await page.getByLabel("Подпись").waitFor()
    assert.deepStrictEqual(await axeFindings(page, { include }), [])
  })

  it("speaks English where the page does, and leaves the bot its own language", async () => {
    const id = await guest()
    const { page, chat } = await chatOf(id, { lang: "en" })
    await chat.getByRole("button", { name: "Menu", exact: true }).waitFor()
    await chat.getByRole("textbox", { name: "Message to the bot as Анна" }).waitFor()
    await demo.say(id, "привет")
    await chat.getByRole("img", { name: "The bot has it" }).first().waitFor()
    const own = (await page.evaluate<string>(ownWords)).replaceAll("Анна", "")
    assert.notMatch(own, /[а-яё]/i)
  })

  it("parts the days", async () => {
    const id = await guest()
    const { page, chat } = await chatOf(ivan)
    // 23:59 and 00:01 in Moscow.
    const said = [1_795_381_140_000, 1_795_381_260_000].map((sentAt, index) => ({
      messageId: index + 1,
      from: "bot",
      sentAt,
      text: "полночь",
      keyboard: [],
    }))
    await page.route(`**/sim/chats/${id}`, (route) => route.fulfill({ json: said }))
    await chat.locator(`[title="Telegram ID ${id}"]`).click()
    await chat.locator('.day + [data-message-id="2"]').waitFor()
    assert.deepStrictEqual(await chat.locator(".day").allTextContents(), ["22 ноября", "23 ноября"])
  })
})
