import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // End-to-end tests wait more than they compute.
    maxWorkers: "100%",
    // Each worker loads src once, by Node itself, which strips the types. No test changes a module.
    isolate: false,
    experimental: { viteModuleRunner: false, nodeLoader: false },
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
})
