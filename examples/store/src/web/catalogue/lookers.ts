/** Tells how many others look at a product. They come and go often: so only this part is rendered, and not the page around it. */
import { html, LiveComponent, presence } from "@overwire/server";
import "../shared/context.ts";

/** Everyone who looks at a product. Nothing is told of them: they are counted. */
const looking = (productId: number) => presence(`product:${productId}`);

/** A part of the product's page: `<${Lookers} id="lookers" productId=${product.id} />`. */
export class Lookers extends LiveComponent<{ readonly productId: number }> {
  others = 0;

  mount() {
    const all = looking(this.props.productId);
    const own = this.#own;
    const present = this.present(all);
    this.track(all, own, {});
    this.subscribe(all, () => {
      this.others = present.size - (present.get(own) ? 1 : 0);
    });
  }

  /** A user is one looker on all devices; a visitor is one in all tabs, by the id of the browser's cart. */
  get #own(): string {
    const { user } = this.context;
    return user ? `user:${user.id}` : `visitor:${this.session.cartId}`;
  }

  render() {
    const { others } = this;
    return html`<p class="hint lookers" role="status">${others > 0 && `${others} ${others === 1 ? "other is" : "others are"} looking at this`}</p>`;
  }
}
