ALTER TABLE "cart_lines" ADD COLUMN "price" integer;--> statement-breakpoint
UPDATE "cart_lines" SET "price" = "products"."price" FROM "products" WHERE "products"."id" = "cart_lines"."product_id";--> statement-breakpoint
ALTER TABLE "cart_lines" ALTER COLUMN "price" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "profiles" ADD COLUMN "setup_id" text;--> statement-breakpoint
ALTER TABLE "profiles" ADD COLUMN "payment_skipped" boolean DEFAULT false NOT NULL;
