/** Products of the API. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import { NotFound } from "@overwire/server";
import { mayModerate } from "../accounts/roles.ts";
import type { ProductDraft } from "../catalogue/drafts.ts";
import type { Product, User } from "../database/schema.ts";
import type { Store } from "../store/store.ts";
import type { ApiEnv } from "./access.ts";
import { API_PATH } from "./document.ts";
import { rangeOf, setLinks } from "./paging.ts";
import { addProduct, changeProduct, changeStock, listProducts, showProduct } from "./product-routes.ts";

const shown = ({ picture: _, createdAt, ...product }: Product) => ({
  ...product,
  createdAt: createdAt.toISOString(),
});

export function products(api: OpenAPIHono<ApiEnv>, { catalogue, audit }: Store): void {
  const productOf = async (slug: string, user: User): Promise<Product> => {
    const product = await catalogue.anyBySlug(slug);
    if (!product || !(product.isListed || mayModerate(user))) throw new NotFound("There is no such product.");
    return product;
  };

  api.openapi(listProducts, async (c) => {
    const { search, category, brand, priceFrom, priceTo, inStock, sort, ...page } = c.req.valid("query");
    const query = { text: search, categories: category, brands: brand, priceFrom, priceTo, inStock, sort };
    const found = { ...query, ...rangeOf(page) };
    const { total, ...facets } = await catalogue.facets(found);
    const products = (await catalogue.find(found)).map(shown);
    setLinks(c, page, total);
    return c.json(
      {
        products,
        facets: { categories: [...facets.categories], brands: [...facets.brands] },
        total,
        ...page,
      },
      200,
    );
  });

  api.openapi(showProduct, async (c) => {
    const product = await productOf(c.req.valid("param").slug, c.get("bearer").user);
    return c.json(shown(product), 200);
  });

  api.openapi(addProduct, async (c) => {
    const { user } = c.get("bearer");
    const product = await catalogue.save(c.req.valid("json"));
    await audit.record(user, "product.added", `product:${product.id}`, { slug: product.slug });
    c.header("location", `${API_PATH}/products/${product.slug}`);
    return c.json(shown(product), 201);
  });

  api.openapi(changeProduct, async (c) => {
    const { user } = c.get("bearer");
    const { id, slug } = await productOf(c.req.valid("param").slug, user);
    // JSON has no undefined.
    const fields = c.req.valid("json") as Partial<ProductDraft>;
    const product = await catalogue.change(id, fields);
    await audit.record(user, "product.changed", `product:${id}`, { slug });
    return c.json(shown(product), 200);
  });

  api.openapi(changeStock, async (c) => {
    const { user } = c.get("bearer");
    const { id, slug } = await productOf(c.req.valid("param").slug, user);
    const { change } = c.req.valid("json");
    const product = await catalogue.changeStock(id, change);
    if (!product) return c.json({ error: "out_of_stock", message: "There are not so many pieces." }, 409);
    await audit.record(user, "product.stock_changed", `product:${id}`, { slug, change });
    return c.json(shown(product), 200);
  });
}
