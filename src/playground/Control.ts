/**
 * The control API, `/sim/…`: what people, sheets, the clock and the network do, said over HTTP.
 *
 * It is for tests and for the page; docs/control-api.md describes it.
 */
import { Layer } from "effect"
import * as Machine from "./control/Machine.ts"
import * as People from "./control/People.ts"
import * as Sheets from "./control/Sheets.ts"

export const routes = Layer.mergeAll(People.routes, Sheets.routes, Machine.routes)
