/**
 * The Russian company of the demo: three people and two spreadsheets.
 *
 * Everything is plainly made up: example.com, numbers of a range that nobody has, gmail names
 * shorter than Gmail allows. The sheets are as untidy as those that people keep.
 */
import type { Ago, Rows, SampleCompany } from "./SampleCompany.ts"

export const russian: SampleCompany = {
  id: "russian",
  title: { ru: "Русская компания", en: "Russian company" },
  language: "ru",
  timezone: "Europe/Moscow",
  // The bot's own catalogue and settings are those of this company.
  settings: {},
  people: [
    { id: 1, firstName: "Ольга", username: "olga_demo", languageCode: "ru" },
    { id: 2, firstName: "Иван", username: "ivan_demo", languageCode: "ru" },
    { id: 3, firstName: "Мария", languageCode: "ru" },
  ],
  accounts: {
    title: "Аккаунты (демо)",
    tabs: (ago) => [
      { title: "ВКонтакте", rows: vk(ago) },
      { title: "Мамба Муж", rows: mambaMen(ago) },
      { title: "Мамба Жен", rows: mambaWomen(ago) },
      { title: "Одноклассники", rows: ok(ago) },
      { title: "Gmail", rows: gmail(ago) },
      { title: "Rambler", rows: rambler(ago) },
      { title: "Номера", rows: numbers(ago) },
    ],
  },
  issued: {
    title: "Выдано (демо)",
    tabs: (ago) => [
      {
        title: "Сводка",
        rows: [["Здесь ведём заметки"], ["Листы «…_Выдано» заполняет бот"]],
      },
      { title: "Прокси", rows: proxies(ago) },
    ],
  },
  scenes: {
    nicknames: { 2: "ivan.sales", 3: "maria.sales" },
    plain: {
      resource: "rambler",
      order: "rambler 495",
      tab: "Rambler",
      issuedTab: "Rambler_Выдано",
      row: (date, n) => [{ date }, `scene${n}@example.com`, `rambler-${n}`],
    },
    daily: {
      resource: "number",
      order: "номер 495 beboo",
      tab: "Номера",
      issuedTab: "Номера_Выдано",
      row: (date, n) => [{ date }, `7900000${2000 + (n % 8000)}`],
    },
    untidy: (date, n) => [
      [{ date }, `scene${n}@example.com`, `rambler-${n}`],
      [{ date }, `scene${n}@example.com`, `rambler-${n}`],
      [],
      [date, ` Scene${n + 1}@Example.com `, "00000777"],
      [{ date }, `scene${n + 2}@example.com`, ""],
      [{ date }, `scene${n + 3}@example.com`, { formula: "=A2+B2" }],
      ["вчера", `scene${n + 4}@example.com`, `rambler-${n + 4}`],
      [{ date }, `scene${n + 5}@example.com`, `rambler-${n + 5}`],
    ],
  },
}

const vk = (ago: Ago): Rows => [
  ["ДАТА", "логин", "Пароль", "Комментарий"],
  [{ date: ago(9) }, "79000000101", "vk-demo-101", "первая партия"],
  [{ date: ago(9) }, "79000000102", "0012345"],
  [ago(9), "79000000103", "vk demo 103", "дата введена текстом"],
  [{ date: ago(8) }, 79000000104, "vk-demo-104", "логин числом"],
  [],
  [{ date: ago(8) }, "vk105@example.com", "=1+1", "такой пароль, это не формула"],
  [{ date: ago(7) }, "vk106@example.com", "vk-demo-106", { formula: '="проверен"' }],
  [{ date: ago(7) }, "79000000101", "vk-demo-101", "повтор первой строки"],
  ["", "vk107@example.com", "vk-demo-107", "без даты"],
  [{ date: ago(5) }, "vk108@example.com", "00000108"],
  [{ date: ago(5) }, "vk109@example.com", "<b>vk&109</b>"],
  [{ date: ago(4) }, "vk110@example.com", "vk-demo-110"],
  [{ date: ago(4) }, "vk111@example.com", "vk-demo-111"],
  [{ date: ago(2) }, "vk112@example.com", "vk-demo-112"],
  [{ date: ago(1) }, "vk113@example.com", "vk-demo-113"],
  [{ date: ago(1) }, "vk114@example.com", "vk-demo-114"],
  ...fresh.map((n): Rows[number] => [{ date: ago(0) }, `vk${n}@example.com`, `vk-demo-${n}`]),
]
/** More than the bot takes at once: some rows are left for people to see and to edit. */
const fresh = Array.from({ length: 32 }, (_, index) => 115 + index)

