// Takes the two pictures of the README: screenshots.mjs FOLDER, with PACKAGE as in page.test.mjs.
//
// Time, time zone and claims are fixed, so that a picture changes only where the page does. Few
// colours make it small.
import assert from 'node:assert/strict';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import jsonwebtoken from 'jsonwebtoken';
import { launch } from './browser.mjs';

const { PACKAGE } = process.env;
const [folder] = process.argv.slice(2);
assert.ok(PACKAGE && folder, 'usage: PACKAGE=… screenshots.mjs FOLDER');
mkdirSync(folder, { recursive: true });
const SECRET = 'supersecretdevkeythatishs256safe!';
const NOW = new Date('2026-06-01T09:30:00Z');
const seconds = NOW.getTime() / 1000;
const MOST_BYTES = 60_000;
const COLOURS = 32;

const browser = await launch();
try {
  const context = await browser.newContext({
    viewport: { width: 960, height: 900 },
    deviceScaleFactor: 1,
    locale: 'en-GB',
    timezoneId: 'UTC',
    colorScheme: 'light',
  });
  const page = await context.newPage();
  await page.clock.setFixedTime(NOW);
  await page.goto(pathToFileURL(join(PACKAGE, 'dist', 'page.html')).href);
  const label = (name) => page.getByLabel(name, { exact: true });
  // The page's own policy forbids it to load an image: another page turns the PNG into WebP.
  const converter = await context.newPage();

  async function take(section, name) {
    const png = (await page.locator(section).screenshot()).toString('base64');
    const webp = await converter.evaluate(
      async ([data, colours]) => {
        const image = new Image();
        image.src = `data:image/png;base64,${data}`;
        await image.decode();
        const canvas = document.createElement('canvas');
        canvas.width = image.naturalWidth;
        canvas.height = image.naturalHeight;
        const context = canvas.getContext('2d');
        context.drawImage(image, 0, 0);
        // The COLOURS that are most frequent stay as they are, the others become the nearest of
        // them.
        const picture = context.getImageData(0, 0, canvas.width, canvas.height);
        const pixels = new Uint32Array(picture.data.buffer);
        const counts = new Map();
        for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
        const palette = [...counts]
          .sort(([a, n], [b, m]) => m - n || a - b)
          .slice(0, colours)
          .map(([pixel]) => pixel);
        const part = (pixel, at) => (pixel >>> (8 * at)) & 255;
        const distance = (a, b) =>
          [0, 1, 2, 3].reduce((sum, at) => sum + (part(a, at) - part(b, at)) ** 2, 0);
        const nearest = new Map(
          [...counts.keys()].map((pixel) => [
            pixel,
            palette.reduce((best, one) => (distance(one, pixel) < distance(best, pixel) ? one : best)),
          ]),
        );
        pixels.forEach((pixel, at) => (pixels[at] = nearest.get(pixel)));
        context.putImageData(picture, 0, 0);
        return canvas.toDataURL('image/webp', 1); // lossless
      },
      [png, COLOURS],
    );
    assert.match(webp, /^data:image\/webp;base64,/);
    const file = join(folder, `${name}.webp`);
    writeFileSync(file, Buffer.from(webp.split(',')[1], 'base64'));
    const { size } = statSync(file);
    console.log(`${file}: ${size} bytes`);
    assert.ok(size < MOST_BYTES, `${file} has more than ${MOST_BYTES} bytes`);
  }

  await label('Secret').fill(SECRET);
  await label('Subject (sub)').fill('ada');
  await label('Roles, separated by commas').fill('admin, billing:read');
  await label('Key id (kid)').fill('2026-06');
  await page.waitForFunction(() => document.querySelector('#signed').value.split('.').length === 3);
  await page.evaluate(() => document.activeElement?.blur());
  await take('#sign', 'sign');

  const expired = { sub: 'ada', roles: ['admin'], iat: seconds - 3600 };
  const token = jsonwebtoken.sign({ ...expired, exp: seconds - 180 }, SECRET);
  await label('Token').fill(`Bearer ${token}`);
  assert.match(await page.locator('#verdict').textContent(), /MJWT_EXPIRED/);
  await page.evaluate(() => document.activeElement?.blur());
  await take('#check', 'check');
} finally {
  await browser.close();
}
