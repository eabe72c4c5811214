/** `@overwire/testing/pubsub`: what every PubSub has to do, as tests for any runner. */
import type { PubSub } from "@overwire/server";
import { testMessages } from "./pubsub/messages.ts";
import { testNodes } from "./pubsub/nodes.ts";
import { testOutages } from "./pubsub/outages.ts";
import type { PubSubSuite, Runner, Suite } from "./pubsub/suite.ts";
import { testTopics } from "./pubsub/topics.ts";

export type { Outage, PubSubSuite, Runner } from "./pubsub/suite.ts";

/**
 * Tests a PubSub: delivery, order, topics and messages of all kinds; if there are other nodes, the same between them; with an `outage`
 * also the loss of the broker and its return.
 * @param runner functions of the test runner
 * @example
 * import { describe, test } from "vitest";
 * testPubSub({ describe, test }, { make: () => createPubSub({ broker: natsBroker(url) }) });
 */
export function testPubSub(runner: Runner, options: PubSubSuite): void {
  const { make, hasNodes = true } = options;
  const check: Suite["check"] = (name, count, run) =>
    void runner.test(name, async () => {
      const nodes: PubSub[] = [];
      try {
        while (nodes.length < count) nodes.push(await make());
        await run(...nodes);
      } finally {
        await options.outage?.heal();
        await Promise.all(nodes.map((node) => node.close?.()));
      }
    });
  const suite: Suite = { ...options, runner, check };
  testTopics(suite);
  testMessages(suite);
  if (hasNodes) testNodes(suite);
  if (hasNodes && options.outage) testOutages(suite);
}
