/**
 * A baseline: the same chat as far as a bare handler of grammY over an array has one. It keeps
 * nothing on disk, asks nobody who he is, and handles each update as soon as it comes.
 */
import { Api, Bot, type Context, InlineKeyboard } from "grammy"

const [apiRoot = "", token = "", count] = process.argv.slice(2)

const stock = Array.from({ length: Number(count) }, (_, n) => ({
  login: `goods${n}@example.com`,
  password: `password-${n}`,
})).toReversed()
const held = new Map<number, { readonly login: string; status: string | undefined }>()

const api = new Api(token, { apiRoot })
const bot = new Bot(token, { client: { apiRoot }, botInfo: await api.getMe() })

/** A tap is answered while its screen is drawn. */
const draw = (context: Context, text: string, keyboard: InlineKeyboard) =>
  Promise.all([
    context.answerCallbackQuery(),
    context.editMessageText(text, { parse_mode: "HTML", reply_markup: keyboard }),
  ])

bot.command("menu", (context) =>
  context.reply("<b>Что выдать?</b>", {
    parse_mode: "HTML",
    reply_markup: new InlineKeyboard().text("VK", "resource"),
  }),
)
bot.callbackQuery("resource", (context) =>
  draw(
    context,
    "<b>VK</b>\nВыберите регион",
    new InlineKeyboard().text("495", "region:495").text("812", "region:812"),
  ),
)
bot.callbackQuery(/^region:(\d+)$/, (context) => {
  const keyboard = new InlineKeyboard()
  for (const quantity of [1, 2, 3, 4, 5]) keyboard.text(String(quantity), `issue:${quantity}`)
  return draw(context, `<b>VK</b> ${context.match[1]}\nСколько нужно?`, keyboard)
})
bot.callbackQuery(/^issue:(\d)$/, (context) => {
  const item = stock.pop()
  if (item === undefined) return draw(context, "Ничего нет", new InlineKeyboard())
  const { login, password } = item
  held.set(context.callbackQuery.from.id, { login, status: undefined })
  return draw(
    context,
    `Логин: <code>${login}</code>\nПароль: <code>${password}</code>`,
    new InlineKeyboard().text("Хороший", "good").text("Блок", "block"),
  )
})
bot.callbackQuery(["good", "block"], (context) => {
  const item = held.get(context.callbackQuery.from.id)
  if (item !== undefined) item.status ??= context.callbackQuery.data
  return draw(context, `${item?.login ?? ""}: ${item?.status ?? ""}`, new InlineKeyboard())
})

let offset = 0
while (true) {
  const updates = await api.getUpdates({ offset, timeout: 30 })
  for (const update of updates) {
    offset = update.update_id + 1
    void bot.handleUpdate(update).catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`)
    })
  }
}
