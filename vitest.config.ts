import { defineConfig } from "vitest/config"
import { BaseSequencer, type TestSpecification } from "vitest/node"

/** What takes longest starts first, so that no worker is left alone with it at the end. */
const longest = [
  "test/page/",
  "test/simulation/kills",
  "test/simulation/midnight",
  "test/simulation/recovery",
  "test/e2e/",
  "test/simulation/",
]

const rankOf = ({ moduleId }: TestSpecification) => {
  const rank = longest.findIndex((part) => moduleId.includes(part))
  return rank < 0 ? longest.length : rank
}

class LongestFirst extends BaseSequencer {
  override async sort(files: Array<TestSpecification>) {
    return files.toSorted((one, other) => rankOf(one) - rankOf(other))
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/e2e/templates.ts",
    // End-to-end tests wait more than they compute.
    maxWorkers: "100%",
    sequence: { sequencer: LongestFirst },
    // Each worker loads src once, by Node itself, which strips the types. No test changes a module.
    isolate: false,
    experimental: { viteModuleRunner: false, nodeLoader: false },
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
})
