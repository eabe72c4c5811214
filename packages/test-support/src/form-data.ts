/** Form data of happy-dom's windows as browsers have it. */
export { mendFormData } from "../../testing/src/forms/form-data.ts";
