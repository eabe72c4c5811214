/** A product at the desk: its text and price, its stock as it was counted, and its picture. */
import { readFile } from "node:fs/promises";
import { FieldErrors, html, Link, LiveView, NotFound, path } from "@overwire/server";
import { z } from "zod";
import { productDraft } from "../../catalogue/drafts.ts";
import { StockChanged } from "../../catalogue/errors.ts";
import { productTopic } from "../../catalogue/topics.ts";
import type { Product } from "../../database/schema.ts";
import { UnreadablePicture } from "../../pictures/resize.ts";
import { productPath } from "../catalogue/parts.ts";
import { Field } from "../shared/field.ts";
import { moderator } from "../shared/guards.ts";
import { deskFrame } from "./desk-frame.ts";
import { PictureForm } from "./product-picture.ts";

/** Ids of PostgreSQL's `serial`. */
const productId = z.coerce.number().int().min(1).max(2_147_483_647);
const NONE = "There is no such product.";

/** As it is typed: the price in euros. */
const typedDraft = productDraft.extend({
  price: z
    .string()
    .trim()
    .regex(/^\d{1,6}([.,]\d{1,2})?$/, "is an amount such as 19.99")
    .transform((text) => Math.round(Number(text.replace(",", ".")) * 100))
    .pipe(productDraft.shape.price),
});
const pieces = z.number().int("is a whole number").min(0, "is not negative").max(1_000_000);
/** A count, and the stock that the page showed when the user began to type it. */
const counted = z.object({ stock: pieces, seen: pieces });

export class DeskProduct extends LiveView<"/desk/products/new" | "/desk/products/:id"> {
  /** Undefined as long as it is not saved. */
  product: Product | undefined;
  pictureProblem = "";

  draft = this.form(typedDraft, {
    guard: moderator,
    values: { isListed: true },
    submit: async (draft) => {
      const { catalogue, audit } = this.context.store;
      const product = await catalogue.save(draft, this.product?.id);
      await audit.record(this.context.user, "product.saved", `product:${product.id}`, { name: product.name });
      this.putFlash("info", `${product.name} is saved.`);
      if (!this.product) this.pushNavigate(path("/desk/products/:id", { id: product.id }));
    },
  });

  stock = this.form(counted, {
    guard: moderator,
    submit: async ({ stock, seen }): Promise<void> => {
      if (!this.product) return;
      const { id } = this.product;
      const { catalogue, audit } = this.context.store;
      try {
        this.product = await catalogue.setStock(id, stock, seen);
      } catch (error) {
        if (!(error instanceof StockChanged)) throw error;
        this.stock.assign({ seen: error.stock });
        this.stock.setErrors({ stock: error.message });
        return;
      }
      this.stock.reset({ stock, seen: stock });
      await audit.record(this.context.user, "product.counted", `product:${id}`, { before: seen, stock });
      this.putFlash("info", "The stock is saved.");
    },
  });

  picture = this.allowUpload({ accept: [".jpg", ".jpeg", ".png", ".webp"], maxFileSize: 8_000_000 });

  async mount() {
    if (!("id" in this.params)) {
      this.pageTitle = "New product";
      return;
    }
    const { data: id, success } = productId.safeParse(this.params.id);
    if (!success) throw new NotFound(NONE);
    // Before it is read, so that no change is missed meanwhile.
    this.subscribe(productTopic(id), ({ product }) => {
      this.product = product;
      // A count that is being typed is compared with the stock that it began with.
      if (!this.stock.used("stock")) this.stock.assign({ stock: product.stock, seen: product.stock });
    });
    const product = await this.context.store.catalogue.get(id);
    if (!product) throw new NotFound(NONE);
    this.product = product;
    this.pageTitle = product.name;
    this.draft.assign({ ...product, price: (product.price / 100).toFixed(2) });
    this.stock.assign({ stock: product.stock, seen: product.stock });
  }

  upload = this.event(
    async () => {
      this.pictureProblem = "";
      const { product } = this;
      if (!product) return;
      try {
        await this.picture.consume(async ({ path }) => {
          await this.context.store.catalogue.setPicture(product.id, await readFile(path));
          this.putFlash("info", "The picture is saved.");
        });
      } catch (error) {
        if (!(error instanceof UnreadablePicture)) throw error;
        this.pictureProblem = error.message;
      }
    },
    { guard: moderator },
  );

  cancel = this.event(z.object({ ref: z.string() }), ({ ref }) => {
    if (this.picture.entries.some((entry) => entry.ref === ref)) this.picture.cancel(ref);
  });

  removePicture = this.event(
    async () => {
      if (this.product?.picture) await this.context.store.catalogue.removePicture(this.product.id);
    },
    { guard: moderator },
  );

  render() {
    const { product } = this;
    return deskFrame(
      this,
      html`<div class="stack">
        <p><${Link} navigate="/desk/products">All products<//>${product?.isListed && html`${" · "}<a href=${productPath(product)}>Its page in the store</a>`}</p>
        <h1>${product?.name ?? "New product"}</h1>
        <div class="product-desk">
          <section class="card" aria-label="Product">${this.#draft()}</section>
          ${product && html`<div class="stack"><section class="card" aria-label="Stock">${this.#stock(product)}</section>${this.#picture(product)}</div>`}
        </div>
      </div>`,
    );
  }

  #draft() {
    const { fields, change, submit } = this.draft;
    return html`
      <form id="draft" class="form" phx-change=${change} phx-submit=${submit}>
        <${Field} label="Name" field=${fields.name} />
        <div class="field">
          <label for=${fields.description.id}>Description</label>
          <textarea ...${fields.description.attributes}>${fields.description.value}</textarea>
          <${FieldErrors} field=${fields.description} />
        </div>
        <${Field} label="Category" field=${fields.category} />
        <${Field} label="Brand" field=${fields.brand} />
        <${Field} label="Price in euros" field=${fields.price} />
        <label class="check"><input type="checkbox" ...${fields.isListed.attributes}> Listed in the store</label>
        <button class="primary" phx-disable-with="Saving…">Save</button>
      </form>`;
  }

  #stock({ stock }: Product) {
    const { fields, change, submit } = this.stock;
    return html`
      <form id="stock" class="form" phx-change=${change} phx-submit=${submit}>
        <p role="status">There are <strong>${stock}</strong> pieces now.</p>
        <input type="hidden" ...${fields.seen.attributes}>
        <div class="field">
          <label for=${fields.stock.id}>Pieces that were counted</label>
          <input type="number" min="0" step="1" ...${fields.stock.attributes}>
          <${FieldErrors} field=${fields.stock} />
        </div>
        <button>Set the stock</button>
      </form>`;
  }

  #picture(product: Product) {
    return html`<${PictureForm} product=${product} upload=${this.picture} save=${this.upload}
      cancel=${this.cancel} remove=${this.removePicture} problem=${this.pictureProblem} />`;
  }
}
