/** Messages between the users of the gallery: within this process, or with REDIS_URL over all nodes. */
import { createPubSub } from "@overwire/server";
import { redisPubSub } from "@overwire/server/redis";

const url = process.env["REDIS_URL"];

export const pubsub = url ? redisPubSub({ url, namespace: "gallery" }) : createPubSub();
