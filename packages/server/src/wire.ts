/** `@overwire/server/wire`: the frames between server and client, which the client package has. */

export * from "@overwire/client/wire";
