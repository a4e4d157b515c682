import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // End-to-end tests wait more than they compute.
    maxWorkers: "100%",
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
})
