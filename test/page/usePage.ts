/**
 * What a file of tests of the page holds: one browser, one demo, and pages that must not break.
 *
 * A page that writes an error to its console, or whose request fails, fails the test that opened it.
 */
import axe from "axe-core"
import type { Browser, Page } from "playwright-core"
import { afterAll, afterEach, assert, beforeAll } from "vitest"
import { Demo } from "../e2e/Demo.ts"
import { startStaffed } from "../e2e/templates.ts"
import { launch, type Look, newPage } from "./browser.ts"

/** What a visitor would call broken. */
const watch = (page: Page, faults: Array<string>) => {
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      faults.push(`${message.text()} ${message.location().url}`)
    }
  })
  page.on("pageerror", (error) => faults.push(String(error)))
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText ?? ""
    // The browser itself cuts the requests of a page that it leaves.
    if (reason !== "net::ERR_ABORTED") faults.push(`${request.url()}: ${reason}`)
  })
}

/** Call it once, at the top of the file. */
export const usePage = (
  demo: Demo = Demo.here(),
  start: (demo: Demo) => Promise<void> = startStaffed,
) => {
  let browser: Browser
  const faults: Array<string> = []

  beforeAll(async () => {
    browser = await launch()
    await start(demo)
  })
  afterAll(async () => {
    await browser?.close()
    await demo.remove()
  })
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()))
    assert.deepStrictEqual(faults.splice(0), [], "the page reported errors")
  })

  /** Opens the page and waits until it has shown the world; `view` stands after the # of its address. */
  const open = async (look: Look & { readonly view?: string } = {}): Promise<Page> => {
    const page = await newPage(browser, look)
    watch(page, faults)
    await page.goto(`${demo.address}/${look.view === undefined ? "" : `#${look.view}`}`)
    await page.locator("body[data-shown]").waitFor()
    return page
  }

  /** Takes reports back that match, where a test breaks the connection on purpose. */
  const forgive = (expected: RegExp) => {
    const others = faults.filter((fault) => !expected.test(fault))
    faults.splice(0, faults.length, ...others)
  }

  return { demo, open, forgive }
}

interface Violation {
  readonly id: string
  readonly help: string
  readonly nodes: ReadonlyArray<{ readonly html: string }>
}

/** What axe-core finds wrong with what is on the screen, a line for each element: of all, or of a part. */
export const axeFindings = async (
  page: Page,
  part: { readonly include?: ReadonlyArray<string>; readonly exclude?: ReadonlyArray<string> } = {},
): Promise<ReadonlyArray<string>> => {
  await page.evaluate(axe.source)
  const context = JSON.stringify({ include: ["html"], ...part })
  const violations = await page.evaluate<ReadonlyArray<Violation>>(
    `axe.run(${context}, { resultTypes: ["violations"] }).then(({ violations }) => violations)`,
  )
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 200)}`),
  )
}

/** By how many pixels the page is wider than its window. */
export const overflow = (page: Page) =>
  page.evaluate<number>(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  )
