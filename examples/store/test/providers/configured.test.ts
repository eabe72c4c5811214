import { expect, test } from "vitest";
import { configuredProviders } from "../../src/providers/configured.ts";
import { readSettings } from "../../src/settings.ts";

const OIDC = { OIDC_ISSUER: "https://id.example.com", OIDC_CLIENT_ID: "store", OIDC_CLIENT_SECRET: "s" };
const GITHUB = { GITHUB_CLIENT_ID: "store", GITHUB_CLIENT_SECRET: "s" };

const configured = (environment: Record<string, string>) =>
  configuredProviders(readSettings(environment)).map(({ name, title, issuer }) => [name, title, issuer]);

test("providers are those that the settings name", () => {
  expect(configured({})).toEqual([]);
  expect(configured({ ...OIDC, OIDC_NAME: "Example ID", ...GITHUB })).toEqual([
    ["oidc", "Example ID", "https://id.example.com"],
    ["github", "GitHub", "https://github.com"],
  ]);
  const enterprise = { GITHUB_URL: "https://git.example.com/", GITHUB_API: "https://git.example.com/api/v3" };
  expect(configured({ ...GITHUB, ...enterprise })).toEqual([["github", "GitHub", "https://git.example.com"]]);
});

test("a provider without one of its settings stops the start", () => {
  expect(() => readSettings({ ...OIDC, OIDC_CLIENT_SECRET: "" })).toThrow(
    "OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET belong together.",
  );
  expect(() => readSettings({ GITHUB_CLIENT_ID: "store" })).toThrow("belong together");
});

test("a provider is asked over https, or on this machine", () => {
  expect(configured({ ...OIDC, OIDC_ISSUER: "http://localhost:9000" })).toHaveLength(1);
  for (const OIDC_ISSUER of ["http://id.example.com", "ftp://localhost", "id.example.com"])
    expect(() => readSettings({ ...OIDC, OIDC_ISSUER })).toThrow("OIDC_ISSUER");
});
