/** The catalogue that comes with the bot: accounts, mail, numbers and proxies. */
import { Schema } from "effect"
import { Catalogue, type Column, type IssuedColumn, type Status } from "./Catalogue.ts"

const green = { red: 0.85, green: 0.94, blue: 0.85 }
const red = { red: 0.96, green: 0.8, blue: 0.8 }
const yellow = { red: 1, green: 0.95, blue: 0.8 }
const orange = { red: 1, green: 0.9, blue: 0.8 }

const quality: ReadonlyArray<Status> = [
  {
    id: "block",
    label: { ru: "Блок", en: "Blocked" },
    spellings: ["заблокирован", "заблокирована", "в блоке", "бан", "забанен"],
    sign: "⛔",
    style: "danger",
    colour: red,
    offersReplacement: true,
    asksWhy: true,
    reasons: [
      { ru: "не входит", en: "login fails" },
      { ru: "бан", en: "banned" },
      { ru: "код не пришёл", en: "no code came" },
    ],
  },
  {
    id: "good",
    label: { ru: "Хороший", en: "Good" },
    spellings: ["хорошая", "хорошо", "ок", "ok", "норм", "валид", "+"],
    sign: "✅",
    style: "success",
    colour: green,
    offersReplacement: false,
  },
  {
    id: "defect",
    label: { ru: "Дефектный", en: "Defective" },
    spellings: ["брак", "дефект", "не работает"],
    sign: "🛠",
    style: "plain",
    colour: yellow,
    offersReplacement: false,
    asksWhy: true,
    reasons: [
      { ru: "неверный пароль", en: "wrong password" },
      { ru: "просит телефон", en: "asks for a phone" },
      { ru: "пустая анкета", en: "empty profile" },
    ],
  },
]

const numberStatuses: ReadonlyArray<Status> = [
  {
    id: "working",
    label: { ru: "Рабочий", en: "Working" },
    meaning: {
      ru: "принимает код и годится.",
      en: "takes the code and works.",
    },
    spellings: ["рабочая", "работает", "ок", "ok", "+"],
    sign: "✅",
    style: "success",
    colour: green,
    offersReplacement: false,
  },
  {
    id: "reset",
    label: { ru: "Сброс", en: "Reset" },
    meaning: {
      ru: "номер больше не наш. Можно взять замену.",
      en: "the number is no longer ours. You can have it replaced.",
    },
    spellings: ["сброшен", "сбросил", "сбросили"],
    sign: "🔄",
    style: "plain",
    colour: orange,
    offersReplacement: true,
    asksWhy: true,
    reasons: [
      { ru: "код не пришёл", en: "no code came" },
      { ru: "номер не активен", en: "number not active" },
    ],
  },
  {
    id: "registered",
    label: { ru: "Зареган", en: "Registered" },
    meaning: {
      ru: "на ресурсе уже есть анкета. Можно взять замену.",
      en: "there is already a profile with it. You can have it replaced.",
    },
    spellings: ["зарегистрирован", "зарегестрирован", "занят", "уже зареган"],
    sign: "⛔",
    style: "danger",
    colour: red,
    offersReplacement: true,
    asksWhy: true,
  },
]

const date: Column = {
  key: "date",
  header: "Дата",
  label: { ru: "Дата", en: "Date" },
  aliases: ["Date"],
  kind: "date",
  required: false,
}
const login: Column = {
  key: "login",
  header: "Логин",
  label: { ru: "Логин", en: "Login" },
  aliases: ["Login", "Почта", "Email", "E-mail"],
  kind: "text",
  required: true,
}
const password: Column = {
  key: "password",
  header: "Пароль",
  label: { ru: "Пароль", en: "Password" },
  aliases: ["Password", "Pass"],
  kind: "secret",
  required: true,
}
const phone: Column = {
  key: "number",
  header: "Номер",
  label: { ru: "Номер", en: "Number" },
  aliases: ["Телефон", "Number", "Phone"],
  kind: "phone",
  required: true,
}

const issuedAt: IssuedColumn = { holds: "issuedAt", header: "Дата выдачи", aliases: [] }
const whoAndWhat: ReadonlyArray<IssuedColumn> = [
  { holds: "region", header: "Регион", aliases: [] },
  { holds: "stage", header: "Сотрудник", aliases: [] },
  { holds: "telegramId", header: "Telegram ID", aliases: [] },
  { holds: "status", header: "Статус", aliases: [] },
  { holds: "markedAt", header: "Отмечено", aliases: [] },
  { holds: "issuanceId", header: "ID", aliases: [] },
  // No shorter name: base tabs often have a «Комментарий» of their own, which travels along.
  { holds: "comment", header: "Комментарий к статусу", aliases: [] },
]
const issuedLogin: ReadonlyArray<IssuedColumn> = [
  issuedAt,
  { holds: "field:login", header: "Логин", aliases: login.aliases },
  { holds: "field:password", header: "Пароль", aliases: password.aliases },
]
const variantColumn: IssuedColumn = { holds: "variant", header: "Пол/Тип", aliases: ["Пол", "Тип"] }

const withLogin = {
  columns: [date, login, password],
  identity: "login",
  targets: [],
  issuedColumns: [...issuedLogin, variantColumn, ...whoAndWhat],
  statuses: quality,
  autoStatus: "good",
}
const oneKind = {
  variants: [],
  variantQuestion: null,
  anyVariant: { ru: "Любой", en: "Any" },
}

