/** The desk's first page: the store's figures at a glance. */
import { html, LiveView } from "@overwire/server";
import { deskFrame } from "./desk-frame.ts";

export class Dashboard extends LiveView<"/desk"> {
  render() {
    return deskFrame(this, html`<h1>Dashboard</h1>`);
  }
}
