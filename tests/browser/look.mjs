// Looks at pages in a headless browser, at the width of a phone and of a desk, light and dark: nothing scrolls sideways, axe-core
// finds nothing, nothing is logged, everything can be reached by keyboard and is seen to be. Prints a line for each flaw.
//
//   node look.mjs MODULES BASE FOLDER PAGE…     MODULES holds puppeteer-core and axe-core, FOLDER takes pictures; `zh:PAGE` asks for
//   Chinese, `preview:ADDRESS` fills in the form for previews.
import { createRequire } from "node:module";
import { join } from "node:path";

const [modules, base, folder, ...pages] = process.argv.slice(2);
const require = createRequire(join(modules, "anything.js"));
const puppeteer = require("puppeteer-core");
const axe = require.resolve("axe-core/axe.min.js");

// However busy the machine is, milliseconds.
const patience = 300_000;
const browser = await puppeteer.launch({
  timeout: patience,
  protocolTimeout: patience,
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});
let flaws = 0;
const flaw = (where, text) => { flaws += 1; console.log(`${where}: ${text}`); };

for (const asked of pages) {
  const [, kind, address] = asked.match(/^(zh|preview)?:?(.*)$/);
  for (const [width, height] of [[360, 740], [1280, 900]]) {
    for (const scheme of ["light", "dark"]) {
      const where = `${asked} at ${width} px, ${scheme}`;
      const page = await browser.newPage();
      page.setDefaultTimeout(patience);
      page.on("console", (message) => {
        // What a page of strangers would load from elsewhere stays away, as it should.
        const is_kept_out = kind === "preview" && /^Loading the (image|stylesheet|font) 'https?:\/\/elsewhere/.test(message.text());
        if (!is_kept_out) flaw(where, `the console says: ${message.text()}`);
      });
      page.on("pageerror", (error) => flaw(where, `an error: ${error}`));
      await page.setViewport({ width, height });
      await page.emulateMediaFeatures([
        { name: "prefers-color-scheme", value: scheme },
        { name: "prefers-reduced-motion", value: "reduce" },
      ]);
      await page.setExtraHTTPHeaders({ "accept-language": kind === "zh" ? "zh-CN" : "en" });
      const answer = await page.goto(base + (kind === "preview" ? "/preview" : address), { waitUntil: "load" });
      if (![200, 304].includes(answer.status())) flaw(where, `answered ${answer.status()}`);
      if (kind === "preview") {
        await page.type("#address", address);
        await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
        if (!(await page.$(".items li"))) flaw(where, "the preview shows no items");
        if (!(await page.$("iframe.marked"))) flaw(where, "the preview shows no page");
        const frame = page.frames().find((frame) => frame !== page.mainFrame());
        const marks = frame ? await frame.$$eval("[data-feedgen]", (marks) => marks.length) : 0;
        if (!marks) flaw(where, "nothing is marked in the page");
      }
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (wide > 0) flaw(where, `is ${wide} px too wide`);
      await keyboard(page, where);
      const name = asked.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "") || "home";
      await page.screenshot({ path: join(folder, `${name}-${width}-${scheme}.png`), fullPage: true });
      // The policy of the page lets in no script, so its judge comes by another way.
      await page.evaluate(await import("node:fs").then((fs) => fs.readFileSync(axe, "utf8")));
      const found = await page.evaluate(() => window.axe.run(document, { iframes: false }));
      for (const { id, nodes } of found.violations) flaw(where, `axe: ${id}: ${nodes.map((node) => node.html).join(" | ").slice(0, 400)}`);
      await page.close();
    }
  }
}
await browser.close();
process.exit(flaws ? 1 : 0);

// Goes through the page by the tabulator: in the order of the page, and each place is seen to be where one is.
async function keyboard(page, where) {
  const all = await page.evaluate(() => {
    document.activeElement?.blur();
    const stops = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), summary, [tabindex='0'], iframe")];
    stops.forEach((stop, at) => { stop.dataset.stop = at; });
    return stops.length;
  });
  let last = -1;
  for (let step = 0; step < Math.min(all, 25); step += 1) {
    await page.keyboard.press("Tab");
    const here = await page.evaluate(() => {
      const at = document.activeElement;
      const style = getComputedStyle(at);
      const box = at.getBoundingClientRect();
      const seen = box.bottom > 0 && box.top < window.innerHeight && box.width > 0;
      return { stop: Number(at.dataset?.stop ?? -1), outline: parseFloat(style.outlineWidth), seen, name: at.outerHTML.slice(0, 120), frame: at.tagName === "IFRAME" };
    });
    if (here.frame) return;
    if (here.stop !== last + 1) return flaw(where, `the tabulator leads from stop ${last} to ${here.stop}: ${here.name}`);
    if (!here.seen || !(here.outline >= 2)) return flaw(where, `it is not seen that this has the focus: ${here.name}`);
    last = here.stop;
  }
  await page.evaluate(() => { document.activeElement?.blur(); window.scrollTo(0, 0); });
}