export const shippedCatalogue: Catalogue = Schema.decodeSync(Catalogue)({
  resources: [
    {
      id: "vk",
      group: "accounts",
      label: { ru: "VK", en: "VK" },
      names: ["вк", "вконтакте"],
      baseTabs: [{ title: "ВКонтакте", variant: null }],
      issuedTab: "ВКонтакте_Выдано",
      ...withLogin,
      ...oneKind,
    },
    {
      id: "mamba",
      group: "accounts",
      label: { ru: "Mamba", en: "Mamba" },
      names: ["мамба"],
      baseTabs: [
        { title: "Мамба Муж", variant: "male" },
        { title: "Мамба Жен", variant: "female" },
      ],
      issuedTab: "Мамба_Выдано",
      ...withLogin,
      variants: [
        { id: "male", label: { ru: "М", en: "M" }, names: ["муж", "мужской"] },
        { id: "female", label: { ru: "Ж", en: "F" }, names: ["жен", "женский"] },
      ],
      variantQuestion: { ru: "Пол", en: "Gender" },
      anyVariant: { ru: "Любой", en: "Any" },
    },
    {
      id: "ok",
      group: "accounts",
      label: { ru: "OK", en: "OK" },
      names: ["ок", "одноклассники"],
      baseTabs: [{ title: "Одноклассники", variant: null }],
      issuedTab: "Одноклассники_Выдано",
      ...withLogin,
      ...oneKind,
    },
    {
      id: "gmail",
      group: "mail",
      label: { ru: "Gmail", en: "Gmail" },
      names: ["гмейл", "гмаил", "джимейл"],
      baseTabs: [{ title: "Gmail", variant: null }],
      issuedTab: "Gmail_Выдано",
      ...withLogin,
      variants: [
        { id: "gmail", label: { ru: "gmail.com", en: "gmail.com" }, mailDomain: "gmail.com" },
      ],
      variantQuestion: { ru: "Тип", en: "Type" },
      anyVariant: { ru: "Любые", en: "Any" },
    },
    {
      id: "rambler",
      group: "mail",
      label: { ru: "Rambler", en: "Rambler" },
      names: ["рамблер"],
      baseTabs: [{ title: "Rambler", variant: null }],
      issuedTab: "Rambler_Выдано",
      ...withLogin,
      ...oneKind,
    },
    {
      id: "number",
      group: "numbers",
      label: { ru: "Номера", en: "Numbers" },
      names: ["номер", "телефон", "phone"],
      baseTabs: [{ title: "Номера", variant: null }],
      columns: [{ ...date, required: true }, phone],
      identity: "number",
      dayBound: true,
      ...oneKind,
      targets: [
        { id: "beboo", label: { ru: "Beboo", en: "Beboo" } },
        { id: "loloo", label: { ru: "Loloo", en: "Loloo" } },
        { id: "tabor", label: { ru: "Табор", en: "Tabor" } },
      ],
      issuedTab: "Номера_Выдано",
      issuedColumns: [
        issuedAt,
        { holds: "field:number", header: "Номер", aliases: phone.aliases },
        { holds: "field:date", header: "Дата номера", aliases: [] },
        { holds: "targets", header: "Ресурсы", aliases: [] },
        ...whoAndWhat,
      ],
      statuses: numberStatuses,
      autoStatus: "working",
    },
    {
      id: "proxy",
      group: "proxies",
      label: { ru: "Прокси", en: "Proxies" },
      baseTabs: [],
      columns: [
        {
          key: "line",
          header: "Прокси",
          label: { ru: "Прокси", en: "Proxy" },
          aliases: ["Proxy"],
          kind: "secret",
          required: true,
        },
        {
          key: "type",
          header: "Тип",
          label: { ru: "Тип", en: "Type" },
          aliases: ["Type"],
          kind: "text",
          required: true,
        },
        {
          key: "country",
          header: "Страна",
          label: { ru: "Страна", en: "Country" },
          aliases: ["Country"],
          kind: "text",
          required: true,
        },
        {
          key: "until",
          header: "Действует до",
          label: { ru: "Действует до", en: "Works until" },
          aliases: ["Until"],
          kind: "date",
          required: true,
        },
      ],
      identity: "line",
      ...oneKind,
      targets: [
        { id: "vk", label: { ru: "VK", en: "VK" } },
        { id: "mamba", label: { ru: "Mamba", en: "Mamba" } },
        { id: "ok", label: { ru: "OK", en: "OK" } },
        { id: "beboo", label: { ru: "Beboo", en: "Beboo" } },
        { id: "loloo", label: { ru: "Loloo", en: "Loloo" } },
        { id: "tabor", label: { ru: "Табор", en: "Tabor" } },
        { id: "other", label: { ru: "Другое", en: "Other" } },
      ],
      issuedTab: "Прокси",
      issuedColumns: [
        { holds: "field:line", header: "Прокси", aliases: ["Proxy"] },
        { holds: "field:type", header: "Тип", aliases: ["Type"] },
        { holds: "field:country", header: "Страна", aliases: ["Country"] },
        { holds: "field:until", header: "Действует до", aliases: ["Until"] },
        { holds: "targets", header: "Использован для", aliases: [] },
        { holds: "stage", header: "Сотрудник", aliases: [] },
        { holds: "issuanceId", header: "ID", aliases: [] },
      ],
      statuses: [],
      autoStatus: null,
    },
  ],
})
