/**
 * Directories of demos that are ready for a test: what all tests of a kind begin with is done once
 * for each worker, and copied.
 */
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import { inject } from "vitest"
import type { TestProject } from "vitest/node"
import { bundled } from "../../src/bundle.ts"
import { Demo } from "./Demo.ts"
import { hire, ivan, maria } from "./people.ts"

declare module "vitest" {
  export interface ProvidedContext {
    readonly templates: string
  }
}

/** Vitest runs this before the workers start. What it returns runs after they ended. */
export default async ({ provide }: TestProject) => {
  // Once, for all workers.
  await bundled()
  const directory = Path.join(Os.tmpdir(), `account-bot-e2e-templates-${process.pid}`)
  provide("templates", directory)
  return () => Fs.rmSync(directory, { recursive: true, force: true })
}

/**
 * Starts the demo from the directory that `prepare` left for the first one that asked for `name`.
 * The settings of this one do not count in the preparation.
 */
export const startFrom = async (
  name: string,
  demo: Demo,
  prepare: (demo: Demo) => Promise<void>,
): Promise<void> => {
  const template = Path.join(inject("templates"), `${process.pid}-${name}`)
  if (!Fs.existsSync(template)) {
    const first = Demo.here()
    await prepare(first)
    await first.stop("SIGTERM")
    Fs.cpSync(first.directory, template, { recursive: true })
    await first.remove()
  }
  demo.copyFrom(template)
  await demo.start()
}

/** Starts the demo with its first stock taken, and with Ivan and Maria hired. */
export const startStaffed = (demo: Demo) =>
  startFrom("staffed", demo, async (first) => {
    await first.start()
    await hire(first, ivan, "ivan.sales")
    await hire(first, maria, "maria.sales")
  })
