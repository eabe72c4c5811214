// Vite bundles the prebuilt client that the server serves; Vitest runs every test. Both read the packages from source.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { minifyClient } from "./scripts/minify-client.ts";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** For a test or a hook, in milliseconds. The longest take seconds, and a busy machine takes ten times as long. */
const TEST_TIME = 120_000;

export default defineConfig({
  root: path("."),
  publicDir: false,
  resolve: {
    alias: [
      { find: /^@overwire\/server$/, replacement: path("packages/server/src/index.ts") },
      { find: /^@overwire\/server\/node$/, replacement: path("packages/server/src/node.ts") },
      { find: /^@overwire\/server\/rate-limit$/, replacement: path("packages/server/src/rate-limit.ts") },
      { find: /^@overwire\/server\/redis$/, replacement: path("packages/server/src/redis.ts") },
      { find: /^@overwire\/server\/s3$/, replacement: path("packages/server/src/s3.ts") },
      { find: /^@overwire\/server\/wire$/, replacement: path("packages/server/src/wire.ts") },
      { find: /^@overwire\/client\/channels$/, replacement: path("packages/client/src/channels.ts") },
      { find: /^@overwire\/client\/wire$/, replacement: path("packages/client/src/wire.ts") },
      { find: /^@overwire\/client$/, replacement: path("packages/client/src/index.ts") },
      { find: /^@overwire\/testing\/drizzle$/, replacement: path("packages/testing/src/drizzle.ts") },
      { find: /^@overwire\/testing\/pubsub$/, replacement: path("packages/testing/src/pubsub.ts") },
      { find: /^@overwire\/testing\/vitest$/, replacement: path("packages/testing/src/vitest.ts") },
      { find: /^@overwire\/testing$/, replacement: path("packages/testing/src/index.ts") },
      { find: /^@overwire\/test-support\/(.*)$/, replacement: path("packages/test-support/src/$1.ts") },
    ],
  },
  plugins: [minifyClient(path("packages/client/internal-names.json"))],
  // A build as for a server leaves `import()` as it is; Vite's own way of preloading is as large as a feature.
  ssr: { noExternal: true },
  build: {
    ssr: true,
    outDir: path("packages/server/prebuilt"),
    emptyOutDir: true,
    target: "es2022",
    minify: false,
    sourcemap: true,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: {
        client: path("packages/client/src/prebuilt.ts"),
        // Shares nothing with the page's client, which a page with channels alone does not load.
        channels: path("packages/client/src/channels.ts"),
      },
      // A constant weighs less at its uses than as an export of the file that every page loads.
      optimization: { inlineConst: { mode: "all" } },
      // What not every page needs is a file of its own, which the client loads when one does. A plugin makes them small.
      output: {
        format: "es",
        entryFileNames: "[name]-[hash].js",
        chunkFileNames: "[name]-[hash].js",
        minify: false,
      },
    },
  },
  test: {
    // As long as waits by `vi.waitFor`, which has no option here.
    expect: { poll: { timeout: 20_000, interval: 20 } },
    // Of the store: `npm run coverage`.
    coverage: {
      provider: "v8",
      include: ["examples/store/src/**/*.ts"],
      // Tests run them in processes of their own, which are not measured: start.test.ts and gateway.test.ts.
      exclude: [
        "examples/store/src/server.ts",
        "examples/store/src/migrate.ts",
        "examples/store/src/gateway/server.ts",
      ],
      // A test that fails hides no figures.
      reportOnFailure: true,
      reporter: ["text", "json-summary"],
      reportsDirectory: path(".cache/coverage"),
      thresholds: { statements: 95, branches: 90 },
    },
    setupFiles: [path("packages/test-support/src/patience.ts")],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          environment: "node",
          include: [
            "packages/*/src/**/*.test.ts",
            "examples/src/**/*.test.ts",
            "examples/store/test/**/*.test.ts",
            "bench/src/**/*.test.ts",
            "tests/**/*.test.ts",
            "scripts/**/*.test.mjs",
          ],
          exclude: ["**/*.browser.test.ts"],
          testTimeout: TEST_TIME,
          hookTimeout: TEST_TIME,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          environment: "node",
          include: [
            "{packages/*,examples,bench}/src/**/*.browser.test.ts",
            "examples/store/test/**/*.browser.test.ts",
          ],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: TEST_TIME,
          hookTimeout: TEST_TIME,
        },
      },
      {
        extends: true,
        test: {
          // Measures what an attack costs a server, so nothing runs beside it.
          name: "stress",
          environment: "node",
          include: ["stress/src/**/*.test.ts"],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: TEST_TIME,
          hookTimeout: TEST_TIME,
        },
      },
    ],
  },
});
