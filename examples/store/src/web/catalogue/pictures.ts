/** Pictures of products: uploaded ones, and drawings of products without one. Their paths change with their content. */
import type { OverwireApp } from "@overwire/server";
import { DRAWINGS_VERSION, draw, drawingOf } from "../../catalogue/drawing.ts";
import type { Product } from "../../database/schema.ts";
import { isPictureName, thumbOf } from "../../pictures/pictures.ts";
import type { Store } from "../../store/store.ts";

const FOR_GOOD = { "cache-control": "public, max-age=31536000, immutable" };
const TYPES: Readonly<Record<string, string>> = { webp: "image/webp", jpg: "image/jpeg", png: "image/png" };

/** @param size a thumb has at most 200 pixels a side, a full picture 800 */
export function pictureOf(
  product: Pick<Product, "name" | "slug" | "picture">,
  size: "thumb" | "full" = "thumb",
): string {
  const { picture } = product;
  if (picture) return `/pictures/${size === "thumb" ? thumbOf(picture) : picture}`;
  const { shape, seed } = drawingOf(product);
  return `/drawings/${DRAWINGS_VERSION}/${shape}-${seed}.svg`;
}

export function pictureHandlers(app: OverwireApp, store: Store): void {
  app.get("/drawings/:version/:file", (c) => {
    const [, shape = "", seed = ""] = /^(\w+)-(\w+)\.svg$/.exec(c.req.param("file")) ?? [];
    const drawing = c.req.param("version") === DRAWINGS_VERSION ? draw({ shape, seed }) : undefined;
    if (drawing === undefined) return c.notFound();
    return c.body(drawing, 200, { ...FOR_GOOD, "content-type": "image/svg+xml; charset=utf-8" });
  });
  app.get("/pictures/:name", async (c) => {
    const name = c.req.param("name");
    const bytes = isPictureName(name) ? await store.services.pictures.read(name) : undefined;
    if (!bytes) return c.notFound();
    const type = TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    return c.body(new Uint8Array(bytes), 200, {
      ...FOR_GOOD,
      "content-type": type,
      "x-content-type-options": "nosniff",
    });
  });
}
