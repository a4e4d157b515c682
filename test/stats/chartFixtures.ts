/** Charts of every kind, as plain data. */
import { barColour, type ChartData } from "../../src/stats/Chart.ts"
import { resourceOf } from "./fixtures.ts"

const series = [
  ...resourceOf("mamba").statuses.map(({ label, colour }) => ({
    label: label.ru,
    colour: barColour(colour),
  })),
  { label: "Ждут отметки", colour: "#b8c2cc" },
]

export const byRegion: ChartData = {
  title: "Mamba › Ж › все регионы",
  subtitle: "с 16.11.2026 по 22.11.2026 · все сотрудники",
  direction: "rows",
  series,
  bars: [
    { label: "495", values: [12, 80, 5, 3] },
    { label: "812", values: [4, 41, 0, 0] },
    { label: "Крым & <юг>", values: [0, 7, 1, 0] },
    { label: "оченьдлинныйрегион", values: [0, 1, 0, 0] },
  ],
  nothing: "За это время ничего не выдано",
}

export const byDay: ChartData = {
  ...byRegion,
  direction: "columns",
  bars: Array.from({ length: 30 }, (_, index) => ({
    label: `${String((index % 30) + 1).padStart(2, "0")}.11`,
    values: [index % 4, (index * 7) % 23, index % 3, index > 27 ? 2 : 0],
  })),
}

export const oneDay: ChartData = {
  ...byDay,
  subtitle: "22.11.2026 · мои выдачи",
  bars: [{ label: "22.11", values: [1, 3, 0, 1] }],
}

export const empty: ChartData = { ...byDay, bars: [{ label: "22.11", values: [0, 0, 0, 0] }] }
