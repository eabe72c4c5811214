// An S3 store in a process of its own, for tests: s3rver, made to refuse what is not signed, and to know of unfinished uploads
// what it does not know by itself: their parts (ListParts), whether they are there, and how to abort them.
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);
const S3rver = require("@20minutes/s3rver");
const authentication = require("@20minutes/s3rver/lib/middleware/authentication.js")();
const cors = require("@20minutes/s3rver/lib/middleware/cors.js")();
const S3Error = require("@20minutes/s3rver/lib/models/error.js");

// Query strings are signed by RFC 3986, which s3rver keeps to for keys only.
const encode = globalThis.encodeURIComponent;
globalThis.encodeURIComponent = (text) =>
  encode(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

const [directory, bucket, corsRules] = process.argv.slice(2);
const store = new S3rver({
  directory,
  port: 0,
  address: "127.0.0.1",
  silent: true,
  vhostBuckets: false,
  configureBuckets: [{ name: bucket, configs: [corsRules] }],
});

// Before the router, which stands last.
store.middleware.splice(-1, 0, async (ctx, next) => {
  if (ctx.method === "OPTIONS") return next();
  const [, bucket, ...key] = ctx.path.split("/").map(decodeURIComponent);
  ctx.params = { bucket, key: key.join("/") };
  await cors(ctx, async () => {
    if (ctx.method === "POST" && ctx.is("multipart/form-data")) return next();
    if (!("authorization" in ctx.headers || "X-Amz-Signature" in ctx.query))
      throw new S3Error("AccessDenied", "Access Denied");
    await authentication(ctx, () => (ctx.query.uploadId === undefined ? next() : unfinished(ctx, next)));
  });
});

async function unfinished(ctx, next) {
  const { bucket, key } = ctx.params;
  const { uploadId, partNumber } = ctx.query;
  const uploadPath = join(directory, bucket, "._S3rver_uploads", uploadId);
  if (!/^[0-9a-f]+$/.test(uploadId) || !existsSync(join(uploadPath, "key")))
    throw new S3Error("NoSuchUpload", "The specified upload does not exist.");
  if (readFileSync(join(uploadPath, "key"), "utf8") !== key)
    throw new S3Error("NoSuchUpload", "The specified upload is of another key.");

  const parts = readdirSync(uploadPath)
    .filter((name) => /^\d+$/.test(name) && existsSync(join(uploadPath, `${name}.md5`)))
    .map((name) => ({
      PartNumber: Number(name),
      ETag: `"${readFileSync(join(uploadPath, `${name}.md5`), "utf8")}"`,
      Size: statSync(join(uploadPath, name)).size,
    }))
    .sort((one, other) => one.PartNumber - other.PartNumber);

  if (ctx.method === "GET") {
    ctx.body = { ListPartsResult: { Key: key, UploadId: uploadId, IsTruncated: false, Part: parts } };
  } else if (ctx.method === "DELETE") {
    rmSync(uploadPath, { recursive: true });
    ctx.status = 204;
  } else if (ctx.method === "POST") {
    // It reads the body itself, and takes any ETag for right: what it joins is looked at here, by what it would join.
    const join = ctx.store.putObjectMultipart;
    ctx.store = Object.create(ctx.store, {
      putObjectMultipart: {
        value(bucket, id, named) {
          for (const { number, etag } of named) {
            const part = parts.find(({ PartNumber }) => PartNumber === number);
            if (part?.ETag !== `"${etag}"`)
              throw new S3Error("InvalidPart", "One or more of the specified parts could not be found.");
            if (number !== named.at(-1).number && part.Size < 5 * 1024 * 1024)
              throw new S3Error("EntityTooSmall", "A part that is not the last is smaller than 5 MiB.");
          }
          return join.call(this, bucket, id, named);
        },
      },
    });
    await next();
  } else {
    // A part that arrives anew is not there until it is whole.
    rmSync(join(uploadPath, `${partNumber}.md5`), { force: true });
    await next();
  }
}

// A test run that is killed closes it.
process.stdin.on("end", () => process.exit()).resume();

const { port } = await store.run();
process.stdout.write(`${port}\n`);
