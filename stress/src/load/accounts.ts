/** The accounts of a load: stock, orders and money have to add up, whatever happened to the nodes. */
import type { Purchase } from "./shopper.ts";
import type { World } from "./world.ts";

export interface Ledger {
  readonly orders: number;
  readonly paid: number;
  readonly declined: number;
  readonly pieces: number;
}

/** @returns the problems, none if all adds up */
export async function audit(
  world: World,
  stockBefore: ReadonlyMap<string, number>,
  shoppers: readonly {
    readonly userId: number;
    readonly purchases: readonly Purchase[];
    readonly submits: number;
  }[],
): Promise<{ ledger: Ledger; problems: string[] }> {
  const problems: string[] = [];
  checkStock(world, stockBefore, problems);
  checkOrders(world, shoppers, problems);
  await checkMoney(world, problems);
  const [[orders, paid, declined, pieces] = []] = world.sql(`
    select count(*), count(*) filter (where status = 'paid'), count(*) filter (where status = 'declined'),
      (select sum(quantity) from order_lines join orders on orders.id = order_id where status in ('pending', 'paid'))
    from orders`);
  return {
    ledger: {
      orders: Number(orders),
      paid: Number(paid),
      declined: Number(declined),
      pieces: Number(pieces),
    },
    problems,
  };
}

function checkStock(world: World, before: ReadonlyMap<string, number>, problems: string[]): void {
  const rows = world.sql(`
    select p.id, p.stock, coalesce(sum(l.quantity) filter (where o.status in ('pending', 'paid', 'shipped')), 0)
    from products p left join order_lines l on l.product_id = p.id left join orders o on o.id = l.order_id
    group by p.id`);
  for (const [id = "", stock, sold] of rows) {
    const expected = before.get(id);
    if (Number(stock) + Number(sold) !== expected)
      problems.push(`product ${id}: ${stock} in stock and ${sold} sold are not ${expected}`);
  }
}

function checkOrders(world: World, shoppers: Parameters<typeof audit>[2], problems: string[]): void {
  const rows = world.sql("select number, user_id, status from orders");
  const orders = new Map(rows.map(([number = "", user, status]) => [number, { user: Number(user), status }]));
  for (const { userId, purchases, submits } of shoppers) {
    for (const { number, isDeclined } of purchases) {
      const order = orders.get(number);
      if (order?.user !== userId) problems.push(`order ${number} of user ${userId} is lost`);
      else if (order.status !== (isDeclined ? "declined" : "paid"))
        problems.push(
          `order ${number} is ${order.status}, and the customer ${isDeclined ? "declined" : "paid"}`,
        );
    }
    const own = [...orders.values()].filter(({ user }) => user === userId).length;
    if (own > submits) problems.push(`user ${userId} sent ${submits} orders and has ${own}`);
  }
  const sums = world.sql(`
    select o.number from orders o join order_lines l on l.order_id = o.id
    group by o.id having sum(l.price * l.quantity) <> o.total`);
  for (const [number] of sums) problems.push(`the total of order ${number} is not that of its lines`);
}

async function checkMoney(world: World, problems: string[]): Promise<void> {
  const charged = new Map((await world.payments()).map((payment) => [payment.id, payment]));
  const rows = world.sql(
    "select o.number, o.status, o.total, p.reference from orders o left join payments p on p.order_id = o.id",
  );
  const paid = new Set<string>();
  for (const [number, status, total, reference = ""] of rows) {
    const payment = charged.get(reference);
    if (status === "paid") paid.add(reference);
    if (status === "paid" && (payment?.status !== "succeeded" || payment.amount !== Number(total)))
      problems.push(`order ${number} is paid, and its payment is ${JSON.stringify(payment)}`);
  }
  for (const { id, order, status } of charged.values())
    if (status === "succeeded" && !paid.has(id))
      problems.push(`${id} was charged for ${order}, which is not paid`);
}
