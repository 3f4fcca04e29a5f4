/** The report of a benchmark run as a browser shows it. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compareRecords } from '../../src/bench/compare-records.ts';
import { htmlReport } from '../../src/bench/report/html-report.ts';
import { aRecord } from '../bench/a-record.ts';
import { Browser } from '../harness/browser.ts';

const SCREENS = [
	[360, 'light'],
	[375, 'light'],
	[375, 'dark'],
	[1200, 'light'],
	[1200, 'dark'],
] as const;

/** Texts that stick out of their plot, and pairs that cover one another. */
const MISPLACED = `[...document.querySelectorAll('svg')].flatMap((svg) => {
	const box = svg.getBoundingClientRect();
	const texts = [...svg.querySelectorAll('text')].map((text) => [text.textContent, text.getBoundingClientRect()]);
	const outside = texts.filter(([, t]) =>
		t.left < box.left - 1 || t.right > box.right + 1 || t.top < box.top - 1 || t.bottom > box.bottom + 1);
	const covered = texts.flatMap(([text, a], index) => texts.slice(index + 1).filter(([, b]) =>
		Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
		Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4).map(([other]) => text + ' / ' + other));
	return [...outside.map(([text]) => 'outside: ' + text), ...covered];
})`;

/** Texts whose contrast with what lies behind them is under 4.5 to 1 (WCAG 2.2, 1.4.3). */
const FAINT = `(() => {
	const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
	const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
		.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
		.reduce((sum, c, index) => sum + c * [0.2126, 0.7152, 0.0722][index], 0);
	const behind = (element) => {
		if (element.matches('.on-bar')) return channels(getComputedStyle(element.previousElementSibling).fill);
		for (let at = element; at !== null; at = at.parentElement) {
			const found = channels(getComputedStyle(at).backgroundColor);
			if (found[3] !== 0) return found;
		}
	};
	const own = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
	return [...document.body.querySelectorAll('*:not(title):not(desc)')].filter(own).flatMap((element) => {
		const style = getComputedStyle(element);
		const [a, b] = [light(channels(element.closest('svg') ? style.fill : style.color)), light(behind(element))];
		const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		return contrast < 4.5 ? [element.textContent.slice(0, 40) + ' ' + contrast.toFixed(2)] : [];
	});
})()`;

const test = suite<{ folder: string; browser: Browser; url: string }>('bench-report');

test.before(async (context) => {
	context.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'httpfn-report-'));
	const before = aRecord();
	const slower = { 'cold/namespace/bootstrap': 1.2, 'warm/plain/1KB': 1.12, 'memory/': 0.8, 'latency/': 3 };
	const after = aRecord(slower, 0.04);
	const long = 'A measure whose name is much longer than any screen of a telephone is wide, WITH CAPITALS';
	const record = {
		...after,
		measures: after.measures.map((one, index) => (index % 5 === 0 ? { ...one, title: long } : one)),
	};
	const file = path.join(context.folder, 'report.html');
	const comparisons = compareRecords(before, record, 0.05);
	fs.writeFileSync(file, htmlReport({ record, before, comparisons, allowedShare: 0.05 }));
	context.url = pathToFileURL(file).href;
	context.browser = await Browser.open();
});
test.after(async ({ folder, browser }) => {
	await browser[Symbol.asyncDispose]();
	fs.rmSync(folder, { recursive: true });
});

for (const [width, scheme] of SCREENS) {
	test(`B-69: at ${width} pixels, ${scheme}, a report fits, and each text is whole and clear`, async ({
		browser,
		url,
	}) => {
		await show(browser, width, scheme);
		await browser.goTo(url);
		const [content, screen] = await browser.evaluate<[number, number]>(
			'[document.scrollingElement.scrollWidth, window.innerWidth]',
		);
		assert.is(screen, width);
		assert.ok(content <= width, `the page is ${content} wide`);
		assert.ok((await browser.evaluate<number>('document.querySelectorAll("svg text").length')) > 100);
		assert.equal(await browser.evaluate<string[]>(MISPLACED), []);
		assert.equal(await browser.evaluate<string[]>(FAINT), []);
	});
}

test('B-69: dark mode darkens a report', async ({ browser, url }) => {
	const papers: string[] = [];
	for (const scheme of ['light', 'dark'] as const) {
		await show(browser, 375, scheme);
		await browser.goTo(url);
		papers.push(await browser.evaluate('getComputedStyle(document.body).backgroundColor'));
	}
	assert.is.not(papers[0], papers[1]);
});

test('B-69: a report asks the network for nothing and gives the console nothing to say', async ({
	browser,
	url,
}) => {
	browser.events.length = 0;
	await browser.goTo(url);
	const told = browser.events.filter(({ method }) =>
		/^(Log\.entry|Runtime\.(console|exception))/.test(method),
	);
	assert.equal(told, []);
	const requests = browser.events
		.filter(({ method }) => method === 'Network.requestWillBeSent')
		.map(({ params }) => (params as { request: { url: string } }).request.url);
	assert.equal(
		requests.filter((request) => !request.startsWith('data:')),
		[url],
	);
});

function show(browser: Browser, width: number, scheme: 'light' | 'dark'): Promise<unknown> {
	const screen = { width, height: 800, deviceScaleFactor: 1, mobile: width < 500 };
	return Promise.all([
		browser.call('Emulation.setDeviceMetricsOverride', screen),
		browser.call('Emulation.setEmulatedMedia', {
			features: [{ name: 'prefers-color-scheme', value: scheme }],
		}),
	]);
}

test.run();