const mambaMen = (ago: Ago): Rows => [
  ["Дата", "Логин", "Пароль"],
  [{ date: ago(6) }, "m201@example.com", "mamba-201"],
  [{ date: ago(6) }, "m202@example.com", "0202"],
  [ago(5), "m203@example.com", "mamba-203"],
  [],
  [{ date: ago(3) }, "m204@example.com", "mamba-204"],
  [{ date: ago(1) }, "m205@example.com", "mamba-205"],
]

const mambaWomen = (ago: Ago): Rows => [
  ["дата", "Login", "пароль ", "Комментарий"],
  [{ date: ago(6) }, "w301@example.com", "mamba-301", "с фото"],
  [{ date: ago(6) }, "w302@example.com", "mamba-302", "с фото"],
  [{ date: ago(4) }, " w303@example.com ", "mamba-303", "с пробелами"],
  [{ date: ago(2) }, "w304@example.com", "00000304"],
  [{ date: ago(1) }, "w305@example.com", "mamba-305"],
]

const ok = (ago: Ago): Rows => [
  ["Дата", "Логин", "Пароль", "Комментарий"],
  [{ date: ago(7) }, "79000000401", "ok-demo-401"],
  [{ date: ago(7) }, "79000000402", "", "пароль обещали прислать"],
  [{ date: ago(3) }, "79000000403", "0403"],
  [{ date: ago(3) }, "79000000404", "ok-demo-404"],
  [{ date: ago(1) }, "79000000405", "ok-demo-405"],
]

const gmail = (ago: Ago): Rows => [
  ["Дата", "Почта", "Пароль", "Резервная почта"],
  [{ date: ago(6) }, "demo1@gmail.com", "gmail-501", "backup1@example.com"],
  [{ date: ago(6) }, "demo2@gmail.com", "gmail-502", "backup2@example.com"],
  [{ date: ago(4) }, "demo3@example.com", "gmail-503"],
  [ago(4), "Demo4@Gmail.com", "0504"],
  [{ date: ago(2) }, "demo5@example.com", "gmail-505"],
  [{ date: ago(1) }, "demo6@gmail.com", "gmail-506"],
]

const rambler = (ago: Ago): Rows => [
  ["Дата", "E-mail", "Пароль"],
  [{ date: ago(5) }, "rambler1@example.com", "rambler-601"],
  [{ date: ago(5) }, "rambler2@example.com", "000602"],
  [{ date: ago(2) }, "rambler3@example.com", "rambler-603"],
  [{ date: ago(1) }, "rambler4@example.com", "rambler-604"],
]

const numbers = (ago: Ago): Rows => [
  ["Дата", "Номер", "Комментарий"],
  [{ date: ago(2) }, "79000001001", "позавчерашний"],
  [{ date: ago(1) }, "79000001002"],
  [{ date: ago(0) }, "79000001003"],
  [{ date: ago(0) }, 79000001004, "числом"],
  [ago(0), "+7 900 000-10-05", "дата введена текстом"],
  [],
  [{ date: ago(0) }, "8 (900) 000-10-06"],
  ["вчера", "79000001007", "дату не разобрать"],
  [{ date: ago(0) }, "79000001008"],
  [{ date: ago(0) }, "79000001009"],
]

const proxies = (ago: Ago): Rows => [
  ["Прокси", "Тип", "Страна", "Действует до", "Использован для", "Сотрудник", "ID", "Заметка"],
  ["192.0.2.11:8000:demo:proxy-701", "HTTP", "RU", { date: ago(-20) }],
  ["192.0.2.12:8000:demo:a:b::c", "socks5", "Россия", ago(-1), "", "", "", "двоеточия в пароле"],
  ["198.51.100.21:3128:demo:0703", "HTTP", "США", { date: ago(-14) }, "VK"],
  [],
  ["proxy.example.com:1080", "SOCKS5", "de", { date: ago(-30) }, "", "", "", "без логина"],
  ["[2001:db8::1]:1080:demo:=1+1", "socks", "Germany", { date: ago(1) }, "", "", "", "кончился"],
  ["198.51.100.22:3128:demo:proxy-706", "HTTP", "US", "скоро", "", "", "", "дату не разобрать"],
]
